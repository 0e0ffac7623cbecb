#!/bin/sh
# telegramify-markdown 1.3.3 (npm) writes inline code with a backtick in it such that the Bot API refuses the message.
#
# It makes Telegram's MarkdownV2 of Markdown, and escapes what MarkdownV2 wants escaped: in a block of code a backtick
# is \`. In inline code it is not; Markdown has another way for that, a longer fence, which MarkdownV2 has not. TDLib
# (npm @prebuilt-tdlib/linux-x64-glibc 0.1008065.0, TDLib 1.8.65), whose parser the Bot API's server is built on, finds
# no end of ``a`b`` and refuses all of the text, or reads two codes and loses backticks. Of a block the language is
# gone, though MarkdownV2 has it; a list does not tell what is done from what is to do; a footnote's text is left out.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegramify-markdown@1.3.3 \
  @prebuilt-tdlib/linux-x64-glibc@0.1008065.0 || exit 77

cat >write.cjs <<'END'
const telegramify = require('telegramify-markdown');
for (const markdown of [
  '`ls -l` lists', 'run ``echo `date` `` now', 'a ``b`c`` d', 'a `b``c` d', '```js\nf(`x`)\n```', '- [ ] tea\n- [x] milk',
  'fact[^1]\n\n[^1]: source',
]) console.log(JSON.stringify([markdown, telegramify(markdown, 'escape')]));
END
cat >read.py <<'END'
import ctypes
import json
import sys

library = ctypes.CDLL('node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so')
library.td_execute.restype = ctypes.c_char_p


def execute(**request):
    return json.loads(library.td_execute(json.dumps(request).encode()))


execute(**{'@type': 'setLogVerbosityLevel', 'new_verbosity_level': 0})
for line in sys.stdin:
    markdown, written = json.loads(line)
    mode = {'@type': 'textParseModeMarkdown', 'version': 2}
    seen = execute(**{'@type': 'parseTextEntities', 'text': written, 'parse_mode': mode})
    if seen['@type'] == 'error':
        print(json.dumps(markdown), 'is refused:', seen['message'].split(' at ')[0])
    else:
        kinds = [one['type']['@type'].removeprefix('textEntityType') for one in seen['entities']]
        print(json.dumps(markdown), 'is', json.dumps(seen['text'].strip(), ensure_ascii=False), *kinds)
END
node write.cjs | PYTHONIOENCODING=utf-8 python3 read.py >out
cat out
diff - out <<'END'
"`ls -l` lists" is "ls -l lists" Code
"run ``echo `date` `` now" is "run  echo date   now" Code
"a ``b`c`` d" is refused: Can't parse entities: Can't find end of Code entity
"a `b``c` d" is "a bc d" Code Code
"```js\nf(`x`)\n```" is "f(`x`)" Pre
"- [ ] tea\n- [x] milk" is "•   tea\n•   milk"
"fact[^1]\n\n[^1]: source" is "fact^1"
END
echo 'as found'
