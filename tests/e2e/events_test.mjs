// A named account's updates over HTTP: Server-Sent Events, long poll, webhooks; and all of them, and
// lines, the same in the same order.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { EventSource } from 'eventsource';
import { WebSocket } from 'ws';
import { connect as connectTo } from '../../web/client.js';
import { Webhook } from 'standardwebhooks';
import { Gateway, apart, folder, patience } from './support/gateway.mjs';
import { killed } from './support/killed.mjs';
import { api, follow as followAt, keep, receiver, say, texts, until } from './support/named.mjs';
import { Relay } from './support/relay.mjs';

let gateway, newest = 0;
before(async () => {
  gateway = await Gateway.start(['--sandbox', '--threads', '3', '--store', 'sqlite::memory:', '--allow-webhook', '127.0.0.1']);
  await keep(gateway);
});
after(() => gateway.close());

// Says so many things, one behind the other; gives their texts and the log's number before.
async function talk(count, of = gateway) {
  const before = (await api(of, '/ada')).result.update_seq;
  const said = [];
  for (let i = 0; i < count; i += 1) {
    said.push(`message ${newest += 1}`);
    assert.equal((await say(of, said.at(-1))).ok, true);
  }
  await until(async () => (await api(of, `/ada/updates?after=${before}&limit=1000`)).result.flatMap(texts).length >= count, 'the log has them');
  return { before, said };
}
const url = (target, port = gateway.port) => `http://127.0.0.1:${port}/api/v1${target}`;

const follow = (t, target, port = gateway.port) => followAt(t, EventSource, url(target, port));

test('an EventSource hears updates as they come, each with its number as id', async (t) => {
  const heard = follow(t, '/ada/events');
  await until(() => heard.opened, 'open');
  const { before, said } = await talk(3);
  await until(() => heard.texts().length === 3, 'three messages');
  assert.deepEqual(heard.texts(), said);
  assert.deepEqual(heard.numbers(), heard.items.map((_, i) => before + 1 + i));
  for (const { id, update_seq } of heard.items) assert.equal(Number(id), update_seq);
});

test('an EventSource that loses its connection goes on where it was', async (t) => {
  const relay = new Relay();
  await relay.listen(gateway.port);
  t.after(() => relay.close());
  const { before } = await talk(1);
  const heard = follow(t, `/ada/events?after=${before}`, relay.port);
  await until(() => heard.texts().length === 1, 'the first');
  relay.cut();
  const { said } = await talk(4);
  await until(() => heard.texts().length === 5, 'those of meanwhile', 30_000 * patience);
  assert.deepEqual(heard.texts().slice(1), said);
  assert.deepEqual(heard.numbers(), heard.items.map((_, i) => before + 1 + i));
  assert.ok(heard.opened >= 2);
});

test('curl -N shows them, and a comment tells that the stream is there', async (t) => {
  const { before, said } = await talk(1);
  const curl = spawn('curl', ['-sN', url(`/ada/events?after=${before}`)]);
  t.after(() => curl.kill());
  let text = '';
  curl.stdout.on('data', (data) => (text += data));
  await until(() => text.includes('\n\nid: '), 'an event');
  assert.match(text, new RegExp(`^: the newest update is \\d+\n\nid: ${before + 1}\nevent: update\ndata: {"update_seq":${before + 1},`));
  assert.ok(text.includes(said[0]));
});

test('many followers on several threads get the same texts', async (t) => {
  const all = Array.from({ length: 40 }, () => follow(t, '/ada/events'));
  await until(() => all.every((one) => one.opened), 'all open');
  const { said } = await talk(5);
  await until(() => all.every((one) => one.texts().length >= 5), 'five messages each');
  for (const one of all) {
    assert.deepEqual(one.texts(), said);
    assert.deepEqual(one.numbers(), all[0].numbers());
  }
});

