#!/usr/bin/env bash
# The SQL client; 'sql-client.sh --help' lists the arguments.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

launch_plan sql-client
launch_client log4j-cli "$(launch_sql_jars)" "$@"
