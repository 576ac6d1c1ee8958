# shellcheck shell=bash
# What all scripts of this folder share: the environment, the launch plan, the start of a JVM in the
# foreground or as a daemon, and the stop. Sourced, never run.
#
# A script calls launch_plan, which runs one short JVM (io.sluice.runtime.launch.LaunchPlanner) and
# leaves the variables plan_*, and then launch_foreground or launch_daemon. launch_* are for the
# scripts; names that start with an underscore are for this file.

set -u

# Prints one line on standard error and ends the script.
fail() {
  echo "$*" >&2
  exit 1
}

# --------------------------------------------------------------------------- environment

# Sets and exports the directories, under the names that Flink itself and its users know.
_init_environment() {
  local bin
  bin=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
  FLINK_BIN_DIR=$bin
  FLINK_HOME=$(dirname "$bin")
  FLINK_LIB_DIR=${FLINK_LIB_DIR:-$FLINK_HOME/lib}
  FLINK_OPT_DIR=${FLINK_OPT_DIR:-$FLINK_HOME/opt}
  FLINK_PLUGINS_DIR=${FLINK_PLUGINS_DIR:-$FLINK_HOME/plugins}
  FLINK_CONF_DIR=${FLINK_CONF_DIR:-$FLINK_HOME/conf}
  FLINK_IDENT_STRING=${FLINK_IDENT_STRING:-${USER:-$(id -un 2>/dev/null || id -u)}}
  _hostname=$(hostname 2>/dev/null || echo "${HOSTNAME:-localhost}")
  export FLINK_BIN_DIR FLINK_HOME FLINK_LIB_DIR FLINK_OPT_DIR FLINK_PLUGINS_DIR FLINK_CONF_DIR
  export FLINK_IDENT_STRING
}

launch_require_configuration() {
  [ -f "$FLINK_CONF_DIR/config.yaml" ] || fail "Cannot read the configuration:" \
    "$FLINK_CONF_DIR/config.yaml does not exist. Set FLINK_CONF_DIR to the directory that holds it."
}

# --------------------------------------------------------------------------- Java

readonly _oldest_java=17

# Sets JAVA_RUN and _java_version from $1, a JDK's folder, or from the PATH where that is empty.
# $2: what set that folder
launch_use_java() {
  local home=$1 source=$2 version
  if [ -n "$home" ]; then
    JAVA_RUN=$home/bin/java
  else
    JAVA_RUN=$(command -v java || true)
  fi
  [ -x "$JAVA_RUN" ] || fail "Sluice found no Java: $source is '$home' and there is no" \
    "'java' $([ -n "$home" ] && echo "in '$home/bin'" || echo "on the PATH")." \
    "Set $source to a JDK $_oldest_java."
  version=$(_java_version_of "$JAVA_RUN")
  _java_version=${version%%[!0-9]*}
  # Java 8 and older call themselves 1.x.
  [ "${_java_version:-0}" -ge "$_oldest_java" ] || fail "Sluice needs Java $_oldest_java or newer," \
    "but $JAVA_RUN is version ${version:-unknown}. Set JAVA_HOME or 'env.java.home' to a newer JDK."
}

# Reads the version from the release file of the JDK: no JVM is started for it where there is one.
_java_version_of() {
  local java release
  java=$(readlink -f "$1")
  release=${java%/bin/java}/release
  if [ -f "$release" ]; then
    sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$release"
  else
    "$java" -version 2>&1 | sed -n '1s/.*version "\([^"]*\)".*/\1/p'
  fi
}

