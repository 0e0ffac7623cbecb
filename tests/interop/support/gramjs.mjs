// GramJS, or teleproto, which came of it, beside a sandbox whose key it knows.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const bigInt = require('big-integer');

// Its table of keys is not for additions by an option, but it is exported.
export function addKey({ fingerprint, modulus, exponent }, library = 'telegram') {
  require(`${library}/crypto/RSA`)._serverKeys.set(`${fingerprint}`, {
    n: bigInt(modulus.toString('hex'), 16), e: Number.parseInt(exponent.toString('hex'), 16) });
}

// It dials port 80 or 443 whatever the session says, unless its connection class knows better.
export const dialling = (sandbox, Connection) => class extends Connection {
  constructor(options) {
    super({ ...options, port: sandbox.dcs[options.dcId] });
  }
};

export const answers = (phone, more = {}) => ({
  phoneNumber: phone, phoneCode: async () => phone[5].repeat(5),
  onError: async (error) => { throw error; }, ...more });
