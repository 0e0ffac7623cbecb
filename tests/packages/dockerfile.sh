# The Dockerfile without Docker: the commands of its two stages are run in a Debian each, and what they
# leave is started as a container would be, by its user on a root that can't be written to. Compiles all.
# Sourced by run.
say "" "== dockerfile"
dockerfile=$top/server/packaging/Dockerfile

# commands STAGE: what its RUN lines say, a line each.
commands() {
  sed -e ':more' -e '/\\$/{N;s/\\\n//;b more' -e '}' "$dockerfile" |
    awk -v stage="$1" '/^FROM /{n++} n == stage && sub(/^RUN /, "")'
}

# stage_root NAME: what debian:bookworm-slim is. Where the way out has an authority of its own, npm has
# to know it there, too.
outer_ca=${NODE_EXTRA_CA_CERTS:-}
stage_root() {
  mmdebstrap --quiet --variant=minbase bookworm "$work/$1" >&2 && cp /etc/resolv.conf "$work/$1/etc/" || return 1
  [ -z "$outer_ca" ] || install -D -m 644 "$outer_ca" "$work/$1/usr/local/share/outer-ca.crt"
}

# run_stage NUMBER FOLDER: in the folder /src, as WORKDIR says.
run_stage() {
  local line
  while IFS= read -r line; do
    say "+ $line"
    unshare --mount --pid --fork --mount-proc="$2/proc" chroot "$2" \
      env -i PATH="$PATH" HOME=/root DEBIAN_FRONTEND=noninteractive \
      ${outer_ca:+NODE_EXTRA_CA_CERTS=/usr/local/share/outer-ca.crt} sh -c "cd /src 2>/dev/null || cd /; $line" >&2 || return 1
  done < <(commands "$1")
}

both_stages() {
  stage_root one && mkdir "$work/one/src" || return 1
  (cd "$top" && git ls-files -z | xargs -0 tar -c) | tar -C "$work/one/src" -x
  run_stage 1 "$work/one" && stage_root two && cp "$work"/one/package/*.deb "$work/two/tmp/" && run_stage 2 "$work/two"
}
check "the commands of both stages do their work" both_stages

# As USER, WORKDIR and --read-only have it.
starts() {
  unshare --mount --net --fork sh -c '
    ip link set lo up
    mount --bind "$1" "$1" && mount -t proc proc "$1/proc" && mount --bind "$1/var/lib/streamjson" "$1/var/lib/streamjson" && mount -o remount,bind,ro "$1"
    in_it() { chroot --userspec=1543:1543 "$1" sh -c "cd /var/lib/streamjson && $2"; }
    # Not by that function: what is ended is to be the program, not a shell before it.
    chroot --userspec=1543:1543 "$1" sh -c "cd /var/lib/streamjson && exec streamjson --sandbox --config /etc/streamjson/streamjson.conf" &
    for i in $(seq 50); do
      sleep 0.2
      in_it "$1" "STREAMJSON_CONFIG=/etc/streamjson/streamjson.conf streamjson --health" && break
    done
    status=$?
    in_it "$1" "! touch /made && test -s accounts.db" || status=1
    kill $!
    wait
    exit $status' - "$work/two"
}
if [ -d "$work/two" ]; then check "it starts without root, on a root that is read-only, and --health says so" starts; fi
has docker && docker version >/dev/null 2>&1 || skip "docker build" "there is no Docker that runs here"
