# The tarball: what it needs, and that it runs where nothing but a C library is. Sourced by run.
say "" "== tarball"
build tarball build-tarball streamjson signin-cli package_files
(cd "$work" && cpack -G TGZ --config "$top/build-tarball/CPackConfig.cmake" -B "$work/tarball" >&2)
mkdir "$work/local"
tar -C "$work/local" --strip-components=1 -xzf "$work"/tarball/*.tar.gz

only_c_library() {
  local others
  others=$(readelf -d "$work/local/bin/$1" | sed -nE 's/.*NEEDED.*\[(.*)\]/\1/p' |
    grep -vE '^(libc|libm|ld-linux-x86-64|ld-linux-aarch64)\.so' || true)
  printf '%s\n' "$others"
  [ -z "$others" ]
}
for program in streamjson signin-cli; do check "$program needs the C library alone" only_c_library "$program"; done
check "it says its version" "$work/local/bin/streamjson" --version
check "it finds its schemes" "$work/local/bin/streamjson" --check-config
