#!/bin/sh
# TDLib (npm @prebuilt-tdlib/linux-x64-glibc 0.1008065.0, TDLib 1.8.65): getTextEntities takes a clock for a place in a
# video, and http://localhost/ for no link.
#
# It finds what is to be clickable in a text. One would expect that an address with http:// in front is a link whatever
# the host; without a dot in the host it is none, so that links to machines of one's own network stay plain, while
# "readme.md" and "192.168.1.1:80" are links without http://. "user@example.org/x" is a link and no e-mail address. A
# time of day, also behind a date, is a place in a video or audio (a media timestamp). A hashtag needs a letter, #2026_
# has none; a mention needs four characters, so that @ada is nobody, but the inline bots @gif and @pic are known by
# name. A phone number is nothing; a card's is found, if its check digit is right.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @prebuilt-tdlib/linux-x64-glibc@0.1008065.0 || exit 77

cat >entities.py <<'END'
import ctypes
import json

library = ctypes.CDLL('node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so')
library.td_execute.restype = ctypes.c_char_p


def execute(**request):
    return json.loads(library.td_execute(json.dumps(request).encode()))


execute(**{'@type': 'setLogVerbosityLevel', 'new_verbosity_level': 0})
for text in (
    'https://example.org/x http://localhost:8080/x https://printer/', 'readme.md 192.168.1.1:80 1.2.3',
    'user@example.org user@example.org/x', 'on 2026-11-30 at 12:30 or 23:59:59', '#2026_ #y2026',
    '@gif @ada @adal @ada_lovelace', '+9996620001', '4111 1111 1111 1111 or 4111 1111 1111 1112',
):
    found = execute(**{'@type': 'getTextEntities', 'text': text})['entities']
    kinds = [f'{one["type"]["@type"][14:]} {text[one["offset"]:one["offset"] + one["length"]]}' for one in found]
    print(f'{text}: {", ".join(kinds) or "nothing"}')
END
python3 entities.py >out
cat out
diff - out <<'END'
https://example.org/x http://localhost:8080/x https://printer/: Url https://example.org/x
readme.md 192.168.1.1:80 1.2.3: Url readme.md, Url 192.168.1.1:80
user@example.org user@example.org/x: EmailAddress user@example.org, Url user@example.org/x
on 2026-11-30 at 12:30 or 23:59:59: MediaTimestamp 12:30, MediaTimestamp 23:59:59
#2026_ #y2026: Hashtag #y2026
@gif @ada @adal @ada_lovelace: Mention @gif, Mention @adal, Mention @ada_lovelace
+9996620001: nothing
4111 1111 1111 1111 or 4111 1111 1111 1112: BankCardNumber 4111 1111 1111 1111
END
echo 'as found'
