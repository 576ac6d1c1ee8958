#!/usr/bin/env bash
# Stops what start-cluster.sh started.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

launch_plan client
failed=0
launch_on_each workers taskmanager.sh stop || failed=1
if [ "$plan_high_availability" = true ]; then
  launch_on_each masters jobmanager.sh stop || failed=1
else
  "$FLINK_BIN_DIR/jobmanager.sh" stop || failed=1
fi
exit "$failed"
