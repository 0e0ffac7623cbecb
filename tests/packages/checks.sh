# How the tests of packages count, and the Debian that they are tried in. Sourced, with `work` set later.
passed=0 failed=0 skipped=0

# check NAME COMMAND…: passed where it succeeds; what it printed is shown where it does not.
check() {
  local name=$1 said
  shift
  if said=$("$@" 2>&1); then
    passed=$((passed + 1))
    say "ok      $name"
  else
    failed=$((failed + 1))
    say "NOT OK  $name" "$said"
  fi
}

skip() {
  skipped=$((skipped + 1))
  say "skipped $1: $2"
}

finish() {
  say ""
  printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ]
}

# A minimal Debian 12 in $root; fails where none can be made here.
make_root() {
  root=$work/root
  mkdir "$root"
  mmdebstrap --quiet --variant=minbase --include=systemd,systemd-sysv,dbus,init-system-helpers,man-db,libpq5 \
    bookworm "$work/root.tar" >&2 && tar -C "$root" -xf "$work/root.tar" && cp /etc/resolv.conf "$root/etc/"
}

# Boots it with a systemd of its own, without a network of the host's; fails where none comes up in a minute.
nspawn=
boot_root() {
  systemd-nspawn --quiet --register=no --keep-unit --private-network --boot --directory="$root" \
    --console=pipe </dev/null >"$work/console" 2>&1 &
  nspawn=$!
  for _ in $(seq 60); do
    leader=$(pgrep -P "$nspawn" | head -n 1 || true)
    case $([ -z "$leader" ] || in_root systemctl is-system-running 2>/dev/null) in
      running | degraded) return 0 ;;
    esac
    kill -0 "$nspawn" 2>/dev/null || break
    sleep 1
  done
  leave_root
  return 1
}

in_root() { nsenter --target "$leader" --mount --uts --ipc --net --pid -- "$@"; }

leave_root() {
  [ -n "$nspawn" ] || return 0
  in_root systemctl poweroff >/dev/null 2>&1 || true
  for _ in $(seq 20); do
    kill -0 "$nspawn" 2>/dev/null || break
    sleep 1
  done
  kill -KILL "$nspawn" 2>/dev/null || true
  wait "$nspawn" 2>/dev/null || true
  nspawn=
}
