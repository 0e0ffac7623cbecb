// @mtcute/node, which lies where the tests of it are.
import { createRequire } from 'node:module';
import { withVersion } from '../../interop/support/packages.mjs';
import { codeOf, here, tell, told } from './measure.mjs';

const require = createRequire(new URL('../../interop/package.json', import.meta.url));
const { LogManager, addPublicKey } = require('@mtcute/core/utils.js');
const { MemoryStorage, TelegramClient } = require('@mtcute/node');
const { NodeCryptoProvider } = require('@mtcute/node/utils.js');

const provider = new NodeCryptoProvider();
await provider.initialize?.();
addPublicKey(provider, told.key.pem);
const dc = (mediaOnly) => ({ id: 2, ipAddress: '127.0.0.1', port: told.port, mediaOnly });

await tell(withVersion('@mtcute/node'), async (phone) => {
  const client = new TelegramClient({ apiId: 12345, apiHash: 'abcdef', storage: new MemoryStorage(),
    defaultDcs: { main: dc(false), media: dc(true) }, logLevel: LogManager.ERROR });
  if (phone) await client.start({ phone, code: codeOf(phone), codeSentCallback: () => {} });
  else await client.connect();
  return async () => here((await client.call({ _: 'help.getNearestDc' })).thisDc);
});
