#!/usr/bin/env bash
# Starts a session cluster on Kubernetes with Flink's own integration, and attaches to it.
#   kubernetes-session.sh -Dkubernetes.cluster-id=NAME [-Dkey=value ...]
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

launch_plan kubernetes-client
launch_client k8s-session log4j-session "" "$@"
