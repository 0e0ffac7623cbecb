#!/bin/sh
# remark-telegraph 1.0.4 (npm) loses inline code, and has no tag for emphasis, quotes, breaks and lines; pictures have no
# source.
#
# It makes Telegraph's nodes of Markdown, for remark, whose tree has the types `emphasis`, `blockquote`, `break`,
# `thematicBreak` and `inlineCode`. One would expect at least what plain Markdown has. It looks for `emph`,
# `block_quote`, `linebreak` and `thematic_break`, the names of another parser (commonmark.js), so those five become
# objects without a tag, which a node of Telegraph's must have; `inlineCode` has no other name, and its text is gone. An
# image gets `href`, where Telegraph's <img> has `src`, and a block of code has a text where a list of children is due.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent remark-telegraph@1.0.4 unified@9.2.2 remark-parse@9.0.0 ||
  exit 77

cat >nodes.cjs <<'END'
const remarkParse = require('remark-parse');
const { default: remarkTelegraph } = require('remark-telegraph');
const unified = require('unified');

for (const markdown of [
  '**strong**', '[link](https://example.org)', '- item', '*emphasis*', 'use `code` here', 'one\\\ntwo', '> quote', '---',
  '![image](https://example.org/i.png)', '```\nblock\n```',
]) {
  const { contents } = unified().use(remarkParse).use(remarkTelegraph).processSync(markdown);
  console.log(`${JSON.stringify(markdown)}: ${contents}`);
}
END
node nodes.cjs >out
cat out
diff - out <<'END'
"**strong**": [{"tag":"p","children":[{"tag":"strong","children":["strong"]}]}]
"[link](https://example.org)": [{"tag":"p","children":[{"tag":"a","attrs":{"href":"https://example.org"},"children":["link"]}]}]
"- item": [{"tag":"ul","children":[{"tag":"li","children":[{"tag":"p","children":["item"]}]}]}]
"*emphasis*": [{"tag":"p","children":[{"children":["emphasis"]}]}]
"use `code` here": [{"tag":"p","children":["use ",{}," here"]}]
"one\\\ntwo": [{"tag":"p","children":["one",{},"two"]}]
"> quote": [{"children":[{"tag":"p","children":["quote"]}]}]
"---": [{}]
"![image](https://example.org/i.png)": [{"tag":"p","children":[{"tag":"img","attrs":{"href":"https://example.org/i.png"}}]}]
"```\nblock\n```": [{"tag":"code","children":"block"}]
END
echo 'as found'