# Prints env.java.home of config.yaml, written flat or nested: the planner, which reads everything
# else, is itself in need of a JDK.
launch_configured_java_home() {
  awk '
    /^ *(#|$)/ { next }
    {
      indent = match($0, /[^ ]/)
      while (depth && indent <= indents[depth]) depth--
      key = $1
      sub(/:$/, "", key)
      path = (depth ? paths[depth] "." : "") key
      indents[++depth] = indent
      paths[depth] = path
      if (path == "env.java.home") {
        sub(/^[^:]*:[ \t]*/, "")
        sub(/[ \t]+(#.*)?$/, "")
        gsub(/^["\047]|["\047]$/, "")
        print
        exit
      }
    }' "$FLINK_CONF_DIR/config.yaml"
}

# Sets JAVA_RUN to the JDK that the configuration names, else to that of the environment.
launch_find_java() {
  local home
  home=$(launch_configured_java_home)
  if [ -n "$home" ]; then
    launch_use_java "$home" "'env.java.home'"
  else
    launch_use_java "${JAVA_HOME:-}" JAVA_HOME
  fi
}

# --------------------------------------------------------------------------- launch plan

# What the planner sets, described in io.sluice.runtime.launch.LaunchPlan.
plan_main_class='' plan_jvm_args=() plan_program_args=() plan_java_home='' plan_log_dir=''
plan_log_level='' plan_log_max='' plan_pid_dir='' plan_redirect_to_file='' plan_ssh_opts=''
plan_own_temp_dir='' plan_hadoop_conf_dir='' plan_yarn_conf_dir='' plan_hbase_conf_dir=''
plan_archive_obstacle=''
# shellcheck disable=SC2034 # for start-cluster.sh and stop-cluster.sh
plan_high_availability=''

# launch_plan KIND [-Dkey=value ...]: reads the configuration once and sets plan_* and JAVA_RUN.
launch_plan() {
  local kind=$1 plan planner_class_path archive=()
  shift
  launch_require_configuration
  launch_find_java
  launch_process_jars >/dev/null || exit 1
  planner_class_path=$(launch_planner_class_path)
  _archive_jvm_args launcher "$planner_class_path"
  # Only marked lines are the plan: the JVM, and agents that the environment adds, print there too.
  plan=$(
    set -o pipefail
    "$JAVA_RUN" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xms32m -Xmx128m "${archive[@]}" \
      -cp "$planner_class_path" io.sluice.runtime.launch.LaunchPlanner \
      "$kind" --configDir "$FLINK_CONF_DIR" "$@" | sed -n 's/^SLUICE_PLAN://p'
  ) || exit 1
  eval "$plan"
  [ -n "$plan_main_class" ] || fail "The launch planner printed no plan. Its output was: $plan"
  _apply_plan
}

# An environment variable wins over the configuration.
_apply_plan() {
  export FLINK_INHERITED_LOGS
  FLINK_LOG_DIR=${FLINK_LOG_DIR:-${plan_log_dir:-$FLINK_HOME/log}}
  FLINK_PID_DIR=${FLINK_PID_DIR:-$plan_pid_dir}
  FLINK_SSH_OPTS=${FLINK_SSH_OPTS:-$plan_ssh_opts}
  ROOT_LOG_LEVEL=${ROOT_LOG_LEVEL:-$plan_log_level}
  MAX_LOG_FILE_NUMBER=${MAX_LOG_FILE_NUMBER:-$plan_log_max}
  HADOOP_CONF_DIR=${HADOOP_CONF_DIR:-$plan_hadoop_conf_dir}
  YARN_CONF_DIR=${YARN_CONF_DIR:-$plan_yarn_conf_dir}
  HBASE_CONF_DIR=${HBASE_CONF_DIR:-$plan_hbase_conf_dir}
  if [ -z "$HADOOP_CONF_DIR" ] && [ -d /etc/hadoop/conf ]; then
    HADOOP_CONF_DIR=/etc/hadoop/conf
  fi
  export FLINK_LOG_DIR FLINK_PID_DIR FLINK_SSH_OPTS ROOT_LOG_LEVEL MAX_LOG_FILE_NUMBER
  export HADOOP_CONF_DIR YARN_CONF_DIR HBASE_CONF_DIR
  if [ -n "$plan_java_home" ]; then
    launch_use_java "$plan_java_home" "'env.java.home'"
  fi
}

# --------------------------------------------------------------------------- class path

# The jars of lib/, joined with colons in alphabetical order: the class path that the class data
# archive of the processes is made for.
launch_process_jars() {
  local LC_ALL=C jars
  jars=("$FLINK_LIB_DIR"/*.jar)
  [ -e "${jars[0]}" ] || fail "$FLINK_LIB_DIR holds no jars. Unpack the distribution anew."
  (IFS=: && echo "${jars[*]}")
}

# The few jars that the launch planner needs, and a logger that says nothing.
launch_planner_class_path() {
  local LC_ALL=C jars
  jars=("$FLINK_LIB_DIR"/{flink-runtime-ext,flink-core,flink-runtime-2,flink-annotations,flink-shaded-jackson,flink-shaded-guava,snakeyaml-engine,commons-cli,slf4j-api}*.jar "$FLINK_LIB_DIR"/launch/*.jar)
  (IFS=: && echo "${jars[*]}")
}

# lib/ first and unchanged, so that the class data archive fits; then what the user brings.
_process_class_path() {
  local path extra
  path=$(launch_process_jars)
  # Users sort their jars into folders of lib/; rpc/ and launch/ are ours, and loaded otherwise.
  while read -r extra; do
    path=$path:$extra
  done < <(find -L "$FLINK_LIB_DIR" -mindepth 2 -name '*.jar' \
    ! -path "$FLINK_LIB_DIR/rpc/*" ! -path "$FLINK_LIB_DIR/launch/*" | LC_ALL=C sort)
  for extra in "$@" "${HADOOP_CLASSPATH:-}" "$HADOOP_CONF_DIR" "$YARN_CONF_DIR" "$HBASE_CONF_DIR"; do
    path=$path${extra:+:$extra}
  done
  echo "$path"
}

# The SQL client and gateway, and what stands in for flink-python where that is not in lib/.
launch_sql_jars() {
  local LC_ALL=C jars jar
  jars=("$FLINK_OPT_DIR"/flink-sql-{client,gateway}-*.jar
    "$FLINK_OPT_DIR"/flink-runtime-ext-*-sql-client.jar)
  for jar in "${jars[@]}"; do
    [ -e "$jar" ] || fail "$jar does not exist. Set FLINK_OPT_DIR, or unpack the distribution anew."
  done
  (IFS=: && echo "${jars[*]}")
}

# --------------------------------------------------------------------------- class data archives

# Archives of loaded classes (AppCDS) make a start a third faster. They fit one JVM build and one
# set of jars, whose path, size and time of change are the archive's name, as is its own size.
#   SLUICE_CDS=auto  use them, and make missing ones in the background after a daemon's start
#   SLUICE_CDS=use   use those that are there
#   SLUICE_CDS=off   neither
_archive_dir() {
  echo "${SLUICE_CDS_DIR:-$FLINK_HOME/cds}"
}

# Prints the archive's file for $1 (launcher or processes) and the class path $2, without its end
# '-SIZE.jsa'.
launch_archive_prefix() {
  local java stamp
  java=$(readlink -f "$JAVA_RUN")
  stamp=$({
    echo "$java $2"
    cat "${java%/bin/java}/release"
    IFS=:
    # shellcheck disable=SC2086 # split at colons
    stat -L -c '%s %Y' $2
  } 2>/dev/null | cksum)
  echo "$(_archive_dir)/$1-${stamp% *}"
}

# Prints the archive for $1 and $2, where there is one that can be used: a JVM with one that was cut
# short, on its way into an image or by a full disk, dies.
launch_archive_file() {
  local prefix file
  prefix=$(launch_archive_prefix "$1" "$2")
  for file in "$prefix"-*.jsa; do
    if [ -f "$file" ] && [ -r "$file" ] && [ "$prefix-$(stat -L -c %s "$file").jsa" = "$file" ]; then
      echo "$file"
    fi
  done
}

# Sets the caller's array 'archive' to the JVM arguments that use the archive of $1 and $2.
_archive_jvm_args() {
  local file
  archive=()
  [ "${SLUICE_CDS:-auto}" != off ] || return 0
  file=$(launch_archive_file "$1" "$2")
  if [ -n "$file" ]; then
    archive=("-XX:SharedArchiveFile=$file" -Xshare:auto)
  fi
}

# Starts the training where an archive is missing; never fails and never waits.
_train_in_background() {
  local launcher processes
  [ "${SLUICE_CDS:-auto}" = auto ] && [ -z "$plan_archive_obstacle" ] || return 0
  launcher=$(launch_archive_file launcher "$(launch_planner_class_path)")
  processes=$(launch_archive_file processes "$(launch_process_jars)")
  if [ -n "$launcher" ] && [ -n "$processes" ]; then
    return 0
  fi
  # One that failed is tried again the next day: the disk may have been full.
  if [ -n "$(find "$(_archive_dir)" -maxdepth 1 -name '*.failed' -mmin -1440 2>/dev/null)" ]; then
    return 0
  fi
  mkdir -p "$(_archive_dir)" 2>/dev/null && [ -w "$(_archive_dir)" ] || return 0
  nohup nice -n 19 "$FLINK_BIN_DIR/train-cds.sh" --if-missing \
    </dev/null >"$FLINK_LOG_DIR/flink-$FLINK_IDENT_STRING-train-cds-$_hostname.out" 2>&1 &
}

# --------------------------------------------------------------------------- temporary files

# Gives the process a temporary directory of its own and removes those of processes that are gone,
# so that a killed process leaves nothing for long. A process owns its directory while it holds the
# lock on it: the lock survives exec and ends with the process, however that ends.
# Sets _temp_dir; leaves it empty where the user has chosen a directory, or without flock.
_own_temp_dir() {
  local base=${TMPDIR:-/tmp}/sluice-$FLINK_IDENT_STRING
  _temp_dir=
  [ "$plan_own_temp_dir" = true ] || return 0
  command -v flock >/dev/null && mkdir -p "$base" 2>/dev/null && chmod 700 "$base" || return 0
  exec 8<"$base"
  flock 8
  _set_dead_aside "$base"
  # On a full disk, the process may still start without.
  if _temp_dir=$(mktemp -d "$base/$1-XXXXXX" 2>/dev/null); then
    exec 9<"$_temp_dir"
    flock -n 9
  fi
  exec 8<&-
  # They may be large: no other start waits for this.
  rm -rf "$base"/gone-*
}

# Renames the directories below $1 that no process owns.
_set_dead_aside() {
  local dir
  for dir in "$1"/*/; do
    dir=${dir%/}
    case $dir in
      */gone-* | "$1/*") ;;
      *) ! flock -n "$dir" true || mv "$dir" "$1/gone-${dir##*/}" ;;
    esac
  done
}

# --------------------------------------------------------------------------- JVM

# Sets the array 'command' to the whole command line. $1: log file, $2: log configuration without
# its ending, $3: class path; the rest are the program's arguments.
_java_command() {
  local log_file=$1 log_conf=$FLINK_CONF_DIR/$2 class_path=$3 archive=() argument jvm_args=()
  local logback=$FLINK_CONF_DIR/${2/log4j/logback}.xml
  shift 3
  if [ -n "$plan_archive_obstacle" ]; then
    [ "${SLUICE_CDS:-auto}" = off ] ||
      echo "The start takes longer: the class data archive cannot be used, because $plan_archive_obstacle." >&2
  else
    _archive_jvm_args processes "$(launch_process_jars)"
  fi
  for argument in "${plan_jvm_args[@]}"; do
    # For the log of the garbage collector; the planner has replaced what it knows.
    argument=${argument//\$\{FLINK_LOG_PREFIX\}/${log_file%.log}}
    jvm_args+=("${argument//\$FLINK_LOG_PREFIX/${log_file%.log}}")
  done
  if [ "$_java_version" -ge 24 ]; then
    jvm_args+=(--enable-native-access=ALL-UNNAMED)
  fi
  command=("$JAVA_RUN" "${archive[@]}"
    ${_temp_dir:+"-Djava.io.tmpdir=$_temp_dir"}
    "${jvm_args[@]}"
    "-Dlog.file=$log_file"
    "-Dlog4j.configuration=file:$log_conf.properties"
    "-Dlog4j.configurationFile=file:$log_conf.properties"
    "-Dlogback.configurationFile=file:$logback"
    -classpath "$class_path" "$plan_main_class" "$@")
}

# launch_service KIND NAME ACTION [ARGUMENT ...]: what every script of a service does. NAME is in the
# names of its log and pid files. launch_extra_class_path, where set, goes behind lib/.
launch_extra_class_path=
launch_service() {
  local kind=$1 name=$2 action=$3 arguments=()
  shift 3
  case $action in
    start | start-foreground)
      launch_plan "$kind" "$@"
      # The user's arguments last: Flink takes what follows an unknown one for the program's.
      arguments=("${plan_program_args[@]}" "$@")
      if [ "$kind" != sql-gateway ]; then
        arguments=(--configDir "$FLINK_CONF_DIR" "${arguments[@]}")
      fi
      if [ "$action" = start ]; then
        launch_daemon "$name" "$launch_extra_class_path" "${arguments[@]}"
      else
        launch_foreground "$name" "$launch_extra_class_path" "${arguments[@]}"
      fi
      ;;
    stop | stop-all)
      # As a client, which binds no port.
      launch_plan client
      if [ "$action" = stop ]; then
        launch_stop "$name"
      else
        launch_stop_all "$name"
      fi
      ;;
    *)
      fail "Usage: ${0##*/} start|start-foreground|stop|stop-all [ARGUMENT ...]"
      ;;
  esac
}

