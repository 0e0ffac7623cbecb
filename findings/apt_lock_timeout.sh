#!/bin/sh
# apt 2.6.1 (Debian 12): DPkg::Lock::Timeout waits for dpkg's lock only.
#
# The option is what one gives apt-get in scripts that must not fail because another apt runs. `install`
# does wait for dpkg's lock-frontend. `update` fails at once if another process holds the lock of the lists,
# which is what another `apt-get update` (of a timer, say) holds; so does `clean`, with that of the archives.
# All three run here in a tree of folders of their own, with real locks, held by a process of ours.
set -eu
here=$(mktemp -d)
holder=
finish() {
  [ -z "$holder" ] || kill "$holder" 2>/dev/null || true
  rm -rf "$here"
}
trap finish EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q apt=2.6.1 libapt-pkg6.0=2.6.1 >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done

mkdir -p state/lists/partial cache/archives/partial etc/apt.conf.d etc/sources.list.d etc/preferences.d dpkg
touch dpkg/status etc/sources.list
cat >apt.conf <<END
Dir::State "$here/state";
Dir::State::status "$here/dpkg/status";
Dir::Cache "$here/cache";
Dir::Etc "$here/etc";
Dir::Bin::methods "$here/root/usr/lib/apt/methods";
Dir::Log "$here";
DPkg::Lock::Timeout "3";
END
cat >hold.py <<'END'
import fcntl, sys, time
held = []
for path in sys.argv[1:]:
    held.append(open(path, 'w'))
    fcntl.lockf(held[-1], fcntl.LOCK_EX)
open('held', 'w').close()
time.sleep(120)
END
LD_LIBRARY_PATH=$here/root/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH
export APT_CONFIG="$here/apt.conf" LC_ALL=C
apt=$here/root/usr/bin/apt-get
"$apt" --version | head -1

for command in update clean install; do "$apt" -qq "$command"; done # nobody holds a lock: all three succeed
python3 hold.py state/lists/lock cache/archives/lock dpkg/lock-frontend &
holder=$!
while [ ! -e held ]; do sleep 0.1; done

for command in update clean install; do
  start=$(date +%s%N)
  if "$apt" -qq "$command" >"$command.log" 2>&1; then exit 1; fi
  echo "$command failed after $((($(date +%s%N) - start) / 1000000)) ms: $(grep '^E: ' "$command.log" | head -1)"
  [ $(($(date +%s%N) - start)) -ge 3000000000 ] && waited=yes || waited=no
  echo "$command $waited" >>waited
done
printf 'update no\nclean no\ninstall yes\n' | diff - waited
echo 'as found'
