#!/usr/bin/env bash
# Starts the JobManager here (with high availability: those of conf/masters) and the TaskManagers of
# conf/workers.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

launch_plan client
echo "Starting cluster."
if [ "$plan_high_availability" = true ]; then
  launch_on_each masters jobmanager.sh start || exit 1
else
  "$FLINK_BIN_DIR/jobmanager.sh" start || exit 1
fi
launch_on_each workers taskmanager.sh start
