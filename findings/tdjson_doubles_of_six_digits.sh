#!/bin/sh
# TDLib's JSON interface (npm @prebuilt-tdlib/linux-x64-glibc 0.1008065.0, TDLib 1.8.65) writes every double
# with six digits behind the point.
#
# One would expect that a number comes back as what was sent, or at least as the nearest double, as JSON
# libraries write it. Here 0.0000001 becomes 0.000000, and what is below half a millionth zero, while a large
# number gets six zeros behind it; 0.1 is 0.100000. So a value does not survive its way through TDLib unless it is
# a multiple of 0.000001. `getJsonString` shows it without a connection.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @prebuilt-tdlib/linux-x64-glibc@0.1008065.0 || exit 77

cat >doubles.py <<'END'
import ctypes
import json

library = ctypes.CDLL('node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so')
library.td_execute.restype = ctypes.c_char_p


def execute(**request):
    return json.loads(library.td_execute(json.dumps(request).encode()))


execute(**{'@type': 'setLogVerbosityLevel', 'new_verbosity_level': 0})
for number in 0.1, 1e-7, 4e-7, 6e-7, 55.123456789, 1e21:
    value = {'@type': 'jsonValueNumber', 'value': number}
    print(number, 'is written as', execute(**{'@type': 'getJsonString', 'json_value': value})['text'])
END
python3 doubles.py >out
cat out
diff - out <<'END'
0.1 is written as 0.100000
1e-07 is written as 0.000000
4e-07 is written as 0.000000
6e-07 is written as 0.000001
55.123456789 is written as 55.123457
1e+21 is written as 1000000000000000000000.000000
END
echo 'as found'
