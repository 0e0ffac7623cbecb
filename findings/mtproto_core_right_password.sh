#!/bin/sh
# @mtproto/core 6.3.0 (npm): of 128 sign-ins with the right password one is refused.
#
# Who has set a second password proves it by SRP: both sides hash numbers of 2048 bits, and Telegram's documents want
# each in 256 bytes. getSRPParams, which this library has for it, fills up g only. If g_a (A) or the shared secret
# begins with a zero byte, and of 256 one does, it is hashed a byte short, and M1 is not the server's: to the user a
# wrong password, until another try. @mtcute/core 0.30.3 fills up all. Here both get the same secrets of three kinds,
# and a server's half, as documented, compares; the prime is the 2048 bits of RFC 3526.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @mtproto/core@6.3.0 @mtcute/core@0.30.3 || exit 77

cat >password.mjs <<'END'
import { createHash, getDiffieHellman, pbkdf2Sync } from 'node:crypto';
import { computeSrpParams } from '@mtcute/core/utils.js';
import Crypto from '@mtproto/core/src/crypto/index.js';

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const pbkdf2 = (password, salt, rounds) => pbkdf2Sync(password, salt, rounds, 64, 'sha512');
const number = (bytes) => BigInt(`0x${bytes.toString('hex')}`);
const inFull = (value) => Buffer.from(value.toString(16).padStart(512, '0'), 'hex');
const p = getDiffieHellman('modp14').getPrime();
function power(base, exponent) {
  const half = exponent > 1n ? power((base * base) % number(p), exponent >> 1n) : 1n;
  return exponent & 1n ? (half * base) % number(p) : half;
}
const [password, salt1, salt2] = ['a made-up one', Buffer.alloc(40, 1), Buffer.alloc(16, 2)];
const salted = (data, salt) => sha256(salt, data, salt);
const first = salted(salted(Buffer.from(password), salt1), salt2);
const verifier = power(2n, number(salted(pbkdf2(first, salt1, 100000), salt2)));
const b = number(Buffer.alloc(256, 3));
const B = inFull((number(sha256(p, inFull(2n))) * verifier + power(2n, b)) % number(p));

function judge(a, { A, M1 }) {
  const full = inFull(power(2n, a));
  const secret = inFull(power(number(full) * power(verifier, number(sha256(full, B))), b));
  const mixed = sha256(p).map((byte, i) => byte ^ sha256(inFull(2n))[i]);
  const due = sha256(mixed, sha256(salt1), sha256(salt2), full, B, sha256(secret));
  return `${A.length} bytes of A, ${due.equals(M1) ? 'right' : 'wrong'}`;
}
const _ = 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow';
const request = { currentAlgo: { _, salt1, salt2, g: 2, p }, srpB: B, srpId: { low: 1 } };
for (const [kind, a] of [['no zero in front', 3000n], ['a zero in front of A', 3835n], ['of the secret', 3417n]]) {
  const getRandomBytes = () => inFull(a);
  const crypto = new Crypto({ SHA1: null, SHA256: async (data) => sha256(data), PBKDF2: pbkdf2, getRandomBytes });
  const theirs = await crypto.getSRPParams({ g: 2, p, salt1, salt2, gB: B, password });
  const others = await computeSrpParams({ sha256, pbkdf2, randomBytes: getRandomBytes }, request, password);
  console.log(`${kind}: @mtproto/core ${judge(a, theirs)}; mtcute ${judge(a, others)}`);
}
END
node password.mjs >out
cat out
diff - out <<'END'
no zero in front: @mtproto/core 256 bytes of A, right; mtcute 256 bytes of A, right
a zero in front of A: @mtproto/core 255 bytes of A, wrong; mtcute 256 bytes of A, right
of the secret: @mtproto/core 256 bytes of A, wrong; mtcute 256 bytes of A, right
END
echo 'as found'
