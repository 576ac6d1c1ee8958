#!/usr/bin/env bash
# The entry point of the image, with the commands and variables of Flink's official images.
#   jobmanager | taskmanager | standalone-job | history-server | sql-gateway [ARGUMENT ...]
#   anything else is run as it is: that is how Flink's own Kubernetes client calls it.
# Variables of these commands:
#   FLINK_PROPERTIES                     lines 'key: value' that are added to the configuration
#   JOB_MANAGER_RPC_ADDRESS              the JobManager's host; by default this one
#   TASK_MANAGER_NUMBER_OF_TASK_SLOTS    by default what the configuration says
#   ENABLE_BUILT_IN_PLUGINS              jars of opt/, separated by ';', that become plugins
# Of every command:
#   DISABLE_JEMALLOC=true                glibc's allocator, which wastes memory under RocksDB
set -eu

home=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
export PATH="$home/bin:$PATH"

fail() {
  echo "$*" >&2
  exit 1
}

trim() {
  local text=$1
  text=${text#"${text%%[![:space:]]*}"}
  echo "${text%"${text##*[![:space:]]}"}"
}

# Adds -D arguments to the configuration: in place where it may be written, else in a copy, because
# a mounted one is read-only.
add_to_configuration() {
  local conf=${FLINK_CONF_DIR:-$home/conf} config
  [ -f "$conf/config.yaml" ] || fail "Cannot read the configuration: $conf/config.yaml does not" \
    "exist. Set FLINK_CONF_DIR to the directory that holds it."
  config=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:TieredStopAtLevel=1 -cp "$home/lib/*" \
    org.apache.flink.runtime.util.bash.BashJavaUtils UPDATE_AND_GET_FLINK_CONFIGURATION \
    --configDir "$conf" "$@" | sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p')
  [ -n "$config" ] || fail "Cannot add FLINK_PROPERTIES to the configuration: see above."
  if [ ! -w "$conf/config.yaml" ]; then
    local copy
    copy=$(mktemp -d)
    cp -L "$conf"/* "$copy/"
    chmod u+w "$copy"/*
    conf=$copy
    export FLINK_CONF_DIR=$conf
  fi
  echo "$config" >"$conf/config.yaml"
}

configure() {
  local arguments=(-D "jobmanager.rpc.address=${JOB_MANAGER_RPC_ADDRESS:-$(hostname)}"
    -D blob.server.port=6124 -D query.server.port=6125) line
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
  add_to_configuration "${arguments[@]}"
}

enable_plugins() {
  local jar plugin jars
  IFS=';' read -ra jars <<<"${ENABLE_BUILT_IN_PLUGINS:-}"
  for jar in "${jars[@]}"; do
    [ -f "$home/opt/$jar" ] || fail "ENABLE_BUILT_IN_PLUGINS names $jar, but $home/opt holds" \
      "$(cd "$home/opt" && echo *.jar). Name one of these."
    plugin=$home/plugins/${jar%.jar}
    mkdir -p "$plugin"
    ln -sf "$home/opt/$jar" "$plugin/$jar"
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
  enable_plugins
  configure
  exec "$script" start-foreground "$@"
}

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
