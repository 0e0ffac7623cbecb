# The .deb is installed, used, upgraded, removed and purged under systemd. Sourced by deb.sh.
cp "$deb" "$root/root/streamjson.deb"

# The next version: the same but for its number and a line of the file of options.
next=$work/next
dpkg-deb -R "$deb" "$next"
sed -i "s/^Version: .*/Version: $version+1/" "$next/DEBIAN/control"
sed -i '1i # Of the next version.' "$next/etc/streamjson/streamjson.conf"
(cd "$next" && find . -type f ! -path './DEBIAN/*' -printf '%P\n' | sort | xargs md5sum >DEBIAN/md5sums)
dpkg-deb --root-owner-group -Zgzip -z1 -b "$next" "$root/root/next.deb" >&2

install_it() { # FILE: with the libraries that it wants, which come from Debian before the network goes
  in_root env DEBIAN_FRONTEND=noninteractive dpkg --force-confold -i "$1"
}
active() { [ "$(in_root systemctl is-active "$1")" = active ]; }
healthy() {
  for _ in $(seq 50); do
    ! in_root streamjson --health && sleep 0.2 || return 0
  done
  in_root journalctl --no-pager -u streamjson
  return 1
}
property() { in_root systemctl show -P "$1" streamjson.service; }

# In the container there is no network: libraries are put there from outside.
chroot_install() {
  chroot "$root" sh -c 'apt-get update -qq && apt-get install -y -q --no-install-recommends "$@"' - $(wanted_libraries)
}
wanted_libraries() { dpkg-deb -f "$deb" Depends | tr "," "\n" | sed "s/(.*//; s/|.*//" | xargs; }

check "the libraries that it depends on are Debian's" chroot_install
check "it is installed" install_it /root/streamjson.deb
check "systemd says that it runs" active streamjson.service
check "--health says that it can serve" healthy
check "it is enabled" in_root systemctl is-enabled streamjson.service
check "man finds its pages" in_root man -w streamjson streamjson.conf signin-cli

told_systemd() { property StatusText | grep -q 'clients, .* accounts in use'; }
check "systemd knows its STATUS" told_systemd
no_root() { [ "$(in_root stat -c %U "/proc/$(property MainPID)")" != root ]; }
check "it does not run as root" no_root
kept() { in_root test -s /var/lib/streamjson/accounts.db -a -s /var/lib/streamjson/accounts.db.key; }
check "its store is in /var/lib/streamjson" kept

reloaded() { in_root systemctl reload streamjson && active streamjson.service &&
  in_root journalctl --no-pager -u streamjson | grep -q 'schemes were read again'; }
check "systemctl reload reads settings again" reloaded

# Credentials, where they are put.
with_token() {
  in_root mkdir -p -m 700 /etc/credstore
  (umask 077; in_root streamjson token new alice 2>"$work/token" >"$root/etc/credstore/streamjson.tokens")
  printf '12345\n' >"$root/etc/credstore/streamjson.api-id"
  printf '0123456789abcdef0123456789abcdef\n' >"$root/etc/credstore/streamjson.api-hash"
  chmod 600 "$root"/etc/credstore/*
  in_root systemctl restart streamjson && healthy >&2
}
check "it starts with credentials in /etc/credstore" with_token
wants_token() {
  local answer
  answer=$(printf '{"id":1,"options":{}}\n' | in_root timeout 5 bash -c \
    'exec 3<>/dev/tcp/127.0.0.1/1543; cat >&3; head -n 1 <&3')
  printf '%s\n' "$answer"
  [[ $answer == *Unauthorized* ]]
}
check "it asks for the token that is a credential" wants_token
hidden() { in_root systemctl show streamjson | (! grep -q 0123456789abcdef); }
check "systemctl shows no secret" hidden
in_root rm -f /etc/credstore/streamjson.tokens /etc/credstore/streamjson.api-id /etc/credstore/streamjson.api-hash

# systemd's sockets.
socketed() {
  in_root systemctl stop streamjson && in_root systemctl start streamjson.socket &&
    in_root systemctl start streamjson && healthy >&2
}
check "it starts with systemd's sockets" socketed
nobody_refused() { # while it is started again, connections are made all the time
  in_root systemctl restart streamjson & local restart=$! refused=0
  while kill -0 "$restart" 2>/dev/null; do
    in_root bash -c 'exec 3<>/dev/tcp/127.0.0.1/1543' || refused=$((refused + 1))
  done
  wait "$restart"
  echo "$refused refused"
  [ "$refused" -eq 0 ]
}
check "a restart with systemd's sockets refuses no connection" nobody_refused
in_root systemctl stop streamjson.socket streamjson.service
in_root systemctl start streamjson.service

# A hanging process is started again: all of its threads stand still.
started_again() {
  in_root mkdir -p /run/systemd/system/streamjson.service.d
  printf '[Service]\nWatchdogSec=2\n' >"$root/root/watchdog.conf"
  in_root cp /root/watchdog.conf /run/systemd/system/streamjson.service.d/
  in_root systemctl daemon-reload && in_root systemctl restart streamjson && healthy >&2 || return 1
  local before after
  before=$(property MainPID)
  in_root sh -c "kill -STOP $before"
  for _ in $(seq 100); do
    after=$(property MainPID)
    [ "$after" != "$before" ] && [ "$after" != 0 ] && return 0
    sleep 0.2
  done
  return 1
}
check "systemd's watchdog starts it again when it hangs" started_again
in_root rm -rf /run/systemd/system/streamjson.service.d
in_root systemctl daemon-reload

# Upgraded, with a file of options that somebody changed.
printf 'rpc-timeout = 20\n' >>"$root/etc/streamjson/streamjson.conf"
in_root systemctl reset-failed streamjson || true
before_upgrade=$(property MainPID)
check "it is upgraded" install_it /root/next.deb
check "it runs after the upgrade" healthy
started_anew() { [ "$(property MainPID)" != "$before_upgrade" ]; }
check "the upgrade started the new one" started_anew
check "the changed file of options is kept" grep -q 'rpc-timeout = 20' "$root/etc/streamjson/streamjson.conf"
check "accounts are kept" kept
in_root systemctl disable streamjson >/dev/null 2>&1
check "it is installed once more" install_it /root/next.deb
stays_disabled() { [ "$(in_root systemctl is-enabled streamjson.service)" = disabled ]; }
check "who disabled it finds it disabled after an upgrade" stays_disabled

check "it is removed" in_root dpkg -r streamjson
gone() { ! active streamjson.service && ! in_root test -e /usr/bin/streamjson; }
check "removed, it does not run" gone
check "removed, its file of options and its accounts stay" \
  in_root test -s /etc/streamjson/streamjson.conf -a -s /var/lib/private/streamjson/accounts.db
check "it is purged" in_root dpkg -P streamjson
nothing_left() {
  local left
  left=$(in_root find / -xdev \( -path /proc -o -path /sys -o -path /root -o -path /var/log \) -prune -o \
    -name '*streamjson*' -print)
  printf '%s\n' "$left"
  [ -z "$left" ]
}
check "purged, nothing of it is left" nothing_left
