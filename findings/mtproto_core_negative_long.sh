#!/bin/sh
# @mtproto/core 6.3.0 (npm) writes a negative `long` as another number, without an error.
#
# TL's long is signed. @mtproto/core takes decimal text for one, with a minus sign too, but divides towards
# zero where it had to divide towards minus infinity: the upper half is one too great, that is, the number
# sent is 2^32 greater than the one given. Only multiples of 2^32 come out right. It reads longs as
# unsigned, so an access hash that it received itself goes back unharmed; one that a library with signed
# longs stored does not.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @mtproto/core@6.3.0 || exit 77

cat >try.cjs <<'END'
const Serializer = require('@mtproto/core/src/tl/serializer');
const methods = require('@mtproto/core/src/tl/builder');

// users.getUsers ends with the access hash of its last user.
function sent(accessHash) {
  const id = [{ _: 'inputUser', user_id: '777000', access_hash: accessHash }];
  const bytes = Buffer.from(new Serializer(methods['users.getUsers'], { id }).getBytes());
  return bytes.subarray(-8).readBigInt64LE();
}
const signed = ['-1', '-5000000000', '-7318349394477056001'];
for (const given of signed) {
  const unsigned = BigInt.asUintN(64, BigInt(given)).toString();
  console.log(`access_hash ${given}: sent ${sent(given)}; as ${unsigned}: sent ${sent(unsigned)}`);
  if (sent(given) !== BigInt(given) + (1n << 32n)) process.exitCode = 1;
  if (sent(unsigned) !== BigInt(given)) process.exitCode = 1;
}
if (sent('-4294967296') !== -4294967296n) process.exitCode = 1;
END
node try.cjs
echo 'as found'

# Seen:
# access_hash -1: sent 4294967295; as 18446744073709551615: sent -1
# access_hash -5000000000: sent -705032704; as 18446744068709551616: sent -5000000000
