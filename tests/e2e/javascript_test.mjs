// The JavaScript client in Node, over TCP and a socket file, against streamjson and its sandbox.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { connect, GatewayError, RpcError } from '../../web/client.js';
import { folder, Gateway } from './support/gateway.mjs';

const scratch = folder();
const socketFile = path.join(scratch, 'gateway.sock');
let gateway;

before(async () => {
  gateway = await Gateway.start(['--sandbox', '--host', 'localhost', '--listen', `unix:${socketFile}`]);
});
after(() => gateway?.close());

async function client(t, url = `tcp://localhost:${gateway.port}`, options = {}) {
  const tg = await connect(url, options);
  t.after(() => tg.close());
  return tg;
}

test('signs in, writes to the bot and hears its answer', async (t) => {
  const tg = await client(t);
  const user = await tg.signIn({ phone: '9996620001', code: '22222' });
  assert.equal(user.first_name, 'Ada');
  const heard = (async () => {
    for await (const update of tg.updates()) {
      if (update.updates?.some((one) => one.message?.message === 'from JavaScript')) return true;
    }
    return false;
  })();
  await tg.call('messages.sendMessage', { peer: '@echobot', message: 'from JavaScript' });
  assert.equal(await heard, true);
});

test('signs in with a two-step password', async (t) => {
  const tg = await client(t);
  const user = await tg.signIn({ phone: '9996620002', code: '22222', password: 'sandbox' });
  assert.equal(user.first_name, 'Grace');
});

test('a session goes on over a socket file', async (t) => {
  const first = await client(t);
  await first.signIn({ phone: '9996620001', code: '22222' });
  const session = await first.session();
  first.close();
  const second = await client(t, `unix:${socketFile}`, { session });
  const [me] = await second.call('users.getUsers', { id: ['me'] });
  assert.equal(me.first_name, 'Ada');
  assert.equal(typeof me.id, 'string');
});

test('what Telegram refuses is an RpcError, what the gateway refuses a GatewayError', async (t) => {
  const tg = await client(t);
  await assert.rejects(tg.call('messages.getDialogs', { offset_peer: { _cons: 'inputPeerEmpty' } }),
    (error) => error instanceof RpcError && error.code === 401 && error.name === 'AUTH_KEY_UNREGISTERED');
  await assert.rejects(tg.call('messages.getDialog'),
    (error) => error instanceof GatewayError && error.name === 'SchemeError' && error.path === '/message/_cons');
});
