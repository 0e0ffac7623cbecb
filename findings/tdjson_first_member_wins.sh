#!/bin/sh
# TDLib's JSON interface (npm @prebuilt-tdlib/linux-x64-glibc 0.1008065.0, TDLib 1.8.65) takes the first of two
# members of one name; Node.js, Python, jq and most others take the last.
#
# So a request that a program completes by writing a member behind the ones that are there is read differently by
# whatever stands between it and TDLib (a proxy, a log, a test) and by TDLib itself. The documents say nothing.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @prebuilt-tdlib/linux-x64-glibc@0.1008065.0 || exit 77

cat >members.py <<'END'
import ctypes
import json

library = ctypes.CDLL('node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so')
library.td_execute.restype = ctypes.c_char_p


def execute(text):
    return json.loads(library.td_execute(text.encode()))


execute('{"@type":"setLogVerbosityLevel","new_verbosity_level":0}')
text = '{"@type":"setLogVerbosityLevel","new_verbosity_level":1,"new_verbosity_level":0}'
execute(text)
level = execute('{"@type":"getLogVerbosityLevel"}')['verbosity_level']
execute('{"@type":"setLogVerbosityLevel","new_verbosity_level":0}')
print('Python reads', json.loads(text)['new_verbosity_level'], 'and TDLib', level)
END
python3 members.py >out 2>/dev/null
cat out
echo 'Python reads 0 and TDLib 1' | diff - out
echo 'as found'
