// Processes that are stopped, killed and started again, a network that goes away: each request gets
// one reply, nothing is done twice, and with recovery on every update arrives once and in order.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { stringify } from './support/json.mjs';
import { Gateway, folder, patience, pause } from './support/gateway.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const say = (message) => ({ _cons: 'messages.sendMessage', peer: 'me', message });
const found = (title) => ({ _cons: 'messages.createChat', title, users: [{ _cons: 'inputUserSelf' }] });

// A data centre that remembers, and a gateway, each a process. `through`: what starts them.
class Town {
  static async start(t, { through = () => [], args = [] } = {}) {
    const town = new Town();
    const dir = folder(t);
    town.dir = dir;
    town.through = through;
    town.sandboxArgs = ['--sandbox', '--sandbox-key', `${dir}/key.pem`, '--sandbox-state', `${dir}/state`,
      '--sandbox-public-key', `${dir}/public.pem`];
    town.clients = [];
    t.after(() => {
      town.clients.forEach((client) => client.close());
      for (const one of [town.gateway, town.sandbox]) one?.child.kill('SIGCONT');
    });
    await town.found();
    t.after(() => town.sandbox.close());
    town.gateway = await Gateway.start(['--server', `127.0.0.1:${town.sandbox.dcs[2]}`, '--rsa', `${dir}/public.pem`,
      '--api-id', '12345', '--api-hash', 'abcdef', ...args],
    { through: through(town.sandbox.child.pid), port: args.includes('--listen') ? null : '0' });
    t.after(() => town.gateway.close());
    return town;
  }

  async client(phone = '9996620001') {
    const client = await Client.connect(this.where ?? this.gateway.port);
    this.clients.push(client);
    if (phone) await client.signIn(phone);
    return client;
  }

  // One that hears of everything that the others do, numbered.
  async listener() {
    const client = await this.client(null);
    await client.request({ options: { updates: 'recover' } });
    await client.signIn('9996620001');
    for (;;) {
      const { session } = await client.request({ session: {} });
      if (session.updates?.pts) break;
      await pause(20);
    }
    client.received.length = 0;
    return client;
  }

  // A data centre on ports that it can have again: three in a row that are free.
  async found() {
    for (let tries = 0; !this.sandbox; ++tries) {
      this.base = 20_000 + Math.floor(Math.random() * 10_000);
      try {
        await this.restart();
      } catch (error) {
        if (tries === 5) throw error;
      }
    }
  }

  async restart() {
    this.sandbox = await Gateway.start([...this.sandboxArgs, '--sandbox-port', `${this.base}`],
      { through: this.through(this.gateway?.child.pid) });
  }

  // Stops one of the processes, and comes back once it stands still.
  async stop({ child }) {
    child.kill('SIGSTOP');
    const state = () => fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1][0];
    for (let waited = 0; state() !== 'T'; waited += 5) {
      assert.ok(waited < 5000 * patience, 'it does not stop');
      await pause(5);
    }
  }

  // Until the state file holds this text.
  async saved(text) {
    for (let waited = 0; waited < 15_000 * patience; waited += 100) {
      if (fs.existsSync(`${this.dir}/state`) && fs.readFileSync(`${this.dir}/state`, 'utf8').includes(text)) return;
      await pause(100);
    }
    assert.fail(`"${text}" is not saved`);
  }
}

// Requests of every kind at once: that say something, that read, that have an effect which nothing
// tells from its repetition.
class Flood {
  constructor(client, tag, { timeout = 10 } = {}) {
    this.client = client;
    this.tag = tag;
    this.asked = new Map();
    for (let i = 0; i < 10; ++i) {
      this.#send(`${tag} said ${i}`, say(`${tag} said ${i}`), timeout);
      this.#send(`${tag} read ${i}`, nearest, timeout);
      if (i % 2) this.#send(`${tag} chat ${i}`, found(`${tag} chat ${i}`), timeout);
    }
  }

