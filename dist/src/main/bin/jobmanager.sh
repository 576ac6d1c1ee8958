#!/usr/bin/env bash
# Starts and stops a JobManager with a session cluster.
#   jobmanager.sh start|start-foreground [HOST [REST_PORT]] [-Dkey=value ...]
#   jobmanager.sh stop|stop-all
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

arguments=()
action=${1:-}
shift || true
if [ -n "${1:-}" ] && [ "${1#-}" = "$1" ]; then
  arguments+=(-D "jobmanager.rpc.address=$1")
  shift
  if [ -n "${1:-}" ] && [ "${1#-}" = "$1" ]; then
    arguments+=(-D "rest.port=$1")
    shift
  fi
fi
launch_service jobmanager standalonesession "$action" "${arguments[@]}" "$@"