# launch_client NAME LOG_CONF CLASS_PATH_EXTRA ARGUMENT...: becomes the JVM of a command-line tool.
launch_client() {
  local name=$1 log_conf=$2 extra=$3 command=()
  shift 3
  _temp_dir=${TMPDIR:-}
  mkdir -p "$FLINK_LOG_DIR" 2>/dev/null || true
  _java_command "$FLINK_LOG_DIR/flink-$FLINK_IDENT_STRING-$name-$_hostname.log" "$log_conf" \
    "$(_process_class_path "$extra")" "$@"
  exec "${command[@]}"
}

# launch_foreground NAME CLASS_PATH_EXTRA ARGUMENT...: becomes the JVM, which logs to the console.
launch_foreground() {
  local name=$1 extra=$2 log_conf=log4j-console command=() prefix
  shift 2
  prefix=$FLINK_LOG_DIR/flink-$FLINK_IDENT_STRING-$name-$_hostname
  mkdir -p "$FLINK_LOG_DIR" 2>/dev/null || true
  _own_temp_dir "$name"
  if [ "$plan_redirect_to_file" = true ]; then
    log_conf=log4j
  fi
  _java_command "$prefix.log" "$log_conf" "$(_process_class_path "$extra")" "$@"
  if [ "$plan_redirect_to_file" = true ]; then
    _rotate "$prefix.out" "$prefix.err"
    exec >"$prefix.out" 2>"$prefix.err"
  fi
  exec "${command[@]}"
}