  #send(id, message, timeout) {
    this.asked.set(id, message);
    this.client.send({ id, timeout, message });
  }

  // The replies, one each; `allowed` besides those that are answers.
  async replies(allowed = [], ms = 30_000 * patience) {
    const replies = await Promise.all([...this.asked.keys()].map(async (id) =>
      [id, await this.client.next((line) => line.id === id, `reply ${id}`, ms)]));
    for (const [, reply] of replies) {
      const what = reply.error ?? reply.message?._cons;
      assert.ok(what && what !== 'rpc_error', stringify(reply));
      if (reply.error || what === 'rpc_timeout') assert.ok(allowed.includes(what), stringify(reply));
    }
    this.done = new Map(replies.map(([id, reply]) => [id, !reply.error && reply.message._cons !== 'rpc_timeout']));
    return replies.map(([, reply]) => reply.error ?? reply.message._cons);
  }

  // No second reply; and what was done was done once, as somebody else sees it.
  async check(witness) {
    const again = this.client.received.filter(({ value }) => this.asked.has(value.id));
    assert.deepEqual(again.map(({ text }) => text), []);
    const said = await texts(witness, this.tag);
    const dialogs = await witness.call({ _cons: 'messages.getDialogs', limit: 100,
      offset_date: 0, offset_id: 0, offset_peer: { _cons: 'inputPeerEmpty' }, hash: 0 });
    const titles = dialogs.chats.map(({ title }) => title);
    for (const [id, done] of this.done) {
      if (id.includes(' read ')) continue;
      const times = (id.includes(' said ') ? said : titles).filter((one) => one === id).length;
      assert.ok(times <= 1, `"${id}" was done ${times} times`);
      if (done) assert.equal(times, 1, `"${id}" was not done`);
    }
  }
}

// What was said under this tag, in its order.
async function texts(client, tag) {
  const { messages } = await client.call({ _cons: 'messages.getHistory', peer: 'me', limit: 100 }, { timeout: 30 });
  return messages.map(({ message }) => message).filter((text) => text?.startsWith(tag)).reverse();
}

const numbered = (client) => client.received.map(({ value }) => value).filter((v) => v.update_seq !== undefined);
function heard(client, tag) {
  const all = numbered(client);
  all.forEach((value, i) => assert.equal(Number(value.update_seq), Number(all[0].update_seq) + i, stringify(value)));
  return all.flatMap(({ message }) => message.updates ?? [])
    .filter((u) => u._cons === 'updateNewMessage' && u.message.message?.startsWith(tag)).map((u) => u.message.message);
}
async function hears(client, tag, witness) {
  const wanted = await texts(witness, tag);
  for (let waited = 0; waited < 30_000 * patience && heard(client, tag).length < wanted.length; waited += 50) await pause(50);
  await pause(500); // what would come twice
  assert.deepEqual(heard(client, tag), wanted);
}

const town = (name, body) => test(name, { timeout: 120_000 * patience }, async (t) => {
  await body(await Town.start(t));
});

town('a data centre that is stopped for a while answers all that was asked, once', async (it) => {
  const sender = await it.client();
  const listener = await it.listener();
  await it.stop(it.sandbox);
  const flood = new Flood(sender, 'stopped');
  await pause(4000);
  it.sandbox.child.kill('SIGCONT');
  await flood.replies();
  await flood.check(listener);
  await hears(listener, 'stopped', sender);
});

town('a data centre that is stopped for longer than requests wait: they end in time, and once', async (it) => {
  const sender = await it.client();
  const listener = await it.listener();
  await it.stop(it.sandbox);
  const begun = Date.now();
  const flood = new Flood(sender, 'long', { timeout: 2 });
  const said = await flood.replies(['rpc_timeout', 'ConnectionError']);
  assert.ok(Date.now() - begun < 2000 + 1500 * patience);
  assert.ok(said.every((what) => what === 'rpc_timeout' || what === 'ConnectionError'), said.join());
  await pause(1000);
  it.sandbox.child.kill('SIGCONT');
  await sender.call(say('long after'), { timeout: 30 });
  await flood.check(sender);
  await hears(listener, 'long', sender);
});

