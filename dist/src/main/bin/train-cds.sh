#!/usr/bin/env bash
# Makes the class data archives that let processes start faster. Run by the image build, and by the
# first start of a daemon, in the background.
#   train-cds.sh [--if-missing]
# It runs one JVM with a small cluster on the loopback interface and a short job, about 15 s. The
# archives go to SLUICE_CDS_DIR, by default cds/ of the distribution; older ones are removed.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

directory=${SLUICE_CDS_DIR:-$FLINK_HOME/cds}
launch_require_writable "$directory" SLUICE_CDS_DIR

# One training at a time; whoever comes second finds the work done.
exec 6<"$directory"
flock 6
work=$(mktemp -d "$directory/training-XXXXXX")
# A training that was killed left its directory behind: no other one runs now.
find "$directory" -mindepth 1 -maxdepth 1 -name 'training-*' ! -path "$work" -exec rm -rf {} +
child=
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The archives must not depend on what is configured here, agents and ports of the JVM included, and nothing is to be bound but loopback.
mkdir "$work/conf" "$work/tmp"
: >"$work/conf/config.yaml"
cp "$FLINK_CONF_DIR"/log4j-c*.properties "$work/conf/" 2>/dev/null || true
# But for the JDK: an archive fits one.
[ -f "$FLINK_CONF_DIR/config.yaml" ] && java_home=$(launch_configured_java_home)
JAVA_HOME=${java_home:-${JAVA_HOME:-}}
FLINK_CONF_DIR=$work/conf
unset JVM_ARGS FLINK_ENV_JAVA_OPTS FLINK_ENV_JAVA_OPTS_CLI
launch_plan client

# train ARCHIVE CLASS_PATH JVM_ARGUMENT ... MAIN_CLASS ARGUMENT ...
train() {
  local name=$1 class_path=$2 prefix file
  shift 2
  prefix=$(launch_archive_prefix "$name" "$class_path")
  if [ "$if_missing" = --if-missing ] && [ -n "$(launch_archive_file "$name" "$class_path")" ]; then
    return 0
  fi
  # In the foreground: a group of its own would outlive one that is killed.
  timeout --foreground --kill-after 10 180 "$JAVA_RUN" "-XX:ArchiveClassesAtExit=$work/$name.jsa" -Xlog:cds=error,cds+dynamic=error \
    "-Djava.io.tmpdir=$work/tmp" -cp "$class_path" "$@" >"$work/$name.out" 2>&1 9>&- &
  child=$!
  if ! wait "$child" || [ ! -f "$work/$name.jsa" ]; then
    # Without the messages of the shutdown that followed.
    grep -v ' INFO ' "$work/$name.out" | tail -n 40 >&2
    # So that not every start of a daemon tries again.
    touch "$prefix.failed"
    fail "Cannot make the class data archive '$name': see above. Everything works without it, but starts slower."
  fi
  child=
  find "$directory" -maxdepth 1 -type f -name "$name-*" -delete
  file=$prefix-$(stat -c %s "$work/$name.jsa").jsa
  mv "$work/$name.jsa" "$file"
  echo "Made $file ($(du -m "$file" | cut -f1) MB)."
}

if_missing=${1:-}
train launcher "$(launch_planner_class_path)" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
  io.sluice.runtime.launch.LaunchPlanner taskmanager --configDir "$work/conf" \
  -D taskmanager.memory.process.size=1728m
train processes "$(launch_process_jars)" "${plan_jvm_args[@]}" -Xmx512m \
  "-Dlog4j.configurationFile=file:$work/conf/log4j-console.properties" "-Dlog.file=$work/tmp/log" \
  io.sluice.runtime.launch.StartupTraining "$work/tmp" "$FLINK_HOME/examples"
