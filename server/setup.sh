# What server/run and tests/run share: Debian's packages and the build. Sourced, with `top` set.

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

has() { command -v "$1" >/dev/null 2>&1; }
installed() { [ "$(dpkg-query -W -f='${Status}' "$1" 2>/dev/null)" = "install ok installed" ]; }

# need_packages PACKAGE[:COMMAND]… installs what is missing. A package with a command is there when
# the command is, wherever that came from.
need_packages() {
  local entry missing=()
  for entry; do
    case $entry in
      *:*) has "${entry#*:}" || missing+=("${entry%%:*}") ;;
      *) installed "$entry" || missing+=("$entry") ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    has sudo || die "Missing packages: ${missing[*]}. Install them as root, then start this again."
    root=(sudo)
  fi
  has apt-get || die "Missing packages: ${missing[*]}, and there is no apt-get here to install them."
  say "Installing from Debian: ${missing[*]}"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 ||
    die "apt-get update failed: is there a network?"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >&2 || die "Could not install: ${missing[*]}"
}

build_packages=(
  g++:g++ cmake:cmake ninja-build:ninja ccache:ccache
  libboost1.81-dev libboost-json1.81-dev libssl-dev libspdlog-dev libcli11-dev libdeflate-dev catch2
  nodejs:node npm:npm netcat-openbsd:nc curl:curl openssl:openssl)

# build PRESET FOLDER TARGET… configures once; from then on Ninja sees to it itself.
build() {
  local preset=$1 folder=$2
  shift 2
  if [ ! -f "$top/$folder/build.ninja" ]; then
    say "Configuring $folder"
    (cd "$top" && cmake --preset "$preset" >&2) || die "Configuring $folder failed."
  fi
  NINJA_STATUS="[%f/%t, %es] " cmake --build "$top/$folder" -j "$(nproc)" --target "$@" >&2 ||
    die "Building $folder failed."
}
