#!/bin/sh
# @mtcute/markdown-parser 0.30.3 (npm): md.unparse closes a tag one character late, if what follows had to be escaped.
#
# One would expect that md reads back what md.unparse made of a text and its entities: it is the library's own kind of
# Markdown. So it is, until what is marked is followed at once by one of * _ - ~ ` [ ] \ |. The closing tag then goes
# between that character and its backslash, and the backslash escapes the tag: of a bold "well" in "well-known" two
# stars remain in the text and nothing is bold; in "name_txt" the italics grow by the underscore; a link in square
# brackets stays as it was written. What needs no escape, a blank, a dot or a round bracket, does no harm.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @mtcute/markdown-parser@0.30.3 || exit 77

cat >markdown.mjs <<'END'
import { md } from '@mtcute/markdown-parser';

const show = ({ text, entities }) =>
  [JSON.stringify(text), ...entities.map(({ _, offset, length }) => `${_.slice(13)} ${offset}+${length}`)].join(' ');
for (const [text, kind, offset, length] of [
  ['well known', 'Bold', 0, 4], ['well-known', 'Bold', 0, 4], ['name.txt', 'Italic', 0, 4],
  ['name_txt', 'Italic', 0, 4], ['(here)', 'TextUrl', 1, 4], ['[here]', 'TextUrl', 1, 4],
]) {
  const given = { text, entities: [{ _: `messageEntity${kind}`, offset, length, url: 'https://example.org' }] };
  const made = md.unparse(given);
  console.log(`${show(given)} is made ${made} and read as ${show(md(made))}`);
}
END
node markdown.mjs >out
cat out
diff - out <<'END'
"well known" Bold 0+4 is made **well** known and read as "well known" Bold 0+4
"well-known" Bold 0+4 is made **well\**-known and read as "**well-known"
"name.txt" Italic 0+4 is made __name__.txt and read as "name.txt" Italic 0+4
"name_txt" Italic 0+4 is made __name\___txt and read as "name_txt" Italic 0+5
"(here)" TextUrl 1+4 is made ([here](https://example.org)) and read as "(here)" TextUrl 1+4
"[here]" TextUrl 1+4 is made \[[here\](https://example.org)] and read as "[[here](https://example.org)]"
END
echo 'as found'
