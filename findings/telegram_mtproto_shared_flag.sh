#!/bin/sh
# telegram-mtproto 3.2.11 (npm): two fields that share a bit of the flags set the next bit instead.
#
# In TL several fields may hang on one bit: auth.sendCode of this library's layer 57 has flags.0 for both
# allow_flashcall and current_number, which belong together. The library counts the flags itself and adds 1 << 0 for
# each of the two that is given: 2, so bit 1, which means nothing there. current_number is written all the same, and the
# server takes it for api_id. One of the two alone comes out well, but then the other is missing. And a field of type
# `true` that is given as false sets its bit.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram-mtproto@3.2.11 || exit 77

cat >flags.cjs <<'END'
const { MTProto } = require('telegram-mtproto');
const { Serialization } = require('telegram-mtproto/lib/tl');

const schema = require('telegram-mtproto/schema/api-57.json');
const { uid } = MTProto({ schema, mtSchema: require('telegram-mtproto/schema/mtproto-57.json') });
for (const method of ['auth.sendCode', 'account.sendConfirmPhoneCode']) {
  const { params } = schema.methods.find((one) => one.method === method);
  console.log(`${method}: ${params.map(({ name, type }) => `${name}:${type}`).join(' ')}`);
  for (const chosen of [{}, { current_number: true }, { allow_flashcall: true, current_number: true },
    { allow_flashcall: false }]) {
    const serialization = new Serialization({}, uid);
    serialization.storeMethod(method, { phone_number: '9996620001', api_id: 5, api_hash: 'ab', hash: 'ab', ...chosen });
    const bytes = Buffer.from(serialization.getBytes(true));
    console.log(`  ${JSON.stringify(chosen)}: flags ${bytes.readUInt32LE(4)}, then ${bytes.toString('hex', 8)}`);
  }
}
process.exit();
END
node flags.cjs >out
cat out
diff - out <<'END'
auth.sendCode: flags:# allow_flashcall:flags.0?true phone_number:string current_number:flags.0?Bool api_id:int api_hash:string
  {}: flags 0, then 0a39393936363230303031000500000002616200
  {"current_number":true}: flags 1, then 0a3939393636323030303100b57572990500000002616200
  {"allow_flashcall":true,"current_number":true}: flags 2, then 0a3939393636323030303100b57572990500000002616200
  {"allow_flashcall":false}: flags 1, then 0a39393936363230303031000500000002616200
account.sendConfirmPhoneCode: flags:# allow_flashcall:flags.0?true hash:string current_number:flags.0?Bool
  {}: flags 0, then 02616200
  {"current_number":true}: flags 1, then 02616200b5757299
  {"allow_flashcall":true,"current_number":true}: flags 2, then 02616200b5757299
  {"allow_flashcall":false}: flags 1, then 02616200
END
echo 'as found'
