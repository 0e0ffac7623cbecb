// What a gateway told its data centre: intermediate frames, opened with the key that the client has.
// core.telegram.org/mtproto/description, with Node's own AES: it shares nothing with what it tests.
import { createDecipheriv, createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

const hash = (name, ...parts) => createHash(name).update(Buffer.concat(parts)).digest();

function igeDecrypt(data, key, iv) {
  const aes = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const out = Buffer.alloc(data.length);
  let cipher = iv.subarray(0, 16), plain = iv.subarray(16, 32);
  for (let at = 0; at < data.length; at += 16) {
    const block = data.subarray(at, at + 16);
    const mixed = Buffer.from(block.map((byte, i) => byte ^ plain[i]));
    const opened = aes.update(mixed);
    for (let i = 0; i < 16; i++) out[at + i] = opened[i] ^ cipher[i];
    cipher = block;
    plain = out.subarray(at, at + 16);
  }
  return out;
}

function open(frame, authKey) {
  const msgKey = frame.subarray(8, 24);
  const a = hash('sha256', msgKey, authKey.subarray(0, 36));
  const b = hash('sha256', authKey.subarray(40, 76), msgKey);
  const key = Buffer.concat([a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)]);
  const iv = Buffer.concat([b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)]);
  return igeDecrypt(frame.subarray(24), key, iv);
}

function tlBytes(body) {
  const long = body[0] === 254;
  const length = long ? body.readUIntLE(1, 3) : body[0];
  return body.subarray(long ? 4 : 1, (long ? 4 : 1) + length);
}

// The messages in a payload, those of containers one by one.
function* messages(session, id, seqno, body) {
  const kind = body.readUInt32LE(0);
  if (kind === 0x73f1f8dc) {
    for (let at = 8, n = body.readUInt32LE(4); n > 0; n--) {
      const length = body.readUInt32LE(at + 12);
      yield* messages(session, body.readBigUInt64LE(at), body.readUInt32LE(at + 8),
        body.subarray(at + 16, at + 16 + length));
      at += 16 + length;
    }
  } else if (kind === 0x3072cfa1) {
    yield* messages(session, id, seqno, gunzipSync(tlBytes(body.subarray(4))));
  } else {
    yield { session, id, seqno, kind, body };
  }
}

// All that went up the relay's links under this key, in order: { session, id, seqno, kind, body }.
export function overheard(relay, authKeyBase64) {
  const authKey = Buffer.from(authKeyBase64, 'base64');
  const keyId = hash('sha1', authKey).subarray(12, 20);
  const found = [];
  for (const link of relay.sent) {
    let bytes = Buffer.concat(link);
    if (bytes.length < 4 || bytes.readUInt32LE(0) !== 0xeeeeeeee) continue;
    for (bytes = bytes.subarray(4); bytes.length >= 4;) {
      const length = bytes.readUInt32LE(0);
      if (bytes.length < 4 + length) break;
      const frame = bytes.subarray(4, 4 + length);
      bytes = bytes.subarray(4 + length);
      if (!frame.subarray(0, 8).equals(keyId)) continue;
      const plain = open(frame, authKey);
      const size = plain.readUInt32LE(28);
      found.push(...messages(plain.readBigUInt64LE(8), plain.readBigUInt64LE(16),
        plain.readUInt32LE(24), plain.subarray(32, 32 + size)));
    }
  }
  return found;
}
