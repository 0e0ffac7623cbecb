// GramJS, which lies where the tests of it are.
import { createRequire } from 'node:module';
import { withVersion } from '../../interop/support/packages.mjs';
import { codeOf, here, tell, told } from './measure.mjs';

const require = createRequire(new URL('../../interop/package.json', import.meta.url));
const { Api, TelegramClient } = require('telegram');
const { StringSession } = require('telegram/sessions');
const { LogLevel, Logger } = require('telegram/extensions/Logger');
const { ConnectionTCPFull } = require('telegram/network/connection');
const { _serverKeys } = require('telegram/crypto/RSA');
const bigInt = require('big-integer');

// Its table of keys is not for additions by an option, but it is exported; and it dials port 80 or
// 443 whatever the session says, unless its connection class knows better.
_serverKeys.set(told.key.fingerprint, { n: bigInt(told.key.modulus, 16), e: Number.parseInt(told.key.exponent, 16) });
class Connection extends ConnectionTCPFull {
  constructor(options) {
    super({ ...options, port: told.port });
  }
}

await tell(withVersion('telegram', 'GramJS'), async (phone) => {
  const session = new StringSession('');
  session.setDC(2, '127.0.0.1', told.port);
  const client = new TelegramClient(session, 12345, 'abcdef', { connection: Connection, baseLogger: new Logger(LogLevel.NONE) });
  if (phone) {
    await client.start({ phoneNumber: phone, phoneCode: async () => codeOf(phone), onError: async (error) => { throw error; } });
  } else {
    await client.connect();
  }
  return async () => here((await client.invoke(new Api.help.GetNearestDc())).thisDc);
});
