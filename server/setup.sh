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

  has apt-get || die "Missing packages: ${missing[*]}, and there is no apt-get here to install them."
  become_root || die "Missing packages: ${missing[*]}. Install them as root, then start this again."
  say "Installing: ${missing[*]}"
  # Where one of several sources can't be reached, the others may have what is wanted.
  local why=
  apt_get update -qq -o APT::Update::Error-Mode=any ||
    why=", and apt-get update failed: is there a network?"
  apt_get install -y -q --no-install-recommends "${missing[@]}" ||
    die "Could not install: ${missing[*]}$why"
}

# without_services COMMAND… runs it so that Debian starts none of the services that it installs: the
# tests start what they want, on ports of their own.
without_services() (
  policy=/usr/sbin/policy-rc.d
  [ ! -e "$policy" ] && become_root || { "$@"; return; }
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod +x "$policy"
  "$@"
)

# Sets `as_root`, what makes a command root's.
become_root() {
  as_root=()
  [ "$(id -u)" -ne 0 ] || return 0
  has sudo || return 1
  as_root=(sudo)
  if [ -t 0 ]; then sudo -v; else sudo -n true 2>/dev/null; fi
}

# apt_get COMMAND… waits while another process has one of the package manager's locks: that of the
# lists, of the archives or of dpkg. (DPkg::Lock::Timeout is for the last only.)
apt_get() {
  local errors busy told='' status
  while :; do
    status=0
    { errors=$("${as_root[@]}" env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get \
      -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Dpkg::Use-Pty=0 "$@" 2>&1 >&3) || status=$?; } 3>&2
    [ "$status" -ne 0 ] || break
    busy=$(grep -m 1 -E 'Could not get lock|locked by another process' <<<"$errors") || break
    [ "$busy" = "$told" ] || say "Waiting for the package manager, which is busy: ${busy#E: }"
    told=$busy
    sleep 1
  done
  [ -z "$errors" ] || say "$errors"
  return "$status"
}

# os_release FIELD: ID and VERSION_CODENAME are debian and bookworm, for one.
os_release() { (. /etc/os-release && printf '%s' "${!1:-}") 2>/dev/null || true; }

# boost_packages RELEASE: Debian 12's own Boost is older than what is due, and it has a newer one beside it.
boost_packages() {
  case $1 in
    bookworm) printf '%s\n' libboost1.81-dev libboost-json1.81-dev ;;
    *) printf '%s\n' libboost-dev libboost-json-dev ;;
  esac
}

build_packages=(
  g++:g++ cmake:cmake ninja-build:ninja ccache:ccache
  $(boost_packages "$(os_release VERSION_CODENAME)") libssl-dev libspdlog-dev libdeflate-dev zlib1g-dev libsqlite3-dev libpq-dev
  libqrencode-dev
  catch2
  nodejs:node npm:npm netcat-openbsd:nc curl:curl openssl:openssl)

# build PRESET FOLDER TARGET… configures once; from then on Ninja sees to it itself.
build() {
  local preset=$1 folder=$2
  shift 2
  if [ ! -f "$top/$folder/build.ninja" ]; then
    say "Configuring $folder"
    (cd "$top" && cmake --preset "$preset" >&2) || die "Configuring $folder failed."
  fi
  say_how_long "$folder" "$@"
  NINJA_STATUS="[%f/%t, %es] " cmake --build "$top/$folder" -j "$(nproc)" --target "$@" >&2 ||
    die "Building $folder failed."
}

# say_how_long FOLDER TARGET… says so where the most is yet to be built: by the number of commands, and
# what one takes a core of a usual server.
say_how_long() {
  local folder=$1 log=$top/$1/.ninja_log all before=0 steps seconds_a_step=4 cores
  shift
  all=$(ninja -C "$top/$folder" -t commands "$@" | wc -l)
  [ ! -f "$log" ] || before=$(wc -l <"$log")
  steps=$((all - before))
  cores=$(nproc)
  [ "$steps" -ge 50 ] || return 0
  say "Building $folder: $steps steps, about $((steps * seconds_a_step / cores / 60 + 1)) minutes on" \
    "$cores cores; later builds take seconds"
}
