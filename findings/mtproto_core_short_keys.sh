#!/bin/sh
# @mtproto/core 6.3.0 (npm) fails at one key exchange in 256, and leaves 255 numbers where a key was due.
#
# An auth key is g_a^b mod dh_prime in 256 bytes, whatever it begins with. @mtproto/core writes the number
# without the zeros in front: the key that it stores, and whose SHA1 it checks the server's new_nonce_hash1
# with, is a byte short where the number is. The right answer of a server is then "Invalid hash in
# mt_dh_gen_ok", a rejection that no caller can catch; what is in the storage is no key of anybody's, and
# is used at the next start. Who reads such a file must not fill it up.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @mtproto/core@6.3.0 || exit 77

cat >try.cjs <<'END'
const crypto = require('node:crypto');
const bigInt = require('big-integer');
const RPC = require('@mtproto/core/src/rpc');

const prime = BigInt('0x' + /'(c71caeb9[0-9a-f]+)'/.exec(RPC.prototype.verifyDhParams.toString())[1]);
function power(base, exponent) {
  let out = 1n;
  for (; exponent > 0n; exponent >>= 1n, base = (base * base) % prime) if (exponent & 1n) out = (out * base) % prime;
  return out;
}
const sha1 = async (bytes) => new Uint8Array(crypto.createHash('sha1').update(bytes).digest());
const gA = power(3n, 0x1234567890abcdefn);

// What it stores of the key of which `b` is drawn.
async function stored(b) {
  const kept = {};
  const rpc = { g: bigInt(3), gA: bigInt(gA), dhPrime: bigInt(prime), nonce: new Uint8Array(16),
    serverNonce: new Uint8Array(16), newNonce: new Uint8Array(32), tmpAesKey: new Uint8Array(32),
    tmpAesIV: new Uint8Array(32), setStorageItem: async (name, value) => void (kept[name] = value),
    sendPlainMessage() {}, crypto: { SHA1: sha1, getRandomBytes: (size) => size === 256 ? b : new Uint8Array(size) } };
  await RPC.prototype.generateDH.call(rpc);
  const key = Buffer.from(power(gA, BigInt('0x' + b.toString('hex'))).toString(16).padStart(512, '0'), 'hex');
  const right = Buffer.from((await sha1(key)).subarray(0, 8)).equals(Buffer.from(rpc.authKeyAuxHash));
  return { front: key[0], numbers: kept.authKey.length, right };
}

(async () => {
  for (const zero of [false, true]) {
    let b;
    do b = crypto.randomBytes(256);
    while ((power(gA, BigInt('0x' + b.toString('hex'))) >> 2040n === 0n) !== zero);
    const { front, numbers, right } = await stored(b);
    console.log(`a key that begins with ${zero ? 'a zero' : 'another byte'}: ${numbers} numbers stored, ` +
      `its hash is ${right ? 'right' : 'wrong'}`);
    if ((front === 0) !== zero || numbers !== (zero ? 255 : 256) || right === zero) process.exitCode = 1;
  }
})();
END
node try.cjs
echo 'as found'

# Seen:
# a key that begins with another byte: 256 numbers stored, its hash is right
# a key that begins with a zero: 255 numbers stored, its hash is wrong
