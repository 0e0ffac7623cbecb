#!/bin/sh
# Telethon 1.25.1 (Debian 12): resolve_bot_file_id takes no file_id that has a file reference, and every one of the Bot
# API's has; pack_bot_file_id fails with every photo.
#
# One would expect that the two, documented for "Bot API-style" ids, handle what bots see, or refuse it aloud. Ids are
# told apart by their length: a document's is understood if the reference is left out of it, which no bot does; with
# one the answer is None, which also means "no valid id". A photo's is not understood in either form. The ids that
# Telethon itself writes are of version 2, as bots gave them until 2019; for a photo it asks PhotoSize for a field
# that layers ago it had. The ids here are by @mtcute/file-id 0.30.3 (npm), which reads Telethon's, too.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q python3-telethon=1.25.1-1 python3-rsa=4.8-1 python3-pyaes=1.6.1-4 \
  python3-pyasn1=0.4.8-3+deb12u3 >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done
npm install --ignore-scripts --no-audit --no-fund --silent @mtcute/file-id@0.30.3 long@5.3.2 || exit 77

cat >write.mjs <<'END'
import { toFileId } from '@mtcute/file-id';
import Long from 'long';

const [id, accessHash] = [Long.fromNumber(1_000_000_007), Long.fromNumber(77)];
const source = { _: 'thumbnail', fileType: 2, thumbnailType: 'x' };
const files = { voice: [3, { _: 'common', id, accessHash }], photo: [2, { _: 'photo', id, accessHash, source }] };
for (const [name, [type, location]] of Object.entries(files)) {
  for (const [told, fileReference] of [['with', new Uint8Array(25).fill(1)], ['without', null]]) {
    console.log(`${name} ${told} a reference:${toFileId({ type, dcId: 2, fileReference, location })}`);
  }
}
END
cat >read.py <<'END'
import sys
from telethon import types
from telethon.utils import pack_bot_file_id, resolve_bot_file_id

for line in sys.stdin:
    told, file_id = line.strip().split(':')
    file = resolve_bot_file_id(file_id)
    print(f'{told}: {file and file.id}')
common = {'id': 1_000_000_007, 'access_hash': 77, 'file_reference': b'\1' * 25, 'date': None, 'dc_id': 2}
voice = types.Document(**common, mime_type='', size=1, attributes=[types.DocumentAttributeAudio(1, voice=True)])
print('voice written:', pack_bot_file_id(voice))
try:
    print('photo written:', pack_bot_file_id(types.Photo(**common, sizes=[types.PhotoSize('x', 800, 600, 60000)])))
except AttributeError as error:
    print('photo written:', error)
END
node write.mjs | PYTHONPATH=root/usr/lib/python3/dist-packages python3 read.py >out
cat out
diff - out <<'END'
voice with a reference: None
voice without a reference: 1000000007
photo with a reference: None
photo without a reference: None
voice written: AwADAgADB8qaOwAETQAHAg
photo written: 'PhotoSize' object has no attribute 'location'
END
echo 'as found'
