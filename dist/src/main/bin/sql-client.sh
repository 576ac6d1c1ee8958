#!/usr/bin/env bash
# The SQL client; 'sql-client.sh --help' lists the arguments.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/launch.sh"

launch_plan sql-client
sql_jars=$(launch_sql_jars) || exit 1
launch_client sql-client log4j-cli "$sql_jars" "$@"
