#!/bin/sh
# @telegraf/entity 0.7.0 (npm) escapes the text of a message only if the message has an entity.
#
# toMarkdownV2 and toHTML make the Bot API's MarkdownV2 or HTML of a message, its text escaped, as their README has
# it: Telegram-compatible. Where nothing is formatted at all, the simplest case, they return the text as it is. TDLib
# (npm @prebuilt-tdlib/linux-x64-glibc 0.1008065.0, TDLib 1.8.65), whose parser the Bot API's server is built on, then
# takes "2 * 3 * 4" for a bold 3 and eats the stars, and refuses "1. one" and "a < b". One bold word at the end, and
# the same text comes back unharmed.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @telegraf/entity@0.7.0 \
  @prebuilt-tdlib/linux-x64-glibc@0.1008065.0 || exit 77

cat >write.cjs <<'END'
const { toHTML, toMarkdownV2 } = require('@telegraf/entity');
for (const text of ['2 * 3 * 4', 'snake_case_name', '1. one', 'a < b']) {
  const entities = [{ type: 'bold', offset: text.length + 1, length: 3 }];
  for (const message of [{ text }, { text: `${text} end`, entities }]) {
    console.log(JSON.stringify({ text: message.text, markdown: toMarkdownV2(message), html: toHTML(message) }));
  }
}
END
cat >read.py <<'END'
import ctypes
import json
import sys

library = ctypes.CDLL('node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so')
library.td_execute.restype = ctypes.c_char_p


def execute(**request):
    return json.loads(library.td_execute(json.dumps(request).encode()))


def read(text, mode):
    seen = execute(**{'@type': 'parseTextEntities', 'text': text, 'parse_mode': mode})
    if seen['@type'] == 'error':
        return 'refused'
    kinds = [entity['type']['@type'].removeprefix('textEntityType') for entity in seen['entities']]
    return ' '.join([f'"{seen["text"]}"', *kinds])


execute(**{'@type': 'setLogVerbosityLevel', 'new_verbosity_level': 0})
for line in sys.stdin:
    message = json.loads(line)
    of_markdown = read(message['markdown'], {'@type': 'textParseModeMarkdown', 'version': 2})
    of_html = read(message['html'], {'@type': 'textParseModeHTML'})
    print(f'"{message["text"]}": by MarkdownV2 {of_markdown}; by HTML {of_html}')
END
node write.cjs >written
python3 read.py <written >out
cat out
diff - out <<'END'
"2 * 3 * 4": by MarkdownV2 "2  3  4" Bold; by HTML "2 * 3 * 4"
"2 * 3 * 4 end": by MarkdownV2 "2 * 3 * 4 end" Bold; by HTML "2 * 3 * 4 end" Bold
"snake_case_name": by MarkdownV2 "snakecasename" Italic; by HTML "snake_case_name"
"snake_case_name end": by MarkdownV2 "snake_case_name end" Bold; by HTML "snake_case_name end" Bold
"1. one": by MarkdownV2 refused; by HTML "1. one"
"1. one end": by MarkdownV2 "1. one end" Bold; by HTML "1. one end" Bold
"a < b": by MarkdownV2 "a < b"; by HTML refused
"a < b end": by MarkdownV2 "a < b end" Bold; by HTML "a < b end" Bold
END
echo 'as found'
