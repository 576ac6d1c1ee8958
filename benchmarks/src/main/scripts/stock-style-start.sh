#!/usr/bin/env bash
# Starts a process of Flink in the foreground the way stock Flink's scripts do: the baseline of the
# startup benchmark. Written for it; no line of Flink's scripts is in here.
#   stock-style-start.sh lean|full jobmanager|taskmanager LIB_DIR LOADER_JAR [-Dkey=value ...]
# LIB_DIR is lib/ of the distribution, LOADER_JAR the flink-rpc-akka-loader jar.
#
# What a start of stock Flink is: one JVM reads the configuration, a second one reads it again and
# plans the memory, the third is the process, with the JVM's own class data archive and with Pekko
# in a jar within a jar, which it extracts. Left out, because it costs stock Flink a little more and
# does not belong to the question: the pid file, its lock, and some hundred short programs that pick
# values out of the configuration.
#   lean  just that
#   full  also what stock Flink's scripts do twice: flink-console.sh reads the configuration once more
#         than taskmanager.sh, and a JVM is asked for its version
set -u

fail() {
  echo "$*" >&2
  exit 1
}

[ $# -ge 4 ] || fail "Usage: ${0##*/} lean|full jobmanager|taskmanager LIB_DIR LOADER_JAR [-Dkey=value ...]"
variant=$1 process=$2 FLINK_LIB_DIR=$3 loader=$4
shift 4
scripts=$(dirname "$(readlink -f "$0")")
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

FLINK_HOME=$(dirname "$FLINK_LIB_DIR")
FLINK_PLUGINS_DIR=$FLINK_HOME/plugins FLINK_OPT_DIR=$FLINK_HOME/opt FLINK_BIN_DIR=$FLINK_HOME/bin
export FLINK_HOME FLINK_LIB_DIR FLINK_PLUGINS_DIR FLINK_OPT_DIR FLINK_BIN_DIR

case $process in
  jobmanager)
    name=standalonesession command=GET_JM_RESOURCE_PARAMS
    main_class=org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint
    ;;
  taskmanager)
    name=taskexecutor command=GET_TM_RESOURCE_PARAMS
    main_class=org.apache.flink.runtime.taskexecutor.TaskManagerRunner
    ;;
  *) fail "There is no process '$process'. Valid are: jobmanager, taskmanager." ;;
esac

# Stock Flink's is bash-java-utils.jar, which brings log4j, and flink-dist: all classes in one jar.
# Here the jars that hold what the helper needs of it, and no other.
helper_class_path() {
  local IFS=: jars=("$FLINK_LIB_DIR"/{flink-runtime-2,flink-core-2,flink-core-api,flink-annotations,flink-shaded-jackson,flink-shaded-guava,snakeyaml-engine,commons-cli,slf4j-api,log4j-api,log4j-core,log4j-slf4j-impl}*.jar)
  echo "${jars[*]}"
}
helper_class_path=$(helper_class_path)

# helper COMMAND ARGUMENT ...: prints what the helper answers, without its log.
helper() {
  local output
  output=$("$java" "-Dlog4j.configurationFile=file:$scripts/stock-style-log4j.properties" \
    -classpath "$helper_class_path" org.apache.flink.runtime.util.bash.BashJavaUtils \
    "$1" --configDir "$FLINK_CONF_DIR" "${@:2}" 2>&1) || fail "BashJavaUtils $1 failed: $output"
  sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p' <<<"$output"
}

# Sets what the scripts take from the configuration. An environment variable wins.
read_configuration() {
  local key value
  ROOT_LOG_LEVEL=${ROOT_LOG_LEVEL:-INFO} MAX_LOG_FILE_NUMBER=${MAX_LOG_FILE_NUMBER:-10}
  while IFS=: read -r key value; do
    value=${value# }
    case $key in
      env.log.dir) FLINK_LOG_DIR=${FLINK_LOG_DIR:-$value} ;;
      env.log.level) ROOT_LOG_LEVEL=$value ;;
      env.log.max) MAX_LOG_FILE_NUMBER=$value ;;
    esac
  done <<<"$1"
  export ROOT_LOG_LEVEL MAX_LOG_FILE_NUMBER
}

configuration=$(helper UPDATE_AND_GET_FLINK_CONFIGURATION -flatten) || exit 1
read_configuration "$configuration"
if [ "$variant" = full ]; then
  "$java" -XshowSettings:properties 2>&1 | grep -q 'java.specification.version'
fi

parameters=$(helper "$command" "$@") || exit 1
{
  read -ra memory_args
  read -ra program_args
} <<<"$parameters"
[ "${#memory_args[@]}" -gt 0 ] || fail "BashJavaUtils $command planned no memory: '$parameters'."

if [ "$variant" = full ]; then
  configuration=$(helper UPDATE_AND_GET_FLINK_CONFIGURATION -flatten) || exit 1
  read_configuration "$configuration"
fi

# The same as in the launcher of the distribution; stock Flink has them in its config.yaml.
jvm_args=(-XX:+IgnoreUnrecognizedVMOptions)
for package in java.rmi/sun.rmi.registry java.security.jgss/sun.security.krb5 \
  jdk.management/com.sun.management.internal; do
  jvm_args+=("--add-exports=$package=ALL-UNNAMED")
done
for package in java.lang java.lang.reflect java.io java.net java.nio java.math java.text java.time \
  java.util java.util.concurrent java.util.concurrent.atomic java.util.concurrent.locks sun.nio.ch; do
  jvm_args+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
if [ "$process" = taskmanager ]; then
  jvm_args+=(-XX:+UseG1GC)
fi

# lib/ as it is in stock Flink: with Flink's own loader of the RPC system in the place of ours.
process_class_path() {
  local LC_ALL=C IFS=: jar jars=()
  for jar in "$FLINK_LIB_DIR"/*.jar; do
    case ${jar##*/} in
      flink-runtime-ext-*) jars+=("$loader") ;;
      *) jars+=("$jar") ;;
    esac
  done
  echo "${jars[*]}"
}

log=$FLINK_LOG_DIR/flink-$name-stock-style
# The temporary directory is the JVM's default in stock Flink; here the benchmark's.
exec "$java" "${jvm_args[@]}" "${memory_args[@]}" \
  "-Dlog.file=$log.log" \
  "-Dlog4j.configuration=file:$FLINK_CONF_DIR/log4j-console.properties" \
  "-Dlog4j.configurationFile=file:$FLINK_CONF_DIR/log4j-console.properties" \
  "-Dlogback.configurationFile=file:$FLINK_CONF_DIR/logback-console.xml" \
  "-Djava.io.tmpdir=$TMPDIR" \
  -classpath "$(process_class_path)" "$main_class" --configDir "$FLINK_CONF_DIR" "${program_args[@]}" "$@"
