// Round trips of GramJS, which lies where the tests of it are.
import { createRequire } from 'node:module';
import { withVersion } from '../../interop/support/packages.mjs';
import { tell, told } from './round_trips.mjs';

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

const session = new StringSession('');
session.setDC(2, '127.0.0.1', told.port);
const client = new TelegramClient(session, 12345, 'abcdef', { connection: Connection,
  baseLogger: new Logger(LogLevel.NONE) });
await client.connect();
await tell(withVersion('telegram', 'GramJS'), () => client.invoke(new Api.help.GetNearestDc()));
await client.destroy();
process.exit(0);
