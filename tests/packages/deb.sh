# The .deb: what it holds, and its life in a Debian. Sourced by run.
say "" "== deb"
build package build-package streamjson signin-cli package_files
(cd "$work" && cpack -G DEB --config "$top/build-package/CPackConfig.cmake" -B "$work/made" >&2)
deb=$(ls "$work"/made/*.deb)
version=$(dpkg-deb -f "$deb" Version)

lintian_finds_nothing() {
  local found
  found=$(lintian --tag-display-limit 0 "$deb" 2>/dev/null) || true
  printf '%s\n' "$found"
  [ -z "$found" ]
}
check "lintian finds nothing" lintian_finds_nothing

unpacked=$work/unpacked
dpkg-deb -x "$deb" "$unpacked"
for path in usr/bin/streamjson usr/bin/signin-cli usr/share/man/man1/streamjson.1.gz \
  usr/share/man/man1/signin-cli.1.gz usr/share/man/man5/streamjson.conf.5.gz \
  etc/streamjson/streamjson.conf usr/share/streamjson/api.tl usr/share/streamjson/mtproto.tl \
  usr/share/bash-completion/completions/streamjson usr/share/zsh/vendor-completions/_streamjson \
  usr/share/fish/vendor_completions.d/streamjson.fish usr/share/doc/streamjson/copyright \
  usr/share/doc/streamjson/changelog.gz usr/share/doc/streamjson/OPERATING.md; do
  check "it holds $path" test -s "$unpacked/$path"
done
depends_on() { dpkg-deb -f "$deb" Depends | grep -q "$1"; }
for library in libssl3 libsqlite3-0 zlib1g; do check "it depends on $library" depends_on "$library"; done
loads() { ! depends_on "$1" && dpkg-deb -f "$deb" Recommends Suggests | grep -q "$1"; }
for library in libpq5 libqrencode4; do check "it does not depend on $library, and names it" loads "$library"; done

units=$(cd "$unpacked" && find . -type d -path '*lib/systemd/system')
exposure() {
  local said
  said=$(systemd-analyze security --offline=yes --threshold=20 "$unpacked/$units/streamjson.service" 2>&1)
  local status=$?
  printf '%s\n' "$said" | tail -n 3
  exposure_said=$(printf '%s\n' "$said" | grep 'Overall exposure')
  return "$status"
}
check "systemd-analyze security says 2.0 or less" exposure
say "        $(systemd-analyze security --offline=yes "$unpacked/$units/streamjson.service" 2>/dev/null | grep Overall)"

if ! make_root; then
  skip "the life of the package" "mmdebstrap could not make a Debian here"
elif ! boot_root; then
  skip "the life of the package" "no systemd starts in a container here; its console: $(tail -n 3 "$work/console")"
else
  . "$here/life.sh"
  leave_root
fi