# launch_daemon NAME CLASS_PATH_EXTRA ARGUMENT...: starts the JVM in the background.
launch_daemon() {
  local name=$1 extra=$2 command=() prefix pid_file running
  shift 2
  launch_require_writable "$FLINK_LOG_DIR" "FLINK_LOG_DIR or 'env.log.dir'"
  launch_require_writable "$FLINK_PID_DIR" "FLINK_PID_DIR or 'env.pid.dir'"
  pid_file=$(_pid_file "$name")
  _lock_pid_files
  running=$(_running "$pid_file")
  prefix=$FLINK_LOG_DIR/flink-$FLINK_IDENT_STRING-$name-$(_entries "$pid_file")-$_hostname
  if [ "$running" -gt 0 ]; then
    echo "[INFO] $running instance(s) of $name are already running on $_hostname."
  fi
  echo "Starting $name daemon on host $_hostname."
  _rotate "$prefix.out"
  : >"$prefix.out"
  _own_temp_dir "$name"
  _java_command "$prefix.log" log4j "$(_process_class_path "$extra")" "$@"
  (
    # The lock on the pid files must not live on in the JVM; that on its temporary directory must.
    exec 7<&-
    exec nohup "${command[@]}" </dev/null >"$prefix.out" 2>&1
  ) &
  echo $! >>"$pid_file"
  exec 7<&- 9>&-
  _train_in_background
}

