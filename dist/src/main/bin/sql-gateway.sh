#!/usr/bin/env bash
# Starts and stops the SQL gateway.
#   sql-gateway.sh start|start-foreground [-Dkey=value ...]
#   sql-gateway.sh stop|stop-all
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

action=${1:-}
shift || true
launch_extra_class_path=$(launch_sql_jars) || exit 1
launch_service sql-gateway sql-gateway "$action" "$@"
