// An outsider comes to the sandbox by its MTProxy: mtcute, whose own half of the obfuscation and of
// the feigned TLS is what the sandbox's half is held against.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { MtProxyTcpTransport } from '@mtcute/node';
import { Outside, first } from './support/outside.mjs';
import { withVersion } from './support/packages.mjs';
import { mtcuteLayer } from './support/schemes.mjs';
import { Table } from './support/table.mjs';

const table = new Table();
after(() => table.close('mtcute_mtproxy'));

const key = '00112233445566778899aabbccddeeff';
const secrets = { plain: key, dd: `dd${key}`, ee: `ee${key}${Buffer.from('example.org').toString('hex')}` };

for (const [kind, secret] of Object.entries(secrets)) {
  test(`an MTProxy with a ${kind} secret: from sign-in to an update`, { timeout: 60_000 }, async (t) => {
    const outside = await Outside.start(['--sandbox-mtproxy', secret]);
    t.after(() => outside.close());
    const row = table.row(withVersion('@mtcute/node'), mtcuteLayer, `MTProxy, ${kind}`);
    const port = Number(/&port=(\d+)&/.exec(outside.gateway.output)[1]);
    const transport = new MtProxyTcpTransport({ host: '127.0.0.1', port, secret });
    // Nobody listens where it believes data centre 2 to be: the proxy alone knows.
    const client = await outside.client(t, { port: 9, transport });
    const user = await client.start({ phone: '9996620001', code: '22222', codeSentCallback: () => {} });
    assert.equal(user.firstName, 'Ada');
    row.did('code');

    await client.startUpdatesLoop();
    const text = `by ${kind}`;
    const echo = first(client.onNewMessage, (m) => !m.isOutgoing && m.text === text, 'echo');
    assert.equal((await client.sendText('echobot', text)).text, text);
    row.did('send');
    assert.equal((await echo).sender.username, 'echobot');
    row.did('update');
    // Large enough for many records; what can be made shorter mtcute packs.
    for (const bytes of [randomBytes(200_000), Buffer.alloc(200_000, 'again and ')]) {
      const sent = await client.sendMedia('me', { type: 'document', file: bytes, fileName: 'file.bin' });
      assert.ok(Buffer.from(await client.downloadAsBuffer(sent.media)).equals(bytes));
    }
  });
}

test('an MTProxy refuses an outsider with another secret', { timeout: 60_000 }, async (t) => {
  const outside = await Outside.start(['--sandbox-mtproxy', secrets.dd]);
  t.after(() => outside.close());
  const port = Number(/&port=(\d+)&/.exec(outside.gateway.output)[1]);
  const transport = new MtProxyTcpTransport({ host: '127.0.0.1', port, secret: secrets.dd.replace('00', '01') });
  const client = await outside.client(t, { port: 9, transport });
  const answer = client.call({ _: 'help.getNearestDc' });
  const silence = new Promise((resolve) => setTimeout(resolve, 3000, 'silence'));
  assert.equal(await Promise.race([answer, silence]), 'silence');
  answer.catch(() => {});
  assert.match(outside.gateway.text, /sandbox mtproxy refused reason="the proxy's secret does not fit"/);
});
