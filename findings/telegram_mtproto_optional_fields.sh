#!/bin/sh
# telegram-mtproto 3.2.11 (npm) writes an object's flags, but never the optional fields that they announce.
#
# TL marks with a bit of `flags` that an optional field follows. The library counts a request's flags itself, and writes
# its optional fields. For an object inside of a request the caller says the flags; they are written, and then `fiags`,
# which nobody has, is asked which fields to write: none. So a message with entities, or an inline result with a title,
# goes out without them, and who reads it takes whatever comes next for them. Only fields of type `true`, which are
# nothing but their bit, come through. inputBotInlineMessageText has the same id and fields in this library's layer 57
# and in GramJS's (telegram 2.26.22), so that one's bytes can be held against the other's, and read by it.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram-mtproto@3.2.11 telegram@2.26.22 || exit 77

cat >write.cjs <<'END'
const { Api } = require('telegram');
const { BinaryReader } = require('telegram/extensions');
const { MTProto } = require('telegram-mtproto');
const { Serialization } = require('telegram-mtproto/lib/tl');

const schema = require('telegram-mtproto/schema/api-57.json');
const { uid } = MTProto({ schema, mtSchema: require('telegram-mtproto/schema/mtproto-57.json') });
const write = (object, type) => {
  const serialization = new Serialization({}, uid);
  serialization.storeObject(object, type, '');
  return Buffer.from(serialization.getBytes(true));
};
const read = (bytes) => {
  try {
    return new BinaryReader(bytes).tgReadObject().entities?.length ?? 'no';
  } catch (error) {
    return `${error.constructor.name} instead of`;
  }
};
const bold = { offset: 0, length: 2 };
for (const [flags, entities] of [[1], [3, [bold]]]) {
  const fields = { noWebpage: true, message: 'hi', entities: entities?.map((one) => new Api.MessageEntityBold(one)) };
  const theirs = new Api.InputBotInlineMessageText(fields).getBytes();
  const marked = entities?.map((one) => ({ _: 'messageEntityBold', ...one }));
  const object = { _: 'inputBotInlineMessageText', flags, no_webpage: true, message: 'hi', entities: marked };
  const ours = write(object, 'InputBotInlineMessage');
  for (const [name, bytes] of [['GramJS', theirs], ['telegram-mtproto', ours]]) {
    console.log(`flags ${flags} by ${name}: ${bytes.toString('hex', 4)}, in which GramJS reads ${read(bytes)} entities`);
  }
}
process.exit();
END
node write.cjs >out
cat out
diff - out <<'END'
flags 1 by GramJS: 0100000002686900, in which GramJS reads no entities
flags 1 by telegram-mtproto: 0100000002686900, in which GramJS reads no entities
flags 3 by GramJS: 030000000268690015c4b51c01000000c90b61bd0000000002000000, in which GramJS reads 1 entities
flags 3 by telegram-mtproto: 0300000002686900, in which GramJS reads RangeError instead of entities
END
echo 'as found'
