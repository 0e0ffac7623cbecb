#!/bin/sh
# GramJS (npm telegram 2.26.22): a StringSession whose server is "::1" does not survive its own save().
#
# GramJS stores the address as text with its length before it, and recognises Telethon's sessions (four
# bytes of address) by the length of the whole text: 352 characters. Base64 rounds up, so an address of one
# to three characters has that length too, and the loopback address of IPv6 is one. The string that save()
# gave is read as Telethon's, without an error: other address, other port, and a key of 257 bytes.
# "127.0.0.1" and longer addresses of IPv6 are fine.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram@2.26.22 || exit 77

cat >try.cjs <<'END'
const { StringSession } = require('telegram/sessions');
const { AuthKey } = require('telegram/crypto/AuthKey');

async function roundTrip(address) {
  const before = new StringSession('');
  before.setDC(2, address, 443);
  before.authKey = new AuthKey();
  await before.authKey.setKey(Buffer.alloc(256, 7));
  const after = new StringSession(before.save());
  await after.load();
  const key = after.authKey.getKey();
  return `${after.serverAddress} port ${after.port}, key of ${key.length} bytes`;
}
async function main() {
  const expected = {
    '127.0.0.1': '127.0.0.1 port 443, key of 256 bytes',
    '2001:67c:4e8:f002::a': '2001:67c:4e8:f002::a port 443, key of 256 bytes',
    '::1': '0.3.58.58 port 12545, key of 257 bytes',
  };
  for (const [address, found] of Object.entries(expected)) {
    const seen = await roundTrip(address);
    console.log(`saved ${address} port 443, key of 256 bytes; read ${seen}`);
    if (seen !== found) process.exitCode = 1;
  }
}
main();
END
node try.cjs
echo 'as found'

# Seen:
# saved ::1 port 443, key of 256 bytes; read 0.3.58.58 port 12545, key of 257 bytes