town('a gateway that is stopped while its clients write goes on where it was', async (it) => {
  const sender = await it.client();
  const listener = await it.listener();
  const before = new Flood(sender, 'gateway before');
  await it.stop(it.gateway);
  const meanwhile = new Flood(sender, 'gateway while');
  await pause(4000);
  it.gateway.child.kill('SIGCONT');
  for (const flood of [before, meanwhile]) await flood.replies();
  for (const flood of [before, meanwhile]) await flood.check(sender);
  await hears(listener, 'gateway', sender);
});

town('a data centre that is killed and comes back: what can be known is, nothing is done twice', async (it) => {
  const sender = await it.client();
  const listener = await it.listener();
  await sender.call(say('killed before'));
  await it.saved('killed before');
  // Whatever is asked now lies in its socket and dies with it.
  await it.stop(it.sandbox);
  const flood = new Flood(sender, 'killed', { timeout: 25 });
  await pause(500);
  it.sandbox.child.kill('SIGKILL');
  await it.sandbox.exited;
  await it.restart();
  const outcomes = await flood.replies(['OutcomeUnknown']);
  assert.equal(outcomes.filter((what) => what === 'nearestDc').length, 10);
  const unknown = [...flood.done].filter(([, done]) => !done).map(([id]) => id);
  assert.ok(unknown.every((id) => id.includes(' chat ')), unknown.join());
  await sender.call(say('killed after'), { timeout: 20 });
  await flood.check(sender);
  await hears(listener, 'killed', sender);
});

// A network of their own, in which nothing but the two lives; clients come by a socket file.
const cuttable = process.getuid?.() === 0 &&
  spawnSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up']).status === 0 &&
  spawnSync('nsenter', ['--version']).status === 0;
const cut = (name, body) => test(name, {
  timeout: 120_000 * patience, skip: !cuttable && 'no network namespaces here (root, unshare, ip)',
}, async (t) => {
  const file = path.join(folder(t), 'socket');
  const through = (pid) => (pid ? ['nsenter', '-t', `${pid}`, '-n']
    : ['unshare', '-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']);
  const it = await Town.start(t, { through, args: ['--listen', `unix:${file}`] });
  it.where = { path: file };
  const link = (state) => execFileSync('nsenter', ['-t', `${it.gateway.child.pid}`, '-n', 'ip', 'link', 'set', 'lo', state]);
  await body(it, link);
});

cut('a network that goes away for a while costs nothing but time', async (it, link) => {
  const sender = await it.client();
  const listener = await it.listener();
  await sender.call(say('cut before'));
  link('down');
  const flood = new Flood(sender, 'cut', { timeout: 25 });
  await pause(5000);
  link('up');
  await flood.replies();
  await flood.check(sender);
  await hears(listener, 'cut', sender);
});

cut('a network that goes away again and again: one reply each, nothing twice, no update lost', async (it, link) => {
  const sender = await it.client();
  const listener = await it.listener();
  const floods = [];
  for (let i = 0; i < 4; ++i) {
    floods.push(new Flood(sender, `again ${i}`, { timeout: 25 }));
    await pause(30 * i);
    link('down');
    await pause(700);
    link('up');
    await pause(300);
  }
  for (const flood of floods) await flood.replies(['OutcomeUnknown']);
  for (const flood of floods) await flood.check(sender);
  await hears(listener, 'again', sender);
});

town('a data centre that forgot the sessions over a restart goes on telling who asks nothing', async (it) => {
  const listener = await it.client();
  await it.saved('9996620001');
  await it.sandbox.close();
  await it.restart();
  const sender = await it.client(null);
  const { session } = await listener.request({ session: {} });
  await sender.request({ session: { auth_key: session.auth_key, dc: session.dc } });
  for (let waited = 0; waited < 30_000 * patience; waited += 1000) {
    await sender.call(say('after the restart'));
    await pause(1000);
    if (listener.received.some(({ text }) => text.includes('after the restart'))) return;
  }
  assert.fail('it went deaf');
});