# $1: a directory, made where it is missing; $2: what sets it
launch_require_writable() {
  mkdir -p "$1" 2>/dev/null || true
  if [ ! -d "$1" ] || [ ! -w "$1" ]; then
    fail "Cannot write to $1. Set $2 to a directory that you may write."
  fi
}

# Renames $@ to *.1, *.1 to *.2 and so on, and drops what is beyond the configured number.
_rotate() {
  local file number
  for file in "$@"; do
    number=$MAX_LOG_FILE_NUMBER
    rm -f "$file.$number"
    while [ "$((number -= 1))" -gt 0 ]; do
      [ ! -f "$file.$number" ] || mv -f "$file.$number" "$file.$((number + 1))"
    done
    [ ! -f "$file" ] || mv -f "$file" "$file.1"
  done
}

# --------------------------------------------------------------------------- daemons

_pid_file() {
  echo "$FLINK_PID_DIR/flink-$FLINK_IDENT_STRING-$1.pid"
}

# Two scripts at a time must not choose the same log file: locks the directory of the pid files
# until file descriptor 7 is closed. Whoever else holds that lock cannot stop us for long.
_lock_pid_files() {
  exec 7<"$FLINK_PID_DIR"
  ! command -v flock >/dev/null || flock -w 10 7 || true
}

