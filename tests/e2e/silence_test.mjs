// Peers of WebSocket that fall silent: asked after 25 s, given up before a minute is over. All at
// once, because each takes that long.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { Gateway, patience, pause } from './support/gateway.mjs';
import { stringify } from './support/json.mjs';
import { RawWebSocket, op } from './support/raw_websocket.mjs';
import { eventually, metrics } from './support/wire.mjs';

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.close());

const minute = 60_000;
// Seconds until the socket was closed.
async function life(socket, begun) {
  await socket.wire.when(() => (socket.wire.over ? true : undefined), 'end', minute * patience);
  return (Date.now() - begun) / 1000;
}

describe('WebSocket and silence', { concurrency: true }, () => {
  test('a peer that answers pings stays, and is asked again', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`);
    let pings = 0, closed = false;
    socket.on('ping', () => pings++);
    socket.on('close', () => (closed = true));
    await eventually(() => pings >= 2, 'two pings', minute * patience);
    await pause(6000); // past the time at which a silent one is given up
    assert.equal(closed, false);
    socket.close(1000);
  });

  test('a peer that answers no ping is given up within a minute', async () => {
    const socket = await RawWebSocket.open(gateway.port);
    const begun = Date.now();
    const ping = await Promise.race([socket.frame(), pause(40_000 * patience)]);
    assert.equal(ping?.code, op.ping);
    assert.ok(Date.now() - begun > 20_000);
    const took = await life(socket, begun);
    assert.ok(took > 40 && took < 58 * patience, `${took} s`);
    socket.close();
  });

  test('a peer that stopped reading with answers under way is given up, too', async () => {
    const other = await Gateway.start();
    const socket = await RawWebSocket.open(other.port);
    socket.wire.socket.pause();
    for (let id = 1; id < 40; id++) socket.send({ id, options: {}, '@extra': 'x'.repeat(300_000) });
    await eventually(async () => (await metrics(other.port)).get('streamjson_clients{kind="websocket"}') === 0,
      'it is given up', minute * patience);
    assert.match(other.errors, /it is silent/);
    socket.close();
    await other.close();
  });

  test('requests are a sign of life as good as pongs', async () => {
    const socket = await RawWebSocket.open(gateway.port);
    for (let id = 1; id <= 6; id++) {
      await pause(10_000);
      socket.send(stringify({ id, options: {} }));
      assert.equal((await socket.next()).id, id);
    }
    assert.deepEqual(socket.seen, [], 'nobody had to ask');
    socket.close();
  });
});
