#!/bin/sh
# TDLib (npm @prebuilt-tdlib/linux-x64-glibc 0.1008065.0, TDLib 1.8.65): searchStringsByPrefix finds Cyrillic words by
# Latin letters, and does not look for the beginning of the strings.
#
# It "searches specified query by word prefixes in the provided strings". So one would expect that "world" finds
# "hello world", and does not expect more: in fact "privet" finds "привет" and "ivan" in Cyrillic finds "Ivan", "e"
# finds "é", the words of a query may stand in any order, and signs are nothing at all: "@ad" finds "ada", and "foo"
# the middle of "x_foo" and "x-foo". What it does not find is a word typed with the other keyboard layout. Who puts a
# database's or a language's own prefix search in its place gets other answers. No connection is needed.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @prebuilt-tdlib/linux-x64-glibc@0.1008065.0 || exit 77

cat >search.py <<'END'
import ctypes
import json

library = ctypes.CDLL('node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so')
library.td_execute.restype = ctypes.c_char_p


def execute(**request):
    return json.loads(library.td_execute(json.dumps(request).encode()))


execute(**{'@type': 'setLogVerbosityLevel', 'new_verbosity_level': 0})
for query, strings in {
    'privet': ['hello', 'привет', 'Привет всем'], 'иван': ['Ivan', 'John'], 'ghbdtn': ['привет'],
    'e': ['écho', 'echo'], 'b a': ['a b', 'ba'], '@ad': ['ada', '@ada'], 'foo': ['x_foo', 'x-foo', 'xfoo'],
    'llo': ['hello'],
}.items():
    found = execute(**{'@type': 'searchStringsByPrefix', 'strings': strings, 'query': query, 'limit': 10,
                       'return_none_for_empty_query': True})
    print(f'{query} in {strings}:', ', '.join(strings[i] for i in found['positions']) or 'nothing')
END
PYTHONIOENCODING=utf-8 python3 search.py >out
cat out
diff - out <<'END'
privet in ['hello', 'привет', 'Привет всем']: привет, Привет всем
иван in ['Ivan', 'John']: Ivan
ghbdtn in ['привет']: nothing
e in ['écho', 'echo']: écho, echo
b a in ['a b', 'ba']: a b
@ad in ['ada', '@ada']: ada, @ada
foo in ['x_foo', 'x-foo', 'xfoo']: x_foo, x-foo
llo in ['hello']: nothing
END
echo 'as found'
