#!/usr/bin/env bash
# The entry point of the image, with the commands and variables of Flink's official images.
#   jobmanager | taskmanager | standalone-job | history-server | sql-gateway [ARGUMENT ...]
#   anything else is run as it is: that is how Flink's own Kubernetes client calls it.
# Variables of these commands:
#   FLINK_PROPERTIES                     lines 'key: value' that are added to the configuration
#   JOB_MANAGER_RPC_ADDRESS              the JobManager's host; by default this one, or what a
#                                        mounted, read-only configuration says
#   TASK_MANAGER_NUMBER_OF_TASK_SLOTS    by default what the configuration says
# Of every command:
#   ENABLE_BUILT_IN_PLUGINS              jars of opt/, separated by ';', that become plugins
#   DISABLE_JEMALLOC=true                glibc's allocator, which wastes memory under RocksDB
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"
set -e
export PATH="$FLINK_BIN_DIR:$PATH"

trim() {
  local text=$1
  text=${text#"${text%%[![:space:]]*}"}
  echo "${text%"${text##*[![:space:]]}"}"
}

# Adds -D arguments to the configuration: in place where it may be written, else in a copy, because
# a mounted one is read-only.
add_to_configuration() {
  local config copy
  launch_find_java
  config=$("$JAVA_RUN" -XX:TieredStopAtLevel=1 -cp "$(launch_planner_class_path)" \
    org.apache.flink.runtime.util.bash.BashJavaUtils UPDATE_AND_GET_FLINK_CONFIGURATION \
    --configDir "$FLINK_CONF_DIR" "$@" | sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p')
  [ -n "$config" ] || fail "Cannot add FLINK_PROPERTIES to the configuration: see above."
  if [ ! -w "$FLINK_CONF_DIR/config.yaml" ]; then
    copy=$(mktemp -d)
    cp -rL "$FLINK_CONF_DIR"/* "$copy/"
    chmod -R u+w "$copy"
    export FLINK_CONF_DIR=$copy
  fi
  echo "$config" >"$FLINK_CONF_DIR/config.yaml"
}

configure() {
  local arguments=() line
  launch_require_configuration
  # A mounted configuration was written for this cluster; only the image's own knows no addresses.
  if [ -n "${JOB_MANAGER_RPC_ADDRESS:-}" ] || [ -w "$FLINK_CONF_DIR/config.yaml" ]; then
    arguments+=(-D "jobmanager.rpc.address=${JOB_MANAGER_RPC_ADDRESS:-$(hostname)}"
      -D blob.server.port=6124 -D query.server.port=6125)
  fi
  if [ -n "${TASK_MANAGER_NUMBER_OF_TASK_SLOTS:-}" ]; then
    arguments+=(-D "taskmanager.numberOfTaskSlots=$TASK_MANAGER_NUMBER_OF_TASK_SLOTS")
  fi
  while read -r line; do
    case $line in
      '' | '#'*) ;;
      *:*) arguments+=(-D "$(trim "${line%%:*}")=$(trim "${line#*:}")") ;;
      *) fail "FLINK_PROPERTIES has a line without a colon: '$line'. Write 'key: value'." ;;
    esac
  done <<<"${FLINK_PROPERTIES:-}"
  [ ${#arguments[@]} = 0 ] || add_to_configuration "${arguments[@]}"
}

enable_plugins() {
  local jar plugin jars
  IFS=';' read -ra jars <<<"${ENABLE_BUILT_IN_PLUGINS:-}"
  for jar in "${jars[@]}"; do
    [ -f "$FLINK_OPT_DIR/$jar" ] || fail "ENABLE_BUILT_IN_PLUGINS names $jar, but $FLINK_OPT_DIR holds" \
      "$(cd "$FLINK_OPT_DIR" && echo *.jar). Name one of these."
    plugin=$FLINK_PLUGINS_DIR/${jar%.jar}
    mkdir -p "$plugin"
    ln -sf "$FLINK_OPT_DIR/$jar" "$plugin/$jar"
  done
}

use_jemalloc() {
  local library
  library=/usr/lib/$(uname -m)-linux-gnu/libjemalloc.so.2
  if [ "${DISABLE_JEMALLOC:-false}" != true ] && [ -f "$library" ]; then
    export LD_PRELOAD="${LD_PRELOAD:+$LD_PRELOAD:}$library"
  fi
}

# run_service SCRIPT [ARGUMENT ...]
run_service() {
  local script=$1
  shift
  configure
  exec "$script" start-foreground "$@"
}

enable_plugins
use_jemalloc
case ${1:-help} in
  jobmanager) shift && run_service jobmanager.sh "$@" ;;
  taskmanager) shift && run_service taskmanager.sh "$@" ;;
  standalone-job) shift && run_service standalone-job.sh "$@" ;;
  history-server) shift && run_service historyserver.sh "$@" ;;
  sql-gateway) shift && run_service sql-gateway.sh "$@" ;;
  help)
    echo "Usage: docker-entrypoint.sh jobmanager|taskmanager|standalone-job|history-server|sql-gateway|help|COMMAND [ARGUMENT ...]"
    ;;
  *) exec "$@" ;;
esac
