#!/bin/sh
# TDLib's JSON interface (npm @prebuilt-tdlib/linux-x64-glibc 0.1008065.0, TDLib 1.8.65) takes "4" for an integer
# of 32 bits, and refuses 4.0 and 4e0.
#
# Its documents ask for strings where an integer has 64 bits, and for numbers elsewhere. In fact a string of digits
# passes everywhere, while a number is read by its text: what R, Octave, Gson's maps or Lua may make of an integer
# on its way, 4.0, is an error. null, and no member at all, are 0 without a word: to leave out the one argument of
# setLogVerbosityLevel silences the log.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @prebuilt-tdlib/linux-x64-glibc@0.1008065.0 || exit 77

cat >integers.py <<'END'
import ctypes
import json

library = ctypes.CDLL('node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so')
library.td_execute.restype = ctypes.c_char_p


def execute(text):
    return json.loads(library.td_execute(text.encode()))


for member in ',"new_verbosity_level":1', ',"new_verbosity_level":"1"', ',"new_verbosity_level":1.0', \
              ',"new_verbosity_level":1e0', ',"new_verbosity_level":true', ',"new_verbosity_level":null', '':
    execute('{"@type":"setLogVerbosityLevel","new_verbosity_level":2}')
    answer = execute('{"@type":"setLogVerbosityLevel"%s}' % member)
    level = execute('{"@type":"getLogVerbosityLevel"}')['verbosity_level']
    print(member[1:] or 'nothing', 'is', 'refused' if answer['@type'] == 'error' else level)
END
python3 integers.py >out 2>/dev/null
cat out
diff - out <<'END'
"new_verbosity_level":1 is 1
"new_verbosity_level":"1" is 1
"new_verbosity_level":1.0 is refused
"new_verbosity_level":1e0 is refused
"new_verbosity_level":true is refused
"new_verbosity_level":null is 0
nothing is 0
END
echo 'as found'
