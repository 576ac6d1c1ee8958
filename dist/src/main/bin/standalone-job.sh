#!/usr/bin/env bash
# Starts and stops a JobManager that runs one application, from usrlib/ or the jars given.
#   standalone-job.sh start|start-foreground [--job-classname CLASS] [--jars JARS] [--job-id ID]
#       [--fromSavepoint PATH [--allowNonRestoredState]] [-Dkey=value ...] [ARGUMENT ...]
#   standalone-job.sh stop|stop-all
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

action=${1:-}
shift || true
launch_service standalone-job standalonejob "$action" "$@"