test('forty clients on one account, by lines, WebSocket, events and calls: each its own replies, all the same updates', async (t) => {
  const of = await Gateway.start(['--sandbox', '--threads', '3', '--store', 'sqlite::memory:']);
  t.after(() => of.close());
  await keep(of);
  const connect = async (address) => {
    const tg = await connectTo(address, { account: 'ada', WebSocket });
    t.after(() => tg.close());
    const heard = [];
    tg.on('update', (message, { update_seq }) => heard.push([update_seq, ...texts({ message })]));
    return { heard, say: (message) => tg.call('messages.sendMessage', { peer: 'me', message }), tg };
  };
  const clients = await Promise.all([
    ...Array.from({ length: 14 }, () => connect(`tcp://127.0.0.1:${of.port}`)),
    ...Array.from({ length: 13 }, () => connect(`ws://127.0.0.1:${of.port}/ws`)),
  ]);
  const followers = Array.from({ length: 13 }, () => follow(t, '/ada/events', of.port));
  await until(() => followers.every(({ opened }) => opened), 'all open');
  const said = Array.from({ length: 40 }, (_, i) => `client ${i} speaks`);
  const ids = await Promise.all(said.map(async (text, i) => (clients[i]
    ? (await clients[i].say(text)).id : (await say(of, text)).result.id)));
  assert.equal(new Set(ids).size, said.length, 'each has an answer of its own');
  const all = [...clients.map(({ heard }) => heard), ...followers.map(({ items }) => items)];
  const flat = (one) => one.map((item) => (Array.isArray(item) ? item : [item.update_seq, ...texts(item)]));
  const count = (one) => flat(one).reduce((sum, item) => sum + item.length - 1, 0);
  await until(() => all.every((one) => count(one) >= said.length), 'all have heard all', 30_000 * patience);
  for (const one of all) assert.deepEqual(flat(one), flat(all[0]));
  assert.deepEqual(flat(all[0]).flatMap(([, ...heard]) => heard).sort(), [...said].sort());
  const { result } = await api(of, '/ada/account.getAuthorizations');
  assert.equal(result.authorizations.length, 1, 'one session at Telegram');
});

test('only what is asked for comes, and the place moves on all the same', async (t) => {
  const { before } = await talk(2);
  const none = follow(t, `/ada/events?after=${before}&types=updateUserStatus`);
  const some = follow(t, `/ada/events?after=${before}&types=updateUserStatus,updateNewMessage`);
  await until(() => some.texts().length === 2, 'messages');
  assert.deepEqual(none.items, []);
  const skipped = await api(gateway, `/ada/updates?after=${before}&types=updateUserStatus`);
  assert.deepEqual([skipped.status, skipped.result], [200, []]);
  const wrong = await api(gateway, '/ada/events?types=updateNewMesage');
  assert.deepEqual([wrong.status, wrong.path], [400, '?types']);
  assert.match(wrong.description, /updateNewMessage/);
});

test('a long poll waits for what comes, gives what is there, and ends in its time', async () => {
  const { before, said } = await talk(3);
  const all = await api(gateway, `/ada/updates?after=${before}`);
  assert.deepEqual(all.result.flatMap(texts), said);
  const first = await api(gateway, `/ada/updates?after=${before}&limit=1`);
  assert.deepEqual([first.result.length, first.after], [1, before + 1]);
  assert.deepEqual((await api(gateway, `/ada/updates?after=${all.after}`)).result, []);
  const waiting = api(gateway, `/ada/updates?after=${all.after}&timeout=30`);
  const { said: [next] } = await talk(1);
  assert.deepEqual((await waiting).result.flatMap(texts), [next]);
  const begun = Date.now();
  for (const timeout of [0, 1]) {
    const none = await api(gateway, `/ada/updates?after=${before}&types=updateChatParticipants&timeout=${timeout}`);
    assert.deepEqual([none.result, none.after >= all.after], [[], true], 'nothing of that kind');
  }
  assert.ok(Date.now() - begun < 5000 * patience, `${Date.now() - begun} ms`);
  const kept = await api(gateway, '/ada/updates?limit=1');
  assert.equal(kept.result[0].update_seq, 1, 'without a number: the oldest that is kept');
});

