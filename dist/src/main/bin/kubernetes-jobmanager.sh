#!/usr/bin/env bash
# The JobManager inside a pod; the arguments come from Flink's own Kubernetes client.
#   kubernetes-jobmanager.sh kubernetes-session|kubernetes-application [-Dkey=value ...]
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

kind=${1:-}
case $kind in
  kubernetes-session | kubernetes-application) shift ;;
  *) fail "Usage: kubernetes-jobmanager.sh kubernetes-session|kubernetes-application [-Dkey=value ...]" ;;
esac
launch_plan "$kind" "$@"
launch_foreground "$kind" "" "${plan_program_args[@]}" "$@"
