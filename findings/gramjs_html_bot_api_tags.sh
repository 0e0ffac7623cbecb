#!/bin/sh
# GramJS 2.26.22 and teleproto 214.1.7 (npm) let pass several of the Bot API's HTML tags, and format nothing.
#
# The HTML that Telegram documents for bots has <tg-spoiler> and <span class="tg-spoiler">, <strike>, and <ins>. What
# these libraries know instead of the first two is <spoiler>; all four are taken without an error, and their text is
# sent plain: what was to be hidden is shown.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram@2.26.22 teleproto@214.1.7 || exit 77

cat >tags.cjs <<'END'
const library = process.argv[2];
const { HTMLParser } = require(`${library}/extensions/html`);
for (const [open, close] of [
  ['tg-spoiler', 'tg-spoiler'], ['span class="tg-spoiler"', 'span'], ['spoiler', 'spoiler'],
  ['s', 's'], ['del', 'del'], ['strike', 'strike'], ['u', 'u'], ['ins', 'ins'],
]) {
  const [, entities] = HTMLParser.parse(`<${open}>text</${close}>`);
  console.log(`${library}: <${open}> is ${entities.map((one) => one.className.slice(13)).join() || 'nothing'}`);
}
END
for library in telegram teleproto; do node tags.cjs $library; done >out
cat out
for library in telegram teleproto; do
  cat <<END
$library: <tg-spoiler> is nothing
$library: <span class="tg-spoiler"> is nothing
$library: <spoiler> is Spoiler
$library: <s> is Strike
$library: <del> is Strike
$library: <strike> is nothing
$library: <u> is Underline
$library: <ins> is nothing
END
done | diff - out
echo 'as found'
