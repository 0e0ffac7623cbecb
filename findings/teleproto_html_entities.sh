#!/bin/sh
# teleproto 214.1.7 (npm), which goes on from GramJS, does not undo &amp; and &lt; in its HTML parse mode.
#
# In GramJS 2.26.22 "<b>R&amp;D</b>" is sent as a bold "R&D"; one would expect the same of its successor. There the
# text goes out with "&amp;" in it, and so does a link's address, which is another address then; and a link to
# mailto: whose text is the address itself is sent twice.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram@2.26.22 teleproto@214.1.7 || exit 77

cat >html.cjs <<'END'
const library = process.argv[2];
const { HTMLParser } = require(`${library}/extensions/html`);
for (const html of [
  '<b>R&amp;D</b>',
  '<a href="https://example.org/?a=1&amp;b=2">look</a>',
  '<a href="mailto:ada@example.org">ada@example.org</a>',
]) {
  const [text, entities] = HTMLParser.parse(html);
  console.log(`${library}: ${html} is "${text}"${entities[0].url ? ` to ${entities[0].url}` : ''}`);
}
END
for library in telegram teleproto; do node html.cjs $library; done >out
cat out
diff - out <<'END'
telegram: <b>R&amp;D</b> is "R&D"
telegram: <a href="https://example.org/?a=1&amp;b=2">look</a> is "look" to https://example.org/?a=1&b=2
telegram: <a href="mailto:ada@example.org">ada@example.org</a> is "ada@example.org"
teleproto: <b>R&amp;D</b> is "R&amp;D"
teleproto: <a href="https://example.org/?a=1&amp;b=2">look</a> is "look" to https://example.org/?a=1&amp;b=2
teleproto: <a href="mailto:ada@example.org">ada@example.org</a> is "ada@example.orgada@example.org"
END
echo 'as found'
