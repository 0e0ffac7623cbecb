// The end of a process and the beginning of the next: what clients hear of it. `node
// tests/e2e/restart.mjs` is the long form.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, apart, patience } from './support/gateway.mjs';
import { keep } from './support/named.mjs';
import { RawWebSocket } from './support/raw_websocket.mjs';
import { Relay } from './support/relay.mjs';
import { restarted } from './support/restart.mjs';
import { eventually, metrics } from './support/wire.mjs';

const nearest = { _cons: 'help.getNearestDc' };

test('a restart under 200 clients: all are back soon, and no request is lost without a word', async (t) => {
  const out = await restarted(t, { clients: 200, ms: 1500, within: 5000 * patience });
  assert.deepEqual([out.lost, out.wrong.slice(0, 5)], [0, []]);
  assert.equal(out.answered + out.told + out.late, out.asked);
  for (const { last } of out.restarts) assert.ok(last <= 5000 * patience / 2, `${last} ms`);
  assert.ok(out.closings.includes('the gateway is stopping'), `${out.closings}`);
});

// A gateway whose data centre does not answer any more, asked something.
async function waiting(t, args) {
  const relay = new Relay();
  const { pem } = await apart(t, relay);
  const gateway = await Gateway.start(['--server', `127.0.0.1:${relay.port}`, '--rsa', pem, '--api-id', '12345',
    '--api-hash', 'abcdef', ...args]);
  const client = await Client.connect(gateway.port);
  t.after(() => {
    client.close();
    gateway.child.kill('SIGKILL');
  });
  await client.call(nearest);
  relay.hold();
  client.send({ id: 1, timeout: 60, message: nearest });
  await eventually(async () => (await metrics(gateway.port)).get('streamjson_requests_in_flight') === 1, 'in flight');
  return { gateway, client, relay };
}

test('SIGTERM waits for an answer that comes within --drain', async (t) => {
  const { gateway, client, relay } = await waiting(t, ['--drain', '20']);
  const exit = gateway.stop();
  await eventually(() => /stopping/.test(gateway.errors), 'the end begins');
  relay.release();
  assert.equal((await client.next((reply) => reply.id === 1)).message._cons, 'nearestDc');
  await client.ended;
  assert.equal((await exit).status, 0);
});

test('--drain bounds how long an answer is waited for', async (t) => {
  const { gateway, client } = await waiting(t, ['--drain', '300ms']);
  const began = performance.now();
  const { status } = await gateway.stop();
  assert.equal(status, 0);
  assert.ok(performance.now() - began < 3000 * patience);
  await client.ended;
  assert.ok(!client.received.some(({ value }) => value.id === 1));
});

test('a second SIGTERM ends at once what waits for answers', async (t) => {
  const { gateway, client } = await waiting(t, ['--drain', '600']);
  gateway.child.kill('SIGTERM');
  await eventually(() => /stopping/.test(gateway.errors), 'the end begins');
  const began = performance.now();
  gateway.child.kill('SIGTERM');
  const { status } = await gateway.exited;
  assert.equal(status, 1);
  assert.ok(performance.now() - began < 2000 * patience);
  await client.ended;
});

test('a WebSocket that waits for an answer when the time is over is told so with 1001', async (t) => {
  const { gateway } = await waiting(t, ['--drain', '1']);
  const socket = await RawWebSocket.open(gateway.port);
  socket.send({ id: 7, timeout: 60, message: nearest });
  await eventually(async () => (await metrics(gateway.port)).get('streamjson_requests_in_flight') === 2, 'in flight');
  const exit = gateway.stop();
  const { code, reason } = await socket.closed();
  assert.equal(code, 1001);
  assert.match(reason, /stopping/);
  assert.equal((await exit).status, 0);
});

test('who comes while the gateway stops is refused, and nobody is left hanging', async (t) => {
  const { gateway } = await waiting(t, ['--drain', '2']);
  const exit = gateway.stop();
  await eventually(() => /stopping/.test(gateway.errors), 'the end begins');
  const error = await new Promise((resolve) => {
    const socket = net.connect(gateway.port, '127.0.0.1', () => resolve(null));
    socket.on('error', resolve);
  });
  assert.equal(error?.code, 'ECONNREFUSED');
  assert.equal((await exit).status, 0);
});

test('who follows events is asked to come again after a second', async (t) => {
  const gateway = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:']);
  t.after(() => gateway.close());
  await keep(gateway);
  const { body } = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/ada/events?after=0`);
  const exit = gateway.stop();
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) text += chunk;
  assert.match(text, /^retry: 1000$/m);
  assert.equal((await exit).status, 0);
});
