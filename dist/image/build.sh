#!/usr/bin/env bash
# Builds the container image of Sluice, and the distribution before it where that is stale.
#   build.sh [--tag NAME] [--base IMAGE | --debootstrap] [--engine docker|podman|buildah]
#            [--distribution DIRECTORY]
#   --tag           the image's name; by default sluice:<version>
#   --base          an image of Debian or a descendant that holds a JRE 17 or newer
#   --debootstrap   makes the base from Debian packages, of this machine's release and from where
#                   apt has them; the default. Needs root, once: the base stays in dist/target/image
#   --engine        by default the first of the three that works here
#   --distribution  an assembled distribution to put in; by default dist/target/sluice-<version>
# The last line on standard output is the image's name.
set -eu
here=$(dirname "$(readlink -f "$0")")
root=$(dirname "$(dirname "$here")")
# shellcheck source=../build-if-stale.sh
. "$root/dist/build-if-stale.sh"

readonly base_packages=(openjdk-17-jre-headless libjemalloc2)
readonly cache=$root/dist/target/image

usage() {
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
}

say() {
  echo "$*" >&2
}

# --------------------------------------------------------------------------- arguments

containers_before='' tag='' base='' base_option='' engine='' distribution=''

# value_of OPTION VALUE...
value_of() {
  if [ $# -lt 2 ] || [ -z "$2" ]; then
    fail "$1 has no value. See build.sh --help."
  fi
  echo "$2"
}

while [ $# -gt 0 ]; do
  option=$1
  case $option in
    --debootstrap | --base)
      [ "${base_option:-$option}" = "$option" ] || fail "--base and --debootstrap exclude each other."
      base_option=$option
      ;;
  esac
  case $option in
    --tag) tag=$(value_of "$@") ;;
    --base) base=$(value_of "$@") ;;
    --engine) engine=$(value_of "$@") ;;
    --distribution) distribution=$(value_of "$@") ;;
    --debootstrap) shift && continue ;;
    --help | -h) usage && exit ;;
    *) fail "There is no option '$option'. See build.sh --help." ;;
  esac
  shift 2
done

# --------------------------------------------------------------------------- engine

# Is the program there, and its service where it needs one?
engine_works() {
  command -v "$1" >/dev/null || return 1
  case $1 in
    docker) docker info >/dev/null 2>&1 ;;
    *) "$1" info >/dev/null 2>&1 ;;
  esac
}

choose_engine() {
  local candidate
  case $engine in
    '') ;;
    docker | podman | buildah)
      engine_works "$engine" || fail "'$engine info' fails: $engine is not installed, or not" \
        "usable by this user. On Debian: apt-get install --no-install-recommends buildah podman runc"
      return
      ;;
    *) fail "There is no engine '$engine': choose docker, podman or buildah." ;;
  esac
  for candidate in docker podman buildah; do
    if engine_works "$candidate"; then
      engine=$candidate
      return
    fi
  done
  fail "No engine works here: neither docker nor podman nor buildah." \
    "On Debian: apt-get install --no-install-recommends buildah podman runc"
}

# stoppable COMMAND...: runs it as a process group of its own, which ends when this script is stopped.
child=
stoppable() {
  local exit_code=0
  set -m
  "$@" </dev/null &
  child=$!
  set +m
  wait "$child" || exit_code=$?
  child=
  return "$exit_code"
}

image_exists() {
  case $engine in
    buildah) buildah inspect --type image "$1" >/dev/null 2>&1 ;;
    *) "$engine" image inspect "$1" >/dev/null 2>&1 ;;
  esac
}

# Prints the id of the image $1; nothing where there is none.
image_id() {
  "$engine" images --quiet --no-trunc "$1" 2>/dev/null | head -n 1 || true
}

# Removes the image $1 if no name leads to it any more and no container uses it.
remove_unnamed() {
  if [ -n "$1" ] && "$engine" images --quiet --no-trunc --filter dangling=true | grep -qFx "$1"; then
    "$engine" rmi "$1" >/dev/null 2>&1 || true
  fi
}

# build CONTEXT ARGUMENT ...: shows the log only where the build fails, or on a terminal.
build() {
  local context=$1 options=() log=$work/build.log
  shift
  if [ "$engine" != docker ]; then
    # In one layer: a RUN step that changes a file of an earlier one would keep both.
    options=(--layers=false)
  fi
  if [ -t 2 ]; then
    stoppable "$engine" build "${options[@]}" "$@" "$context" >&2 ||
      fail "The image build failed: see above."
  else
    stoppable "$engine" build "${options[@]}" "$@" "$context" >"$log" 2>&1 ||
      { cat "$log" >&2 && fail "The image build failed: see above."; }
  fi
}

# --------------------------------------------------------------------------- base

# Sets 'release' and 'sources', lines for apt, from what apt uses on this machine.
read_apt_sources() {
  # shellcheck disable=SC1091
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016 # apt's own variables
  sources=$(apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT) # $(CODENAME)' \
    'Created-By: Packages' 2>/dev/null | grep -E " # $release(-updates|-security)?\$" | sort -u || true)
  if [ -z "$release" ] || ! grep -q " # $release\$" <<<"$sources"; then
    fail "apt knows no packages of this machine's release '$release'. Run apt-get update," \
      "or name a base with a JRE 17: --base IMAGE"
  fi
}

