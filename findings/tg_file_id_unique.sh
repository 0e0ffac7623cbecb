#!/bin/sh
# tg-file-id 1.1.2 (npm) makes file_unique_ids that Telegram's bots never see.
#
# A file_id begins with the file's type (3: voice, 5: document, 2: photo), a file_unique_id with its kind (0: web,
# 1: photo, 2: document, …), so that one file has one of them, whatever it is used as. tg-file-id puts the type
# where the kind is due: of the voice in its own README it makes AwAD…, which its own decoder calls "secure",
# while the README's next example, and @mtcute/file-id 0.30.3, have AgAD… Photos lack the size at the end, too.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent tg-file-id@1.1.2 @mtcute/file-id@0.30.3 long@5.3.2 || exit 77

cat >unique.mjs <<'END'
import { parseFileId, toFileId, toUniqueFileId } from '@mtcute/file-id';
import Long from 'long';
import tg from 'tg-file-id';

const [id, accessHash] = [Long.fromNumber(1_000_000_007), Long.fromNumber(77)];
const common = { _: 'common', id, accessHash };
const source = { _: 'thumbnail', fileType: 2, thumbnailType: 'x' };
const files = { voice: [3, common], document: [5, common], photo: [2, { _: 'photo', id, accessHash, source }] };
for (const [name, [type, location]] of Object.entries(files)) {
  const file = toFileId({ type, dcId: 2, fileReference: new Uint8Array([1, 2, 3]), location });
  const made = tg.FileId.fromFileId(file).toFileUniqId();
  console.log(`${name}: ${made}, which it reads as ${tg.decodeUniqFileId(made).type}; mtcute ${toUniqueFileId(parseFileId(file))}`);
}
END
node unique.mjs >out
cat out
diff - out <<'END'
voice: AwADB8qaOwAE, which it reads as secure; mtcute AgADB8qaOwAE
document: BQADB8qaOwAE, which it reads as temp; mtcute AgADB8qaOwAE
photo: AgADB8qaOwAE, which it reads as document; mtcute AQADB8qaOwAEfQ
END
echo 'as found'