_entries() {
  [ -f "$1" ] && wc -l <"$1" | tr -d ' ' || echo 0
}

# A zombie is not alive: where the first process of a container is no init, ended daemons stay so.
_alive() {
  kill -0 "$1" 2>/dev/null && ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"
}

# Prints how many processes of the pid file $1 are alive, and empties it where none is.
_running() {
  local pid count=0
  [ -f "$1" ] || { echo 0; return; }
  while read -r pid; do
    ! _alive "$pid" || count=$((count + 1))
  done <"$1"
  [ "$count" -gt 0 ] || rm -f "$1"
  echo "$count"
}

# launch_stop NAME: stops the daemon that was started last.
launch_stop() {
  local pid_file pid rest
  pid_file=$(_pid_file "$1")
  [ ! -d "$FLINK_PID_DIR" ] || _lock_pid_files
  if [ ! -s "$pid_file" ]; then
    echo "No $1 daemon to stop on host $_hostname."
    return
  fi
  pid=$(tail -n 1 "$pid_file")
  _terminate "$1" "$pid"
  # Read only now: a start that was tired of waiting for the lock may have added a line.
  rest=$(grep -vx "$pid" "$pid_file")
  if [ -n "$rest" ]; then
    echo "$rest" >"$pid_file"
  else
    rm -f "$pid_file"
  fi
  exec 7<&-
}

# launch_stop_all NAME: stops every daemon of that name.
launch_stop_all() {
  local pid_file
  pid_file=$(_pid_file "$1")
  if [ ! -s "$pid_file" ]; then
    echo "No $1 daemon to stop on host $_hostname."
  fi
  while [ -s "$pid_file" ]; do
    launch_stop "$1"
  done
}

# Flink ends its JVM 5 s after the signal at the latest; one that hangs for longer is killed.
_terminate() {
  local tenths
  if ! _alive "$2"; then
    echo "No $1 daemon (pid: $2) is running anymore on $_hostname."
    return
  fi
  echo "Stopping $1 daemon (pid: $2) on host $_hostname."
  kill "$2"
  for ((tenths = 300; tenths > 0; tenths--)); do
    _alive "$2" || return 0
    sleep 0.1
  done
  echo "The $1 daemon (pid: $2) did not stop in 30 seconds: killing it."
  kill -9 "$2" 2>/dev/null || true
}

# --------------------------------------------------------------------------- several hosts

# launch_on_each FILE SCRIPT ACTION: runs bin/SCRIPT ACTION for each line of conf/FILE, which is a
# host or, in conf/masters, HOST:REST_PORT. Here for localhost, through ssh for other hosts, which
# work at the same time. Fails if one of them does.
launch_on_each() {
  local file=$FLINK_CONF_DIR/$1 script=$FLINK_BIN_DIR/$2 action=$3 line host port arguments
  local remote=() pid failed=0
  [ -f "$file" ] || fail "$file does not exist. Write one host a line into it: localhost for this one."
  while read -r line || [ -n "$line" ]; do
    line=${line%%#*}
    line=${line//[[:space:]]/}
    [ -n "$line" ] || continue
    host=${line%%:*}
    port=
    case $line in *:*) port=${line#*:} ;; esac
    arguments=("$action")
    if [ "$1" = masters ] && [ "$action" = start ]; then
      arguments+=("$host" ${port:+"$port"})
    fi
    case $host in
      localhost | 127.*)
        "$script" "${arguments[@]}" </dev/null || failed=1
        ;;
      *)
        # shellcheck disable=SC2086,SC2029 # options are several words; the line is made here
        ssh -n ${FLINK_SSH_OPTS:-} "$host" -- \
          "FLINK_CONF_DIR='$FLINK_CONF_DIR' nohup /bin/bash -l '$script' ${arguments[*]}" &
        remote+=($!)
        ;;
    esac
  done <"$file"
  for pid in "${remote[@]}"; do
    wait "$pid" || failed=1
  done
  return "$failed"
}

_init_environment
