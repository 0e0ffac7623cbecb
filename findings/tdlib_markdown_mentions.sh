#!/bin/sh
# TDLib (npm @prebuilt-tdlib/linux-x64-glibc 0.1008065.0, TDLib 1.8.65): its two readers of Markdown do not agree
# about `[name](tg://user?id=…)` and `[text](http://host)`.
#
# One would expect that a mention by id, which the bot API documents for Markdown, is one wherever TDLib reads
# Markdown. `parseTextEntities`, which the bot API server uses, makes it a mention of that user; `parseMarkdown`,
# which applications use, makes it a link of that address. And where the host has no dot, `parseTextEntities` drops
# the link but takes the brackets away, while `parseMarkdown` leaves all as it was typed.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @prebuilt-tdlib/linux-x64-glibc@0.1008065.0 || exit 77

cat >markdown.py <<'END'
import ctypes
import json

library = ctypes.CDLL('node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so')
library.td_execute.restype = ctypes.c_char_p


def execute(**request):
    return json.loads(library.td_execute(json.dumps(request).encode()))


def shown(text):
    kinds = [entity['type']['@type'].removeprefix('textEntityType') for entity in text['entities']]
    return text['text'] + ' with ' + (', '.join(kinds) or 'nothing')


execute(**{'@type': 'setLogVerbosityLevel', 'new_verbosity_level': 0})
for typed in '[Ada](tg://user?id=777)', '[here](http://host)', '[here](http://example.org)':
    mode = {'@type': 'textParseModeMarkdown', 'version': 2}
    of_bots = execute(**{'@type': 'parseTextEntities', 'text': typed, 'parse_mode': mode})
    plain = {'@type': 'formattedText', 'text': typed, 'entities': []}
    of_apps = execute(**{'@type': 'parseMarkdown', 'text': plain})
    print(typed)
    print('  parseTextEntities:', shown(of_bots))
    print('  parseMarkdown:', shown(of_apps))
END
python3 markdown.py >out
cat out
diff - out <<'END'
[Ada](tg://user?id=777)
  parseTextEntities: Ada with MentionName
  parseMarkdown: Ada with TextUrl
[here](http://host)
  parseTextEntities: here with nothing
  parseMarkdown: [here](http://host) with nothing
[here](http://example.org)
  parseTextEntities: here with TextUrl
  parseMarkdown: here with TextUrl
END
echo 'as found'
