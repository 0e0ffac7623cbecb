#!/bin/sh
# @mtcute/html-parser 0.30.3 (npm): an entity costs the text around it its line breaks, and code blocks lose what stands
# in <…>, on the way through html.unparse and back.
#
# Its `html` takes white space as browsers do, so html.unparse writes <br> for a line break; but only in a text without
# entities and within the innermost of them. One bold word, or a mention that it does not even write, and the lines
# outside are one when `html` reads them. All text is escaped but that of `pre`: #include <vector> comes back as
# #include, with `thtml` (which keeps white space) as well; as inline code it survives. Custom emoji, which both read,
# neither writes.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @mtcute/html-parser@0.30.3 long@5.3.2 || exit 77

cat >html.mjs <<'END'
import { html, thtml } from '@mtcute/html-parser';
import Long from 'long';

const show = ({ text, entities }) =>
  [JSON.stringify(text), ...entities.map(({ _, offset, length }) => `${_.slice(13)} ${offset}+${length}`)].join(' ');
for (const [text, kind, offset, length] of [
  ['one\ntwo'], ['one\ntwo', 'Bold', 0, 7], ['one\ntwo', 'Bold', 0, 3], ['one\ntwo @ada', 'Mention', 8, 4],
  ['#include <vector>', 'Code', 0, 17], ['#include <vector>', 'Pre', 0, 17], ['x', 'CustomEmoji', 0, 1],
]) {
  const entities = kind ? [{ _: `messageEntity${kind}`, offset, length, documentId: Long.fromNumber(5) }] : [];
  const given = { text, entities };
  console.log(`${show(given)}: html ${show(html(html.unparse(given)))}; thtml ${show(thtml(thtml.unparse(given)))}`);
}
END
node html.mjs >out
cat out
diff - out <<'END'
"one\ntwo": html "one\ntwo"; thtml "one\ntwo"
"one\ntwo" Bold 0+7: html "one\ntwo" Bold 0+7; thtml "one\ntwo" Bold 0+7
"one\ntwo" Bold 0+3: html "one two" Bold 0+3; thtml "one\ntwo" Bold 0+3
"one\ntwo @ada" Mention 8+4: html "one two @ada"; thtml "one\ntwo @ada"
"#include <vector>" Code 0+17: html "#include <vector>" Code 0+17; thtml "#include <vector>" Code 0+17
"#include <vector>" Pre 0+17: html "#include " Pre 0+9; thtml "#include " Pre 0+9
"x" CustomEmoji 0+1: html "x"; thtml "x"
END
echo 'as found'
