#!/usr/bin/env bash
# The TaskManager inside a pod; the arguments come from Flink's own Kubernetes resource manager.
# Its memory is in the variable FLINK_TM_JVM_MEM_OPTS and in the arguments.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

launch_plan kubernetes-taskmanager "$@"
# Flink's arguments say everything but this, which the TaskManager needs.
launch_foreground kubernetes-taskmanager "" --configDir "$FLINK_CONF_DIR" "$@"
