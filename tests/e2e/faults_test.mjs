// A sandbox that misbehaves: whatever goes wrong in it, each request gets one reply, in time, and
// that reply is the one that the contract names.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { stringify } from './support/json.mjs';
import { Gateway, folder, patience, pause, run, streamjson } from './support/gateway.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const self = { _cons: 'inputPeerSelf' };
const me = { _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] };
const history = { _cons: 'messages.getHistory', peer: self, limit: 100 };
const say = (message) => ({ _cons: 'messages.sendMessage', peer: self, message });

// A gateway with its sandbox in one process, or in two.
class Faulty {
  static async start(t, plan, { apart = false, args = [] } = {}) {
    const faulty = new Faulty();
    faulty.t = t;
    const dir = folder(t);
    faulty.file = path.join(dir, 'faults.json');
    faulty.write(plan);
    const pem = path.join(dir, 'key.pem');
    faulty.sandbox = await Gateway.start(['--sandbox', '--sandbox-faults', faulty.file,
      '--sandbox-public-key', pem, ...(apart ? [] : args)]);
    t.after(() => faulty.sandbox.close());
    faulty.gateway = faulty.sandbox;
    if (apart) {
      faulty.gateway = await Gateway.start(['--server', `127.0.0.1:${faulty.sandbox.dcs[2]}`,
        '--rsa', pem, '--api-id', '12345', '--api-hash', 'abcdef', ...args]);
      t.after(() => faulty.gateway.close());
    }
    return faulty;
  }

  write(plan) {
    fs.writeFileSync(this.file, typeof plan === 'string' ? plan : JSON.stringify(plan));
  }

  // From now on by another plan.
  async change(plan, said = 'faults were read again') {
    const before = this.sandbox.errors.length;
    this.write(plan);
    this.sandbox.child.kill('SIGHUP');
    for (let waited = 0; !this.sandbox.errors.slice(before).includes(said); waited += 10) {
      assert.ok(waited < 5000 * patience, this.sandbox.errors);
      await pause(10);
    }
  }

  async client() {
    const client = await Client.connect(this.gateway.port);
    this.t.after(() => client.close());
    return client;
  }
}

const faulty = (name, plan, body, options) => test(name, { timeout: 120_000 * patience }, async (t) => {
  const faults = await Faulty.start(t, plan, options);
  await body(faults, await faults.client(), t);
});

// Sends these requests at once; gives the replies of each, once nothing more is to come.
async function replies(client, requests, seconds = 5) {
  const ids = requests.map((request, i) => `q${client.lastId}-${i}`);
  client.lastId += 1;
  const begun = Date.now();
  const took = {};
  requests.forEach((request, i) => client.send({ id: ids[i], timeout: seconds, ...request }));
  const first = await Promise.all(ids.map(async (id) => {
    const reply = await client.next((line) => line.id === id, `reply ${id}`, (seconds + 2) * 1000 * patience);
    took[id] = Date.now() - begun;
    return reply;
  }));
  return { first, ids, took };
}

const none = (client, ids) => {
  const more = client.received.filter(({ value }) => ids.includes(value.id));
  assert.deepEqual(more.map(({ text }) => text), []);
};

const told = async (client, text) => {
  const { messages } = await client.call(history);
  return messages.filter(({ message }) => message === text).length;
};

// --- what Telegram itself says is passed on ---

