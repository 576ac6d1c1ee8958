#!/usr/bin/env bash
# Starts and stops the history server.
#   historyserver.sh start|start-foreground|stop
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

action=${1:-}
shift || true
[ $# -eq 0 ] || fail "The history server takes no further arguments, but got: $*." \
  "Set its options in $FLINK_CONF_DIR/config.yaml."
launch_service historyserver historyserver "$action"
