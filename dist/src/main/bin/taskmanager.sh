#!/usr/bin/env bash
# Starts and stops a TaskManager.
#   taskmanager.sh start|start-foreground [-Dkey=value ...]
#   taskmanager.sh stop|stop-all
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

action=${1:-}
shift || true
launch_service taskmanager taskexecutor "$action" "$@"
