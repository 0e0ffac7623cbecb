// A gateway that keeps an account and is killed again and again while somebody writes to it: what the
// log, a stream of events and a webhook have at the end.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { EventSource } from 'eventsource';
import { Client } from './client.mjs';
import { Gateway, apart, patience, pause } from './gateway.mjs';
import { api, follow, keep, receiver, texts, until } from './named.mjs';
import { Relay } from './relay.mjs';

const own = ['--api-id', '12345', '--api-hash', 'abcdef'];

// One gateway after another on the same store, behind the same port.
class Immortal {
  constructor(args, relay) {
    Object.assign(this, { args, relay });
  }
  async start() {
    this.now = await Gateway.start(this.args);
    this.relay.target = this.now.port;
  }
  async kill() {
    this.now.child.kill('SIGKILL');
    await this.now.exited;
    await this.start();
  }
}

// What a receiver has, by number: one that did not hear its answer sends a batch again.
function delivered(calls) {
  const byNumber = new Map();
  for (const { body } of calls) for (const item of JSON.parse(body).updates) byNumber.set(item.update_seq, texts(item));
  return { numbers: [...byNumber.keys()], texts: [...byNumber.values()].flat() };
}
const dense = (numbers) => assert.deepEqual(numbers, numbers.map((_, i) => i + 1));

// `key`: a file to be made.
export async function killed(t, { kills, store, key, say = () => {} }) {
  // In a PostgreSQL the next one waits for the lease of the one that died.
  const leases = store.startsWith('postgresql:') ? 1000 : 0;
  fs.writeFileSync(key, crypto.randomBytes(32), { mode: 0o600 });
  const { sandbox, pem, gateway: other } = await apart(t, new Relay());
  const relay = new Relay(), hook = await receiver(t);
  const gateway = new Immortal(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', pem, '--store', store,
    '--store-key', key, '--allow-webhook', '127.0.0.1', ...(leases ? ['--lease-ttl', `${leases}ms`] : []), ...own], relay);
  await gateway.start();
  t.after(() => gateway.now.close());
  await relay.listen(gateway.now.port);
  t.after(() => relay.close());
  await keep(gateway.now);
  await api(gateway.now, '/ada/webhooks/ops', { method: 'PUT', body: { url: hook.url } });
  const heard = follow(t, EventSource, `http://127.0.0.1:${relay.port}/api/v1/ada/events?after=0`);
  const sender = await Client.connect(other.port);
  t.after(() => sender.close());
  await sender.signIn('9996620001');

  const said = [];
  let over = false;
  const talk = (async () => {
    while (!over) {
      said.push(`said ${said.length}`);
      await sender.call({ _cons: 'messages.sendMessage', peer: 'me', message: said.at(-1) });
      await pause(Math.random() * 20);
    }
  })();
  for (let kill = 1; kill <= kills; kill += 1) {
    await pause(leases + 50 + Math.random() * 400 * patience);
    await gateway.kill();
    say(kill, said.length);
  }
  over = true;
  await talk;

  const mine = (all) => all.filter((text) => text.startsWith('said '));
  await until(() => mine(heard.texts()).length >= said.length, 'all events', 60_000 * patience);
  assert.deepEqual(mine(heard.texts()), said, 'events');
  dense(heard.numbers());
  const log = [];
  for (let page; !page || page.result.length > 0; log.push(...page.result)) {
    page = await api(gateway.now, `/ada/updates?limit=1000&after=${log.at(-1)?.update_seq ?? 0}`);
  }
  assert.deepEqual(mine(log.flatMap(texts)), said, 'log');
  dense(log.map(({ update_seq: n }) => n));
  await until(() => mine(delivered(hook.calls).texts).length >= said.length, 'all calls', 60_000 * patience);
  assert.deepEqual(mine(delivered(hook.calls).texts), said, 'webhook');
  dense(delivered(hook.calls).numbers);
  return { said: said.length, calls: hook.calls.length, updates: log.length };
}