test('who asks for what is not in the log is told', async (t) => {
  const gone = await api(gateway, '/ada/updates?after=1000000');
  assert.deepEqual([gone.status, gone.error], [410, 'UpdatesGone']);
  const heard = follow(t, '/ada/events?after=1000000');
  await until(() => heard.gone.length, 'the event gone');
  assert.equal(heard.gone[0].oldest, gone.oldest);
  const { said } = await talk(1);
  await until(() => heard.texts().length, 'and what comes then');
  assert.deepEqual(heard.texts(), said);
  assert.equal((await api(gateway, '/nobody/events')).status, 404);
  assert.equal((await api(gateway, '/ada/updates?after=x')).path, '?after');
  assert.equal((await api(gateway, '/ada/updates?limit=0')).path, '?limit');
});

test('accounts are listed and shown; one is signed out by DELETE', async () => {
  await keep(gateway, 'eve', { phone: '9996620011' }).catch(() => {});
  const { result } = await api(gateway, '/');
  assert.ok(result.some(({ name, keep: how }) => name === 'ada' && how === 'attached'));
  const one = await api(gateway, '/ada');
  assert.deepEqual([one.result.name, one.result.state], ['ada', 'done']);
  const patch = (body) => api(gateway, '/ada', { method: 'PATCH', body });
  assert.deepEqual((await patch({ keep: 'always' })).result, { keep: 'always' });
  assert.equal((await api(gateway, '/')).result.find(({ name }) => name === 'ada').keep, 'always');
  assert.equal((await patch({ keep: 'never' })).path, '/keep');
  assert.equal((await patch({ kept: 'always' })).path, '/kept');
  await patch({ keep: 'attached' });
  await keep(gateway, 'gone', { phone: '9996620001' });
  assert.equal((await api(gateway, '/gone', { method: 'DELETE' })).status, 200);
  assert.equal((await api(gateway, '/gone')).status, 404);
  const again = await api(gateway, '/gone', { method: 'DELETE' });
  assert.deepEqual([again.status, again.error], [404, 'NoSuchAccount']);
});

test('an account whose authorization was ended elsewhere can be signed in to again, and its log goes on', async (t) => {
  const of = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:']);
  t.after(() => of.close());
  await keep(of);
  await keep(of, 'other');
  await say(of, 'hello');
  await until(async () => (await api(of, '/ada')).result.update_seq > 0, 'an update');
  assert.equal((await api(of, '/other/auth.resetAuthorizations', { method: 'POST' })).ok, true);
  await until(async () => (await api(of, '/ada/users.getUsers?id=me')).status === 401, 'nobody is signed in');
  const { update_seq: before, state } = (await api(of, '/ada')).result;
  assert.equal(state, 'start');
  await keep(of);
  await say(of, 'again');
  const { result } = await api(of, `/ada/updates?after=${before}&timeout=10`);
  assert.equal(result[0].update_seq, before + 1);
  assert.equal((await api(of, '/ada')).result.state, 'done');
});

test('a webhook gets what comes behind it, signed, and is shown without its secret', async (t) => {
  const hook = await receiver(t);
  const put = await api(gateway, '/ada/webhooks/ops', { method: 'PUT', body: { url: hook.url, types: ['updateNewMessage'] } });
  assert.equal(put.status, 200, JSON.stringify(put));
  const { secret } = put.result;
  assert.match(secret, /^whsec_/);
  const { before, said } = await talk(3);
  await until(() => hook.calls.flatMap(({ body }) => JSON.parse(body).updates).flatMap(texts).length === 3, 'three messages');
  const updates = hook.calls.flatMap(({ headers, body }) => new Webhook(secret).verify(body, headers).updates);
  assert.deepEqual(updates.flatMap(texts), said);
  assert.deepEqual(updates.map(({ update_seq: n }) => n), updates.map((_, i) => before + 1 + i));
  await until(async () => (await api(gateway, '/ada/webhooks/ops')).result.delivered === updates.at(-1).update_seq, 'how far it is');
  const shown = await api(gateway, '/ada/webhooks');
  assert.deepEqual(shown.result.map(({ name, state, secret: none }) => [name, state, none]), [['ops', 'active', undefined]]);
  const again = await api(gateway, '/ada/webhooks/ops', { method: 'PUT', body: { url: hook.url } });
  assert.deepEqual([again.result.secret, again.result.types], [undefined, []], 'it keeps its secret');
  assert.equal((await api(gateway, '/ada/webhooks/ops', { method: 'DELETE' })).result, true);
  assert.equal((await api(gateway, '/ada/webhooks/ops')).error, 'NoSuchWebhook');
});

