#!/bin/sh
# GramJS 2.26.22 and teleproto 214.1.7 (npm) know no code blocks in their usual Markdown, and eat what is
# no markup.
#
# Telethon (1.25.1), whose parse modes they took over, makes ``` … ``` a block and [text](url) a link, and leaves
# alone a ** without another. Here the fence becomes inline code between two empty entities, a link stays as it was
# typed, and a single ** is gone. Their second mode, markdownv2, has blocks and links, but takes ** for two empty
# bolds: there one star is due.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram@2.26.22 teleproto@214.1.7 || exit 77

cat >markdown.cjs <<'END'
const library = process.argv[2];
const { MarkdownParser } = require(`${library}/extensions/markdown`);
const { MarkdownV2Parser } = require(`${library}/extensions/markdownv2`);
const show = ([text, entities]) =>
  [JSON.stringify(text), ...entities.map(({ className, offset, length }) => `${className.slice(13)} ${offset}+${length}`)].join(' ');
for (const text of ['```py\nx\n```', '[x](https://example.org)', '**bold**', 'a ** b']) {
  console.log(`${library}: ${JSON.stringify(text)} is ${show(MarkdownParser.parse(text))}; v2: ${show(MarkdownV2Parser.parse(text))}`);
}
END
for library in telegram teleproto; do node markdown.cjs $library; done >out
cat out
for library in telegram teleproto; do
  cat <<END
$library: "\`\`\`py\\nx\\n\`\`\`" is "py\\nx\\n" Code 0+0 Code 0+5 Code 5+0; v2: "py\\nx" Pre 0+4
$library: "[x](https://example.org)" is "[x](https://example.org)"; v2: "x" TextUrl 0+1
$library: "**bold**" is "bold" Bold 0+4; v2: "bold" Bold 0+0 Bold 4+0
$library: "a ** b" is "a  b"; v2: "a  b" Bold 2+0
END
done | diff - out
echo 'as found'
