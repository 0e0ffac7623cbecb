// mtcute with perfect forward secrecy: its temporary keys are made, bound and used in the sandbox.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../e2e/support/client.mjs';
import { Relay } from '../e2e/support/relay.mjs';
import { Outside, first } from './support/outside.mjs';

const relay = new Relay();
let outside;
before(async () => {
  outside = await Outside.start();
  await relay.listen(outside.gateway.dcs[2]);
});
after(async () => {
  await relay.close();
  await outside?.close();
  // With temporary keys mtcute goes on with some timer after it was destroyed.
  setTimeout(() => process.exit(), 1000).unref();
});

const bindings = () => outside.gateway.errors.match(/method=auth\.bindTempAuthKey$/gm)?.length ?? 0;
const secret = (t) => outside.client(t, { port: relay.port, network: { usePfs: true } });

test('signs in under a temporary key, writes, hears, and goes on after a cut', { timeout: 120_000 }, async (t) => {
  const client = await secret(t);
  const before = bindings();
  const user = await client.start({ phone: '9996620001', code: '22222', codeSentCallback: () => {} });
  assert.equal(user.firstName, 'Ada');
  assert.ok(bindings() > before);
  await client.startUpdatesLoop();
  const echo = first(client.onNewMessage, (m) => !m.isOutgoing && m.text === 'under a temporary key', 'echo');
  await client.sendText('echobot', 'under a temporary key');
  assert.equal((await echo).sender.username, 'echobot');

  relay.cut();
  const again = first(client.onNewMessage, (m) => !m.isOutgoing && m.text === 'after the cut', 'echo', 60_000);
  await client.sendText('echobot', 'after the cut');
  assert.equal((await again).sender.username, 'echobot');
});

test('with a two-step password, and beside a client of the gateway that does the same', { timeout: 120_000 }, async (t) => {
  const client = await secret(t);
  const user = await client.start({ phone: '9996620002', code: '22222', password: 'sandbox', codeSentCallback: () => {} });
  assert.equal(user.firstName, 'Grace');
  await client.startUpdatesLoop();
  const ours = await Client.connect(outside.gateway.port);
  t.after(() => ours.close());
  await ours.request({ options: { pfs: true } });
  await ours.signIn('9996620002', { password: 'sandbox' });
  const heard = first(client.onNewMessage, (m) => m.text === 'from one to the other', 'message');
  await ours.call({ _cons: 'messages.sendMessage', message: 'from one to the other', peer: { _cons: 'inputPeerSelf' } });
  await heard;
  await client.sendText('echobot', 'and back');
  await ours.newMessage('and back');
});
