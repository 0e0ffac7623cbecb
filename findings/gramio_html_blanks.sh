#!/bin/sh
# @gramio/format 0.8.0 (npm): htmlToFormattable joins words that HTML parts, and parts what HTML has in one line.
#
# A blank between two tags is a blank in HTML, and the README says so too: of its first example,
# <p><strong>Hello</strong> <em>world</em></p>, it promises "Hello world". What comes out is "Helloworld": a text of
# white space alone is dropped wherever it stands. At the top, on the other hand, each tag and each text between tags
# counts as a paragraph: "Hello <b>world</b>!", the HTML that bots send, becomes three of them, and a <br> five line
# breaks. And paragraphs of one quote run into each other. The parser below it (node-html-parser 7.1.0, with which it
# was built) hands over every blank.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @gramio/format@0.8.0 node-html-parser@7.1.0 || exit 77

cat >blanks.mjs <<'END'
import { htmlToFormattable } from '@gramio/format/html';

for (const html of [
  '<p><strong>Hello</strong> <em>world</em></p>', '<p><strong>Hello</strong>, <em>world</em></p>',
  'Hello <b>world</b>!', '<p>Hello <b>world</b>!</p>', 'one<br>two', '<p>one<br>two</p>',
  '<p>one</p><p>two</p>', '<blockquote><p>one</p><p>two</p></blockquote>',
]) {
  const { text, entities } = htmlToFormattable(html);
  const kinds = entities.map(({ type, offset, length }) => `${type} ${offset}+${length}`);
  console.log([`${html}:`, JSON.stringify(text), ...kinds].join(' '));
}
END
node blanks.mjs >out
cat out
diff - out <<'END'
<p><strong>Hello</strong> <em>world</em></p>: "Helloworld" bold 0+5 italic 5+5
<p><strong>Hello</strong>, <em>world</em></p>: "Hello, world" bold 0+5 italic 7+5
Hello <b>world</b>!: "Hello \n\nworld\n\n!" bold 8+5
<p>Hello <b>world</b>!</p>: "Hello world!" bold 6+5
one<br>two: "one\n\n\n\n\ntwo"
<p>one<br>two</p>: "one\ntwo"
<p>one</p><p>two</p>: "one\n\ntwo"
<blockquote><p>one</p><p>two</p></blockquote>: "onetwo" blockquote 0+6
END
echo 'as found'
