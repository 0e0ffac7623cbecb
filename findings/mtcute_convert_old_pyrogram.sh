#!/bin/sh
# @mtcute/convert 0.29.7 (npm) knows the length of Pyrogram's first session strings, and fails at every one of them.
#
# Pyrogram has had three: its first with a user id of 32 bits (351 characters of base64 for 263 bytes), one with 64 bits
# (356), and the present one with the api id as well (362). parsePyrogramSession tells them apart by the characters, as
# Pyrogram does. But to choose between 32 and 64 bits it compares the number of bytes with 351, a number of characters:
# they are never equal, 64 bits are read where there are 32, and the last of them are behind the end.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @mtcute/convert@0.29.7 || exit 77

cat >write.py <<'END'
import base64
import struct

key = bytes([7]) * 256
for session in struct.pack('>B?256sI?', 2, False, key, 777_000_777, True), \
               struct.pack('>B?256sQ?', 2, False, key, 777_000_777, True), \
               struct.pack('>BI?256sQ?', 2, 12345, False, key, 777_000_777, True):
    print(base64.urlsafe_b64encode(session).decode().rstrip('='))
END
cat >read.mjs <<'END'
import { createInterface } from 'node:readline';
import { parsePyrogramSession } from '@mtcute/convert';

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const { dcId, userId, isBot, authKey } = parsePyrogramSession(line);
    const key = authKey.length === 256 && authKey.every((byte) => byte === 7) ? 'the key' : 'another key';
    console.log(`${line.length} characters: data centre ${dcId}, user ${userId}, ${isBot ? 'a bot' : 'no bot'}, ${key}`);
  } catch (error) {
    console.log(`${line.length} characters: ${error.name}: ${error.message}`);
  }
}
END
python3 write.py | node read.mjs >out
cat out
diff - out <<'END'
351 characters: RangeError: Offset is outside the bounds of the DataView
356 characters: data centre 2, user 777000777, a bot, the key
362 characters: data centre 2, user 777000777, a bot, the key
END
echo 'as found'
