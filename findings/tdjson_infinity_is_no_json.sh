#!/bin/sh
# TDLib's JSON interface (npm @prebuilt-tdlib/linux-x64-glibc 0.1008065.0, TDLib 1.8.65) answers with `inf`, which
# is no JSON.
#
# One would expect that what comes out of a JSON interface can be read as JSON, or that a number which no double
# holds is an error. Here `getJsonValue` takes 1e400, which is valid JSON, and writes the double that became of it
# as C's printf does: `"value":inf`. JSON.parse and the like refuse the whole answer; Python takes `Infinity`, but
# not this. Its own `getJsonString` does not take back what it has written.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @prebuilt-tdlib/linux-x64-glibc@0.1008065.0 || exit 77

cat >infinity.py <<'END'
import ctypes
import json

library = ctypes.CDLL('node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so')
library.td_execute.restype = ctypes.c_char_p
library.td_execute(b'{"@type":"setLogVerbosityLevel","new_verbosity_level":0}')

for number in '1e308', '1e400', '-1e400':
    answer = library.td_execute(json.dumps({'@type': 'getJsonValue', 'json': number}).encode()).decode()
    value = answer[answer.index('"value":') + len('"value":'):].rstrip('}')
    try:
        json.loads(answer)
        print(number, 'is answered by JSON')
    except ValueError:
        print(number, 'is answered by', value, 'which is no JSON')

back = b'{"@type":"getJsonString","json_value":{"@type":"jsonValueNumber","value":inf}}'
print('inf is taken back:', json.loads(library.td_execute(back))['@type'] == 'text')
END
python3 infinity.py >out
cat out
diff - out <<'END'
1e308 is answered by JSON
1e400 is answered by inf which is no JSON
-1e400 is answered by -inf which is no JSON
inf is taken back: False
END
echo 'as found'
