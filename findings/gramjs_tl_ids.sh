#!/bin/sh
# GramJS 2.26.22 and teleproto 214.1.7 (npm): parseTl leaves the fields out when it computes a constructor's id.
#
# A line of TL may go without "#id": the id is then the CRC32 of the line, less its punctuation. Telegram's scheme
# spells the id out, nearly always this one, so that every line of it is a test. parseTl also takes lines without, and
# uses the right CRC32; but it fills in the fields only after it has computed it. So each line with fields gets the id of
# one without any, and not an error: of the thousands in these libraries' own schemes not a single one comes out right.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram@2.26.22 teleproto@214.1.7 || exit 77

cat >ids.cjs <<'END'
for (const library of ['telegram', 'teleproto']) {
  const { parseTl } = require(`${library}/tl/generationHelpers`);
  const { crc32 } = require(`${library}/Helpers`);
  const scheme = `${require(`${library}/tl/apiTl.js`)}\n${require(`${library}/tl/schemaTl.js`)}`;
  const counts = { fields: [0, 0, 0], 'no fields': [0, 0, 0] };
  for (const line of scheme.split('\n')) {
    const [, start, id, end] = /^([\w.]+)#([0-9a-f]+)( [^{]*);$/.exec(line.trim()) ?? [];
    if (!id) continue;
    const bare = `${start}${end}`.replace(/([:?])bytes /g, '$1string ').replace(/ \w+:flags\d*\.\d+\?true/g, '')
      .replace(/</g, ' ').replace(/>/g, '');
    const [parsed] = parseTl(`${start}${end};`, 0, [], new Set());
    const count = counts[end.startsWith(' = ') ? 'no fields' : 'fields'];
    count[0]++;
    if (crc32(bare) === parseInt(id, 16)) count[1]++;
    if (parsed.constructorId === parseInt(id, 16)) count[2]++;
  }
  for (const [kind, [all, byCrc, byLibrary]] of Object.entries(counts)) {
    console.log(`${library}: ${all} lines with ${kind}; right by CRC32 ${byCrc}, by parseTl ${byLibrary}`);
  }
}
END
node ids.cjs >out
cat out
diff - out <<'END'
telegram: 1780 lines with fields; right by CRC32 1777, by parseTl 0
telegram: 350 lines with no fields; right by CRC32 350, by parseTl 350
teleproto: 1873 lines with fields; right by CRC32 1870, by parseTl 0
teleproto: 371 lines with no fields; right by CRC32 371, by parseTl 371
END
echo 'as found'
