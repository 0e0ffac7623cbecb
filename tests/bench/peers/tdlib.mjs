// TDLib, which lies where the tests of it are; a proxy leads it to the sandbox. Its databases are off.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { TdlibClient, load } from '../../interop/tdlib/client.mjs';
import { tell, told } from './measure.mjs';

const { tdlib } = createRequire(new URL('../../interop/tdlib/package.json', import.meta.url))('@prebuilt-tdlib/linux-x64-glibc/package.json');
load(told.library, (complaint) => console.error(complaint));
const clients = [];

await tell(`TDLib ${tdlib.version}`, async (phone) => {
  const folder = path.join(path.dirname(told.library), `${process.pid}-${clients.length}`);
  fs.mkdirSync(folder);
  const client = await TdlibClient.open({ folder, detour: told.detour, databases: false });
  if (phone) await client.signIn(phone);
  else await client.state('WaitPhoneNumber');
  client.forget();
  clients.push(client);
  // It has nothing that asks for the raw answer, of which this is the country.
  return async () => {
    const { text } = await client.raw.invoke({ _: 'getCountryCode' });
    if (text.length !== 2) throw new Error(`a country of the wrong length: ${text}`);
  };
  // Its threads abort the process that exits beside them.
}, () => Promise.all(clients.map((client) => client.close())));