test('a webhook that is wrong is refused with its place, and one to a private place is not called', async (t) => {
  const put = (body) => api(gateway, '/ada/webhooks/bad', { method: 'PUT', body });
  for (const [body, where] of [[{}, '/url'], [{ url: 'ftp://example.org/' }, '/url'], [{ url: 'https://example.org/', typs: [] }, '/typs'],
    [{ url: 'https://example.org/', types: ['updateNewMesage'] }, '/types/0'], [{ url: 'https://example.org/', secret: 'x' }, '/secret']]) {
    const refused = await put(body);
    assert.deepEqual([refused.status, refused.path], [400, where], JSON.stringify(body));
  }
  const hook = await receiver(t);
  await put({ url: hook.url.replace('127.0.0.1', '127.0.0.2') });
  t.after(() => api(gateway, '/ada/webhooks/bad', { method: 'DELETE' }));
  await talk(1);
  const { result } = await until(async () => {
    const shown = await api(gateway, '/ada/webhooks/bad');
    return shown.result.last_error && shown;
  }, 'an error');
  assert.match(result.last_error, /loopback/);
  assert.deepEqual(hook.calls, []);
});

test('a token without the word admin changes no webhook and removes no account', async (t) => {
  const dir = folder(t);
  const file = path.join(dir, 'tokens');
  fs.writeFileSync(file, 'ada:ada-ada-ada-ada-ada accounts=ada\nroot:root-root-root-root accounts=* admin\n', { mode: 0o600 });
  const of = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:', '--token-file', file]);
  t.after(() => of.close());
  await keep(of, 'ada', { token: 'root-root-root-root' });
  await keep(of, 'bob', { token: 'root-root-root-root' });
  const as = (who, target, more = {}) => api(of, target, { ...more, headers: { authorization: `Bearer ${who}-${who}-${who}-${who}${who === 'ada' ? '-ada' : ''}` } });
  assert.deepEqual((await as('ada', '/')).result.map(({ name }) => name), ['ada']);
  assert.deepEqual((await as('root', '/')).result.map(({ name }) => name), ['ada', 'bob']);
  for (const target of ['/bob', '/bob/events', '/bob/updates', '/bob/webhooks', '/nobody/events']) {
    const refused = await as('ada', target);
    assert.deepEqual([refused.status, refused.scope], [403, 'accounts'], target);
  }
  for (const [target, more] of [['/ada', { method: 'DELETE' }], ['/ada', { method: 'PATCH', body: { keep: 'always' } }], ['/ada/webhooks/x', { method: 'PUT', body: { url: 'https://example.org/' } }],
    ['/ada/webhooks/x', { method: 'DELETE' }]]) {
    const refused = await as('ada', target, more);
    assert.deepEqual([refused.status, refused.scope], [403, 'admin'], target);
  }
});

test('a stream tells of the connection to Telegram, and that the account was signed out', async (t) => {
  const wire = new Relay();
  const { pem } = await apart(t, wire);
  const of = await Gateway.start(['--server', `127.0.0.1:${wire.port}`, '--rsa', pem, '--store', 'sqlite::memory:',
    '--api-id', '12345', '--api-hash', 'abcdef']);
  t.after(() => of.close());
  await keep(of);
  const heard = follow(t, '/ada/events', of.port);
  await until(() => heard.opened, 'open');
  wire.cut();
  await until(() => heard.events.some(([name, { state }]) => name === 'connection' && state === 'ready'), 'a connection again');
  assert.ok(heard.events.some(([name, { state, reason }]) => name === 'connection' && state === 'waiting' && reason));
  await api(of, '/ada/auth.logOut', { method: 'POST' });
  await until(() => heard.events.some(([name, { state }]) => name === 'signin' && state === 'start'), 'signed out');
  assert.deepEqual(heard.items, []);
});

test('a gateway that is killed in traffic loses no update, for none that listens, and none comes twice', async (t) => {
  const dir = folder(t);
  await killed(t, { kills: 4, store: `sqlite:${path.join(dir, 'tg.db')}`, key: path.join(dir, 'key') });
});