faulty('FLOOD_WAIT by a rule is passed on at once', {
  rules: [{ method: 'help.getNearestDc', nth: 2, error: 'FLOOD_WAIT_7' }],
}, async (_, client) => {
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
  const begun = Date.now();
  const refused = await client.call(nearest);
  assert.ok(Date.now() - begun < 2000 * patience);
  assert.deepEqual(refused, { _cons: 'rpc_error', error_code: 420, error_message: 'FLOOD_WAIT_7',
    _name: 'FLOOD_WAIT', _value: 7 });
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

faulty('errors 500 and -503 are passed on', {
  rules: [{ method: 'help.getNearestDc', nth: 1, rpc_500: true },
    { method: 'help.getNearestDc', nth: 2, rpc_503: true }],
}, async (_, client) => {
  assert.equal((await client.call(nearest)).error_code, 500);
  assert.equal((await client.call(nearest)).error_code, -503);
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

faulty('an answer with an unknown constructor comes whole, as _unknown', {
  rules: [{ method: 'help.getNearestDc', nth: 1, unknown_constructor: true }],
}, async (_, client) => {
  const answer = await client.call(nearest);
  assert.equal(answer._cons, '_unknown', stringify(answer));
  assert.equal(answer._id, '0xfa017000');
  assert.ok(Buffer.from(answer._bytes, 'base64').length > 4);
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

faulty('a gzip bomb costs its request, and little memory', {
  rules: [{ method: 'help.getNearestDc', every: 2, gzip_bomb: true }],
}, async (faults, client) => {
  await client.call(nearest);
  for (let i = 0; i < 3; ++i) {
    const bomb = await client.call(nearest);
    assert.notEqual(bomb._cons, 'nearestDc');
    assert.equal((await client.call(nearest))._cons, 'nearestDc');
  }
  const status = fs.readFileSync(`/proc/${faults.gateway.child.pid}/status`, 'utf8');
  const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]) / 1024;
  if (!streamjson.includes('sanitize')) assert.ok(peak < 400, `${peak} MiB`);
}, { apart: true });

// --- lost connections ---

faulty('a read whose connection was closed is answered after the reconnect', {
  rules: [{ method: 'help.getNearestDc', nth: 2, close: true }],
}, async (_, client) => {
  await client.call(nearest);
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

faulty('a write whose connection was closed gets its answer or OutcomeUnknown, and is done once', {
  rules: [{ method: 'messages.sendMessage', nth: 1, close: true },
    { method: 'account.updateProfile', nth: 1, close: true }],
}, async (_, client) => {
  await client.signIn('9996620001');
  const sent = await client.request({ message: say('once') });
  assert.ok(sent.error === 'OutcomeUnknown' || sent.message, stringify(sent));
  assert.equal(await told(client, 'once'), 1);
  const changed = await client.request({ message: { _cons: 'account.updateProfile', about: 'changed' } });
  assert.ok(changed.error === 'OutcomeUnknown' || changed.message?._cons === 'user', stringify(changed));
});

faulty('connections that close again and again: each request has one reply in time', {
  seed: 4, rates: { close: 0.15 },
}, async (_, client) => {
  for (let round = 0; round < 4; ++round) {
    const { first, ids, took } = await replies(client, Array(10).fill({ message: nearest }));
    for (const id of ids) assert.ok(took[id] < 5000 + 1500 * patience, `${took[id]} ms`);
    for (const reply of first) assert.ok(reply.message || reply.error, stringify(reply));
    none(client, ids);
  }
});

faulty('a half-open connection costs its requests their time and no more', {}, async (faults, client) => {
  await client.call(nearest);
  await faults.change({ rates: { half_open: { rate: 1, times: 1 } } });
  const begun = Date.now();
  const reply = await client.request({ timeout: 2, message: nearest });
  assert.equal(reply.message?._cons, 'rpc_timeout', stringify(reply));
  assert.ok(Date.now() - begun < 3500 * patience);
});

faulty('a data centre that is away is told in time, and served again when it is back', {}, async (faults, client) => {
  await client.call(nearest);
  await faults.change({ rules: [{ dc: 2, after_s: 0, away_s: 4 }] });
  await pause(300);
  const begun = Date.now();
  const away = await client.request({ timeout: 2, message: nearest });
  assert.equal(away.error, 'ConnectionError', stringify(away));
  assert.ok(Date.now() - begun < 3000 * patience);
  for (let answer; answer?._cons !== 'nearestDc';) {
    assert.ok(Date.now() - begun < 20_000 * patience);
    answer = (await client.request({ timeout: 5, message: nearest })).message;
    await pause(100);
  }
});

faulty('a lost key is told once, as a ConnectionError', {
  rules: [{ method: 'help.getNearestDc', nth: 3, lose_key: true }],
}, async (_, client) => {
  await client.call(nearest);
  await client.call(nearest);
  const { first, ids } = await replies(client, [{ message: nearest }]);
  assert.equal(first[0].error, 'ConnectionError', stringify(first[0]));
  await pause(500);
  none(client, ids);
});

// --- repaired in silence ---

for (const [name, fault] of [['wrong salts', 'wrong_salt'], ['sequence errors', 'bad_seqno']]) {
  faulty(`${name} are repaired in silence`, { seed: 2, rates: { [fault]: 0.3 } }, async (_, client) => {
    for (let i = 0; i < 30; ++i) assert.equal((await client.call(nearest))._cons, 'nearestDc');
    const { first } = await replies(client, Array(30).fill({ message: nearest }));
    for (const { message } of first) assert.equal(message?._cons, 'nearestDc');
    assert.deepEqual(client.received.map(({ text }) => text), []);
  });
}

for (const skew of [-86_400, -3600, 3600, 86_400]) {
  faulty(`a data centre whose clock is ${skew} s off is served from the first request`, {
    clock_skew: skew,
  }, async (_, client) => {
    assert.equal((await client.call(nearest))._cons, 'nearestDc');
    await client.signIn('9996620001');
    assert.equal((await client.call(me))._items[0].first_name, 'Ada');
  });
}

faulty('a clock that jumps under a session that was kept is found out', {}, async (faults, client) => {
  const signed = await client.signIn('9996620001');
  client.close();
  await faults.change({ clock_skew: 7200 });
  await pause(200);
  const again = await faults.client();
  const reply = await again.request({ session: signed.session, message: me });
  assert.equal(reply.message?._items?.[0].first_name, 'Ada', stringify(reply));
});

faulty('frames that come twice: one reply each, and done once', {
  rates: { duplicate: 1 },
}, async (_, client) => {
  await client.signIn('9996620001');
  const { first, ids } = await replies(client, [
    ...Array.from({ length: 10 }, (_, i) => ({ message: say(`said ${i}`) })),
    ...Array(10).fill({ message: me })]);
  for (const reply of first) assert.ok(reply.message && reply.message._cons !== 'rpc_error', stringify(reply));
  await pause(300);
  none(client, ids);
  for (let i = 0; i < 10; ++i) assert.equal(await told(client, `said ${i}`), 1);
});

faulty('late frames and frames out of order change nothing', {
  seed: 9, rates: { delay: { rate: 0.3, ms: [5, 60] }, reorder: 0.2 },
}, async (_, client) => {
  const { first, ids } = await replies(client, Array(40).fill({ message: nearest }), 10);
  for (const reply of first) assert.equal(reply.message?._cons, 'nearestDc', stringify(reply));
  none(client, ids);
});

faulty('cut frames cost a connection, not an answer', {
  seed: 3, rates: { truncate: 0.05 },
}, async (_, client) => {
  for (let i = 0; i < 30; ++i) {
    const reply = await client.request({ timeout: 8, message: nearest });
    assert.equal(reply.message?._cons, 'nearestDc', stringify(reply));
  }
});

// --- what can't be known ---

faulty('a late answer is an rpc_timeout, and dropped when it comes', {
  rules: [{ method: 'help.getNearestDc', nth: 2, delay_ms: 1500 }],
}, async (_, client) => {
  await client.call(nearest);
  const { first, ids } = await replies(client, [{ message: nearest }], 1);
  assert.equal(first[0].message?._cons, 'rpc_timeout', stringify(first[0]));
  await pause(1200);
  none(client, ids);
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

faulty('a frame that is lost is asked for while the connection lives', {}, async (faults, client) => {
  await client.call(nearest);
  await faults.change({ rates: { drop: { rate: 1, times: 1 } } });
  const { first } = await replies(client, [{ message: nearest, timeout: 30 }], 1);
  assert.equal(first[0].message?._cons, 'nearestDc', stringify(first[0]));
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

faulty('an update that is left out is not told, and what it told of is there', {
  rates: { update_gap: 1 },
}, async (faults, ada) => {
  await ada.signIn('9996620001');
  const other = await faults.client();
  await other.signIn('9996620001');
  await other.call(me);
  await ada.call(say('unheard'));
  assert.equal(await told(other, 'unheard'), 1);
  assert.deepEqual(other.received.filter(({ value }) => value.id === 0).map(({ text }) => text), []);
});

// --- all of it ---

const moderate = {
  seed: 11,
  rates: { delay: { rate: 0.1, ms: [10, 200] }, drop: 0.005, duplicate: 0.02, reorder: 0.02,
    truncate: 0.002, close: 0.005, wrong_salt: 0.01, bad_seqno: 0.01, rpc_500: 0.01, rpc_503: 0.01,
    late_answer: { rate: 0.01, ms: [5000, 7000] }, unknown_constructor: 0.005, update_gap: 0.05 },
};

faulty('200 requests of 5 clients at moderate rates: one reply each, in time, nothing twice', {}, async (faults, first) => {
  const seconds = 4;
  const clients = [first, ...await Promise.all(Array.from({ length: 4 }, () => faults.client()))];
  for (const client of clients) await client.signIn('9996620001');
  await faults.change(moderate);
  const outcomes = {};
  const all = await Promise.all(clients.map(async (client, who) => {
    const seen = [];
    for (let round = 0; round < 8; ++round) {
      const requests = Array.from({ length: 5 }, (_, i) => ({
        message: i === 0 ? say(`client ${who} round ${round}`) : i % 2 ? nearest : me }));
      const { first: got, ids, took } = await replies(client, requests, seconds);
      for (const id of ids) assert.ok(took[id] < seconds * 1000 + 1500 * patience, `${took[id]} ms`);
      for (const reply of got) {
        const what = reply.error ?? reply.message?._cons;
        assert.ok(what, stringify(reply));
        outcomes[what] = (outcomes[what] ?? 0) + 1;
      }
      seen.push(...ids);
    }
    return seen;
  }));
  await pause(3500); // what is late is late by less
  clients.forEach((client, i) => none(client, all[i]));
  assert.equal(all.flat().length, 200);
  assert.ok(outcomes.nearestDc + outcomes.vector > 120, stringify(outcomes));
  await faults.change({});
  const reader = await faults.client();
  await reader.signIn('9996620001');
  const { messages } = await reader.call(history);
  const texts = messages.map(({ message }) => message).filter((text) => text?.startsWith('client '));
  assert.equal(new Set(texts).size, texts.length);
});

// --- the file ---

test('a file that is wrong keeps it from starting, with the place and the nearest name', async (t) => {
  const file = path.join(folder(t), 'faults.json');
  fs.writeFileSync(file, '{"rates":{"dropp":0.1}}');
  for (const more of [[], ['--check-config']]) {
    const { status, stderr } = await run(streamjson, ['--sandbox', '--sandbox-port', '0', '--port', '0',
      '--sandbox-faults', file, ...more]);
    assert.equal(status, 1);
    assert.match(stderr, /faults\.json: \/rates\/dropp: unknown; the nearest known is "drop"/);
  }
});

faulty('a file that is wrong on SIGHUP changes nothing and is told in the log', {
  rules: [{ method: 'help.getNearestDc', error: 'FLOOD_WAIT_7' }],
}, async (faults, client) => {
  assert.equal((await client.call(nearest))._name, 'FLOOD_WAIT');
  await faults.change('{"rules":[{"methd":"x","close":true}]}', 'faults are left as they were');
  assert.match(faults.sandbox.errors, /\/rules\/0\/methd: unknown; the nearest known is "method"/);
  assert.equal((await client.call(nearest))._name, 'FLOOD_WAIT');
  await faults.change({});
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

faulty('a session that calls nothing goes deaf, and hears again once it calls', { deaf_after_s: 2 }, async (it, listener) => {
  const sender = await it.client();
  for (const client of [listener, sender]) await client.signIn('9996620001');
  const hears = async (text) => {
    await sender.call(say(text));
    await pause(700 * patience);
    return listener.received.some((line) => line.text.includes(text));
  };
  await listener.call({ _cons: 'updates.getState' });
  assert.ok(await hears('at once'));
  await pause(2500);
  await listener.call({ _cons: 'ping', ping_id: 1 });
  assert.equal(await hears('too late'), false);
  await listener.call({ _cons: 'updates.getState' });
  assert.ok(await hears('heard again'));
});

faulty('a wait with another name is waited out as well', {
  rules: [{ method: 'help.getNearestDc', nth: 1, error: 'FLOOD_PREMIUM_WAIT_1' },
    { method: 'help.getNearestDc', nth: 3, error: 'FLOOD_SKIP_FAILED_WAIT' }],
}, async (_, client) => {
  await client.request({ options: { flood_wait: 5 } });
  for (let i = 0; i < 2; ++i) {
    const begun = Date.now();
    assert.equal((await client.call(nearest))._cons, 'nearestDc');
    assert.ok(Date.now() - begun >= 950);
  }
});
