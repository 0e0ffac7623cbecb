#!/bin/sh
# telegram-mtproto 3.2.11 (npm) writes the two halves of a double in the wrong order, and reads them in the right one.
#
# A double in TL has eight bytes, the least first. The library's own reader takes them so: a venue's place that the
# server sends arrives unharmed. What it writes begins with the four greater bytes. So no place can be sent: 52.5
# degrees of latitude go out as 5e-315, on the equator, and the library does not read back itself what it wrote. Zero
# comes through, and the few other numbers whose halves are the same.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram-mtproto@3.2.11 || exit 77

cat >doubles.cjs <<'END'
const { MTProto } = require('telegram-mtproto');
const { Deserialization, Serialization } = require('telegram-mtproto/lib/tl');

const schema = require('telegram-mtproto/schema/api-57.json');
const { uid } = MTProto({ schema, mtSchema: require('telegram-mtproto/schema/mtproto-57.json') });
const read = (bytes) => new Deserialization(new Uint8Array(bytes).buffer, {}, uid).fetchObject('double', '');
for (const number of [0, 1, 52.5, -13.375]) {
  const right = Buffer.alloc(8);
  right.writeDoubleLE(number);
  const serialization = new Serialization({}, uid);
  serialization.storeObject(number, 'double', '');
  const written = Buffer.from(serialization.getBytes(true));
  console.log(`${number}: ${right.toString('hex')} is read as ${read(right)}, ` +
    `but ${written.toString('hex')} is written, read as ${read(written)}`);
}
process.exit();
END
node doubles.cjs >out
cat out
diff - out <<'END'
0: 0000000000000000 is read as 0, but 0000000000000000 is written, read as 0
1: 000000000000f03f is read as 1, but 0000f03f00000000 is written, read as 5.299808824e-315
52.5: 0000000000404a40 is read as 52.5, but 00404a4000000000 is written, read as 5.32903095e-315
-13.375: 0000000000c02ac0 is read as -13.375, but 00c02ac000000000 is written, read as 1.592881049e-314
END
echo 'as found'
