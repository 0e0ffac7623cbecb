// What a service manager such as systemd hears of streamjson, and sockets that it passes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { folder, patience, pause } from './support/gateway.mjs';
import { ServiceManager } from './support/service_manager.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const tcp = ['port=tcp:127.0.0.1:0'];

const connected = async (t, where) => {
  const client = await Client.connect(where);
  t.after(() => client.close());
  return client;
};

test('a service manager hears READY once clients may come, STOPPING at the end', async (t) => {
  const manager = await ServiceManager.start(t, { sockets: tcp });
  await manager.hears('READY=1');
  await connected(t, manager.ports[0]);
  assert.equal(await manager.stop(), 0);
  assert.match(manager.told.at(-1), /^STOPPING=1$/m);
  assert.ok(manager.told.indexOf('READY=1') < manager.told.length - 1);
});

test('SIGHUP is RELOADING with the time at which it began, and then READY', async (t) => {
  const manager = await ServiceManager.start(t, { sockets: tcp });
  await manager.hears('READY=1');
  const from = manager.events.length;
  const before = process.hrtime.bigint() / 1000n; // CLOCK_MONOTONIC
  manager.say('signal SIGHUP');
  const { notify } = await manager.hears('RELOADING=1', from);
  const began = BigInt(/^MONOTONIC_USEC=(\d+)$/m.exec(notify)[1]);
  assert.ok(began >= before && began <= process.hrtime.bigint() / 1000n);
  await manager.hears('READY=1', from);
  assert.match(manager.text, /schemes were read again/);
});

test('STATUS says how many clients there are, and nothing where that is the same', async (t) => {
  const manager = await ServiceManager.start(t, { sockets: tcp, watchdog: 400_000 });
  await manager.hears('STATUS=0 clients, 0 accounts in use');
  await connected(t, manager.ports[0]);
  await manager.hears('STATUS=1 client, 0 accounts in use');
  await pause(1000);
  const told = manager.told.filter((line) => line.startsWith('STATUS='));
  assert.deepEqual(told, [...new Set(told)]);
});

test('the watchdog is fed at half its time', async (t) => {
  const watchdog = 1_000_000 * patience;
  const manager = await ServiceManager.start(t, { sockets: tcp, watchdog });
  await manager.hears('WATCHDOG=1');
  await pause(watchdog / 1000 * 3);
  const fed = manager.events.filter((event) => event.notify === 'WATCHDOG=1').map((event) => event.at);
  assert.ok(fed.length >= 6, `${fed.length}`);
  assert.ok(fed.length <= 8, `${fed.length}`);
  const gaps = fed.slice(1).map((at, i) => at - fed[i]);
  assert.ok(Math.max(...gaps) < watchdog / 1000, `${gaps}`);
});

test('the watchdog is not fed while one thread hangs, and is again once it turns', async (t) => {
  const watchdog = 200_000;
  const manager = await ServiceManager.start(t, { sockets: tcp, watchdog,
    args: ['--sandbox', '--sandbox-port', '0', '--threads', '3'] });
  await manager.hears('WATCHDOG=1');
  manager.say('hold loop-1');
  if ((await manager.next((event) => 'held' in event)).held === null) assert.fail('there is no such thread');
  await pause(300); // what was on its way
  const from = manager.events.length;
  await pause(2000);
  assert.deepEqual(manager.events.slice(from).filter((event) => event.notify), []);
  assert.match(manager.text, /thread=1 has not turned for ms=\d+: the service manager's watchdog is not fed/);
  manager.say('let');
  await manager.hears('WATCHDOG=1', from);
  assert.match(manager.text, /all threads turn again/);
});

test('passed sockets are all that is listened on, TCP and a socket file', async (t) => {
  const file = path.join(folder(t), 'socket');
  const manager = await ServiceManager.start(t, {
    sockets: [...tcp, `listen=unix:${file}`, ...tcp],
    // 1 is not permitted, or taken: nobody tries.
    args: ['--sandbox', '--sandbox-port', '0', '--port', '1', '--listen', 'unix:/no/such/folder/socket'] });
  await manager.hears('READY=1');
  for (const where of [...manager.ports, { path: file }]) {
    const client = await connected(t, where);
    assert.equal((await client.call(nearest))._cons, 'nearestDc');
  }
  assert.equal(await manager.stop(), 0);
  assert.ok(fs.existsSync(file), 'it belongs to the service manager');
});

test('who connects while streamjson is started again waits, and is served', async (t) => {
  const manager = await ServiceManager.start(t, { sockets: tcp });
  await manager.hears('READY=1');
  assert.equal(await manager.stop(), 0);
  const early = [];
  for (let i = 0; i < 20; ++i) early.push(await connected(t, manager.ports[0]));
  const answers = early.map((client) => client.call(nearest));
  manager.say('start');
  for (const answer of answers) assert.equal((await answer)._cons, 'nearestDc');
});

for (const [spec, why] of [
  ['port=udp:127.0.0.1:0', /the socket "port" \(3\).*it is for datagrams/],
  ['listen=tcp:127.0.0.1:0', /the socket "listen" \(3\).*it is no socket file; FileDescriptorName=port/],
  ['http=tcp:127.0.0.1:0', /the socket "http" \(3\).*there is no listener of that name; FileDescriptorName=port/],
]) {
  test(`a passed socket ${spec.split(':')[0]} is refused in words`, async (t) => {
    const manager = await ServiceManager.start(t, { sockets: [spec] });
    assert.equal((await manager.next((event) => 'exited' in event)).exited, 1);
    assert.match(manager.text, why);
    assert.deepEqual(manager.told, []);
  });
}

test('a passed socket beyond loopback wants token and TLS as any other', async (t) => {
  const manager = await ServiceManager.start(t, { sockets: ['port=tcp:0.0.0.0:0'] });
  assert.equal((await manager.next((event) => 'exited' in event)).exited, 1);
  assert.match(manager.text, /listening on 0\.0\.0\.0 would let in whoever reaches that address/);
});