# The base as an archive: debootstrap's smallest system, a JRE and jemalloc, less what no process reads.
make_base_archive() {
  local archive=$1 system=$work/system mirror started=$SECONDS
  command -v debootstrap >/dev/null || fail "debootstrap is not installed. Install it" \
    "(apt-get install --no-install-recommends debootstrap), or name a base with a JRE 17: --base IMAGE"
  [ "$(id -u)" = 0 ] || fail "debootstrap needs root. Run this with sudo, or name a base with a JRE" \
    "17: --base IMAGE"
  say "Making a base from packages of Debian $release ..."
  mirror=$(sed -n "s/^deb \([^ ]*\) .* # $release\$/\1/p" <<<"$sources" | head -n 1)
  in_base debootstrap --variant=minbase "$release" "$system" "$mirror"
  # The security updates too, which debootstrap does not know.
  # shellcheck disable=SC2001 # one per line
  sed 's/ # .*//' <<<"$sources" >"$system/etc/apt/sources.list"
  # No documentation, but for the licences in it, and nothing that only javac reads.
  cat >"$system/etc/dpkg/dpkg.cfg.d/container" <<END
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/share/man/*
path-exclude=/usr/share/info/*
path-exclude=/usr/share/locale/*
path-exclude=/usr/share/lintian/*
path-exclude=/usr/lib/jvm/*/lib/ct.sym
END
  cp /etc/resolv.conf "$system/etc/resolv.conf"
  mount -t proc proc "$system/proc"
  local run=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive
    LC_ALL=C.UTF-8 chroot "$system")
  in_base "${run[@]}" apt-get update
  in_base "${run[@]}" apt-get upgrade -y
  in_base "${run[@]}" apt-get install -y --no-install-recommends "${base_packages[@]}"
  in_base "${run[@]}" apt-get clean
  umount "$system/proc"
  (
    cd "$system"
    find usr/share/doc -depth ! -name copyright ! -type d -delete
    find usr/share/doc -depth -type d -empty -delete
    rm -rf usr/share/{man,info,locale,lintian}/* var/lib/apt/lists/* var/cache/{apt,debconf,ldconfig}/* \
      var/log/* tmp/* dev/* etc/resolv.conf etc/hostname
  )
  tar -C "$system" --numeric-owner --sort=name -cf "$archive.new" .
  mv "$archive.new" "$archive"
  remove_bases_but "$archive"
  say "Made the base in $((SECONDS - started)) s: $(du -m "$archive" | cut -f1) MB."
}

# Removes the archives and images of older recipes.
remove_bases_but() {
  local other
  for other in "$cache"/base-*.tar; do
    if [ "$other" != "$1" ]; then
      rm -f "$other"
      other=${other##*/base-}
      "$engine" rmi "sluice-base:${other%.tar}" >/dev/null 2>&1 || true
    fi
  done
}

# in_base COMMAND...: a step of the base, whose output is shown only if it fails.
in_base() {
  stoppable "$@" >"$work/base.log" 2>&1 ||
    { tail -n 30 "$work/base.log" >&2 && fail "Cannot make the base: '$*' failed, see above."; }
}

# Sets 'base' to an image made from the archive in the cache, and makes both where they are missing.
debootstrap_base() {
  local archive recipe
  read_apt_sources
  # Another recipe is another base.
  recipe=$(declare -f make_base_archive | cat - <(echo "$release ${base_packages[*]}") | cksum)
  recipe=${recipe%% *}
  archive=$cache/base-$release-$recipe.tar
  [ -f "$archive" ] || make_base_archive "$archive"
  base=sluice-base:$release-$recipe
  if ! image_exists "$base"; then
    mkdir "$work/base"
    ln "$archive" "$work/base/base.tar"
    echo 'FROM scratch
ADD base.tar /
CMD ["bash"]' >"$work/base/Containerfile"
    build "$work/base" --file "$work/base/Containerfile" --tag "$base"
  fi
}

# --------------------------------------------------------------------------- image

# Prints the ids of the containers of builds on our base, which an engine leaves behind when stopped.
build_containers() {
  case $engine in
    buildah) buildah containers --format '{{.ContainerID}} {{.ImageName}} buildah' ;;
    podman) podman ps --all --external --no-trunc --format '{{.ID}} {{.Image}} {{.Command}}' ;;
  esac | grep -F "$base buildah" | cut -d ' ' -f 1 | sort
}

clean_up() {
  local force=()
  [ "$engine" != podman ] || force=(--force)
  if [ -n "$child" ]; then
    kill -- "-$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
    comm -13 <(echo "$containers_before") <(build_containers) |
      xargs -r "$engine" rm "${force[@]}" >/dev/null 2>&1 || true
  fi
  umount "$work/system/proc" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}

choose_engine
# crun and the kernel's name spaces are not everywhere; a chroot is enough for these steps.
export BUILDAH_ISOLATION=${BUILDAH_ISOLATION:-chroot}
if [ -z "$distribution" ]; then
  # shellcheck disable=SC2119 # no module
  build_if_stale
fi
[ -x "$distribution/bin/train-cds.sh" ] || fail "$distribution holds no distribution: bin/train-cds.sh" \
  "is missing. Build one with 'mvn -pl dist -am package'."
version=$(basename "$distribution")
version=${version#sluice-}
tag=${tag:-sluice:$version}

mkdir -p "$cache"
work=$(mktemp -d "$cache/work-XXXXXX")
trap clean_up EXIT
trap 'exit 130' INT TERM

[ -n "$base" ] || debootstrap_base
containers_before=$(build_containers || true)
replaced=$(image_id "$tag")
started=$SECONDS
say "Building $tag with $engine on $base ..."
build "$distribution" --file "$here/Containerfile" --tag "$tag" --build-arg "BASE=$base" \
  --build-arg "VERSION=$version" \
  --build-arg "REVISION=$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null || true)"
remove_unnamed "$replaced"
say "Built it in $((SECONDS - started)) s."
echo "$tag"
