# shellcheck shell=bash
# Builds the distribution where it is missing or older than its sources. Sourced by ./demo,
# benchmarks/run and dist/image/build.sh, which set 'root' to the top of the repository.

# Prints one line on standard error and ends the script.
fail() {
  echo "$*" >&2
  exit 1
}

# Sets 'distribution' to the assembled directory.
_find_distribution() {
  # shellcheck disable=SC2154 # root is the caller's
  for distribution in "$root"/dist/target/sluice-*/; do
    distribution=${distribution%/}
  done
}

# build_if_stale [MODULE]: sees to it that the distribution is built, and the jar of MODULE.
build_if_stale() {
  _find_distribution
  if [ -n "$(_newer_than "$distribution/lib" pom.xml .mvn/ {dist,flink-runtime-ext,flink-statebackend-adaptive,flink-fs-multiconf,examples,testkit}/{pom.xml,src/main/})" ] ||
    { [ $# -gt 0 ] && [ -n "$(_newer_than "$(_jar_of "$1")" "$1/src/main/")" ]; }; then
    _build "${1:-dist}"
    _find_distribution
  fi
}

# Prints the first of the files and folders $2... that is newer than $1, or something if $1 is missing.
_newer_than() {
  local built=$1
  shift
  if [ -e "$built" ]; then
    (cd "$root" && find "$@" -newer "$built" -print -quit)
  else
    echo "$built"
  fi
}

_jar_of() {
  echo "$root/$1/target/sluice-$1-${distribution##*/sluice-}.jar"
}

# The class path of the main classes of MODULE: what they use of ours, and all of lib/.
class_path_of() {
  echo "$(_jar_of "$1"):$(_jar_of testkit):$(_jar_of examples):$distribution/lib/*"
}

_build() {
  local log maven started=$SECONDS
  command -v mvn >/dev/null || fail "Building Sluice needs Maven 3.8.7 or newer on the PATH."
  log=$(mktemp)
  # In the background, so that an interrupt reaches this script at once.
  (cd "$root" && exec mvn -B -ntp -q -Dmaven.test.skip=true -pl "$1" -am package) >"$log" 2>&1 &
  maven=$!
  # shellcheck disable=SC2064 # their values now
  trap "kill $maven 2>/dev/null; wait $maven 2>/dev/null; rm -f '$log'; exit 130" INT TERM
  while kill -0 "$maven" 2>/dev/null; do
    _progress "Building the distribution: $((SECONDS - started)) s"
    sleep 1
  done
  [ ! -t 2 ] || echo >&2
  wait "$maven" || { cat "$log" >&2 && rm -f "$log" && fail "The build failed: see above."; }
  rm -f "$log"
  trap - INT TERM
}

# One line that is written over on a terminal, and once elsewhere.
_progress() {
  if [ -t 2 ]; then
    printf '\r\033[K%s' "$1" >&2
  elif [ "$1" = "${1% 0 s} 0 s" ]; then
    echo "${1%: 0 s} ..." >&2
  fi
}
