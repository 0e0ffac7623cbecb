// @mtproto/core beside a sandbox whose addresses and key it knows.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const MTProto = require('@mtproto/core');
const bigInt = require('big-integer');

// It drops the zeros in front of a new key, which one in 256 has, and then takes the sandbox's answer for
// a false one: it is given numbers that lead to no such key.
function avoidShortKeys(client) {
  const { getRandomBytes } = client.crypto;
  const isShort = ({ gA, dhPrime, isAuth }, b) => gA && !isAuth && gA.modPow(b, dhPrime).bitLength() <= 2040;
  client.crypto.getRandomBytes = (size) => {
    for (;;) {
      const bytes = getRandomBytes(size);
      const b = size === 256 && bigInt(Buffer.from(bytes).toString('hex'), 16);
      if (!b || ![...client.rpcs.values()].some((rpc) => isShort(rpc, b))) return bytes;
    }
  };
}

export function mtprotoCoreClient(t, sandbox, storageOptions) {
  const client = new MTProto({ api_id: 12345, api_hash: 'abcdef', storageOptions });
  // Its lists of addresses and of keys have no option.
  client.dcList = Object.entries(sandbox.dcs).map(([id, port]) => ({ id: Number(id), ip: '127.0.0.1', port }));
  const { fingerprint, modulus, exponent } = sandbox.key;
  client.crypto.rsa.getRsaKeyByFingerprints = async (offered) => {
    const found = offered.find((one) => BigInt.asIntN(64, BigInt(one)) === fingerprint);
    assert.ok(found, 'the sandbox offers another key');
    return { fingerprint: found, modulus: modulus.toString('hex'), exponent: exponent.toString('hex') };
  };
  avoidShortKeys(client);
  client.hangUp = () => {
    for (const { transport } of client.rpcs.values()) {
      transport.connect = () => {};
      transport.socket.destroy();
    }
  };
  t.after(() => client.hangUp());
  return client;
}
