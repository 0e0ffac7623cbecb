#!/bin/sh
# @mtcute/convert 0.29.7 (npm): a session of Telegram's test servers that goes through tdata comes back as one of the
# real ones.
#
# Test servers have data centres of the same numbers and other keys. mtcute's own sessions say which they mean, and so
# does what convert writes for Telethon and GramJS (by the address) and for Pyrogram and MTKruto (by a mark): those four
# come back unharmed. For Telegram Desktop's folder, where it would belong into the account's settings, convertToTdata
# writes number and key alone, without a word, and convertFromTdata takes the real server's address of that number: the
# key is then shown to a server that never had it. (@mtcute/node 0.29.7 is there for its cryptography.)
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @mtcute/convert@0.29.7 @mtcute/node@0.29.7 || exit 77

cat >convert.mjs <<'END'
import * as convert from '@mtcute/convert';

const { DC_MAPPING_TEST, convertFromTdata, convertToTdata } = convert;
const self = { userId: 777000777, isBot: false, isPremium: false, usernames: [] };
const session = { version: 3, primaryDcs: DC_MAPPING_TEST[2], authKey: new Uint8Array(256).fill(7), self };
const show = (name, { primaryDcs: { main } }) => {
  console.log(`${name}: ${main.testMode ? 'test' : 'real'} server ${main.id} at ${main.ipAddress}`);
};
show('as it was', session);
for (const name of ['Telethon', 'Gramjs', 'Pyrogram', 'Mtkruto']) {
  show(name, convert[`convertFrom${name}Session`](convert[`convertTo${name}Session`](session)));
}
await convertToTdata(session, { path: 'tdata' });
show('tdata', await convertFromTdata({ path: 'tdata' }));
END
node convert.mjs >out
cat out
diff - out <<'END'
as it was: test server 2 at 149.154.167.40
Telethon: test server 2 at 149.154.167.40
Gramjs: test server 2 at 149.154.167.40
Pyrogram: test server 2 at 149.154.167.40
Mtkruto: test server 2 at 149.154.167.40
tdata: real server 2 at 149.154.167.41
END
echo 'as found'
