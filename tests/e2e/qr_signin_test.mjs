// Signing in by a code that another session scans: what the client that shows it gets, unasked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, apart, patience } from './support/gateway.mjs';
import { parse, stringify } from './support/json.mjs';
import { Relay } from './support/relay.mjs';
import { connect } from '../../web/client.js';

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.close());

const people = {
  ada: ['9996620001'],
  grace: ['9996620002', { password: 'sandbox' }],
  alan: ['9996610003'],
};
const me = { _cons: 'users.getUsers', id: ['me'] };
const nearest = { _cons: 'help.getNearestDc' };

async function connected(t, port = gateway.port) {
  const client = await Client.connect(port);
  t.after(() => client.close());
  return client;
}

async function signedIn(t, who, port) {
  const client = await connected(t, port);
  await client.signIn(...people[who]);
  return client;
}

async function shown(client, more = {}) {
  const reply = await client.request({ signin: { qr: true }, ...more });
  assert.equal(reply.signin?.state, 'qr', stringify(reply));
  return reply;
}

const accept = (client, { signin }) => client.call({
  _cons: 'auth.acceptLoginToken',
  token: Buffer.from(signin.url.split('token=')[1], 'base64url').toString('base64'),
});
const pushed = (client, state) => client.next(
  ({ id, signin }) => id === 0 && signin?.state === state, `pushed state ${state}`);
const firstName = async (client) => (await client.call(me))._items[0].first_name;

test('a code accepted elsewhere signs in', async (t) => {
  const client = await connected(t);
  const reply = await shown(client);
  assert.match(reply.signin.url, /^tg:\/\/login\?token=[\w-]+$/);
  const life = Number(reply.signin.expires) - Date.now() / 1000;
  assert.ok(life > 20 && life < 32, `${life} s`);
  assert.ok(reply.session.auth_key);

  const ada = await signedIn(t, 'ada');
  const authorization = await accept(ada, reply);
  assert.equal(authorization._cons, 'authorization');
  const done = await pushed(client, 'done');
  assert.equal(done.signin.user.first_name, 'Ada');
  assert.equal(done.session.auth_key, reply.session.auth_key);
  assert.equal(done.session.user_id, done.signin.user.id);
  assert.equal(await firstName(client), 'Ada');
  assert.equal((await client.request({ signin: {} })).signin.state, 'done');
  const { authorizations } = await ada.call({ _cons: 'account.getAuthorizations' });
  assert.ok(authorizations.some(({ hash }) => hash === authorization.hash), stringify(authorizations));
  // What Telegram said of the scan was the gateway's business.
  assert.ok(!client.received.some(({ text }) => text.includes('updateLoginToken')));
});

test('an account with a two-step password goes on there', async (t) => {
  const client = await connected(t);
  const grace = await signedIn(t, 'grace');
  await accept(grace, await shown(client));
  const wanted = await pushed(client, 'password');
  assert.equal(wanted.signin.hint, 'the obvious one');
  assert.ok(wanted.session.auth_key);
  assert.equal((await client.request({ signin: { qr: true } })).signin.state, 'password');
  const { signin } = await client.request({ signin: { password: 'sandbox' } });
  assert.equal(signin.state, 'done');
  assert.equal(signin.user.first_name, 'Grace');
});

test('an account at home elsewhere takes the session there', async (t) => {
  const client = await connected(t);
  const alan = await signedIn(t, 'alan');
  const reply = await shown(client);
  assert.equal(reply.session.dc, 2);
  await accept(alan, reply);
  const done = await pushed(client, 'done');
  assert.equal(done.signin.user.first_name, 'Alan');
  assert.equal(done.session.dc, 1);
  assert.equal(await firstName(client), 'Alan');
  const again = await connected(t);
  again.send({ session: done.session });
  assert.equal(await firstName(again), 'Alan');
});

test('the current code can be seen again, and another asked for', async (t) => {
  const client = await connected(t);
  const first = await shown(client);
  assert.deepEqual((await client.request({ signin: {} })).signin, first.signin);
  const second = await shown(client);
  assert.notEqual(second.signin.url, first.signin.url);
  // The older is good for its time too.
  await accept(await signedIn(t, 'ada'), first);
  await pushed(client, 'done');
  await client.call(nearest);
  assert.ok(!client.received.some(({ value }) => value.signin), stringify(client.received));
});

test('cancelled is cancelled', async (t) => {
  const client = await connected(t);
  const reply = await shown(client);
  assert.equal((await client.request({ signin: { cancel: true } })).signin.state, 'start');
  await accept(await signedIn(t, 'ada'), reply);
  await client.call(nearest);
  assert.equal((await client.request({ signin: {} })).signin.state, 'start');
  assert.ok(!client.received.some(({ value }) => value.signin), stringify(client.received));
});

test('a number may be given instead', async (t) => {
  const client = await connected(t);
  await shown(client);
  assert.equal((await client.request({ signin: { phone: '9996620001' } })).signin.state, 'code');
  assert.equal((await client.request({ signin: { code: '22222' } })).signin.user.first_name, 'Ada');
});

test('messages are answered meanwhile, and no updates are needed', async (t) => {
  const client = await connected(t);
  const reply = await shown(client, { options: { updates: false } });
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
  assert.equal((await client.call(me)).error_message, 'AUTH_KEY_UNREGISTERED');
  await accept(await signedIn(t, 'ada'), reply);
  await pushed(client, 'done');
});

test('who can only ask finds out by asking', async (t) => {
  for (const [who, state] of [['ada', 'done'], ['grace', 'password'], ['alan', 'done']]) {
    const client = await connected(t);
    const reply = await shown(client);
    client.close();
    await client.ended;
    const waiting = await connected(t);
    const again = await shown(waiting, { session: reply.session });
    waiting.close();
    await waiting.ended;
    await accept(await signedIn(t, who), again);
    const later = await connected(t);
    const next = await later.request({ session: again.session, signin: { qr: true } });
    assert.equal(next.signin?.state, state, stringify(next));
    const { session } = next;
    later.close();
    await later.ended;
    // And once more, with what the gateway knew gone.
    const last = await (await connected(t)).request({ session, signin: { qr: true } });
    assert.equal(last.signin?.state, state, stringify(last));
  }
});

test('so it is with plain requests', async (t) => {
  const post = async (request) => {
    const response = await fetch(`http://127.0.0.1:${gateway.port}/json`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: stringify(request) });
    const lines = (await response.text()).trim().split('\n').map(parse);
    assert.equal(lines.length, 1, stringify(lines));
    return lines[0];
  };
  for (const [who, state] of [['ada', 'done'], ['grace', 'password'], ['alan', 'done']]) {
    const first = await post({ signin: { qr: true } });
    assert.equal(first.signin?.state, 'qr', stringify(first));
    const second = await post({ session: first.session, signin: { qr: true } });
    assert.equal(second.signin?.state, 'qr', stringify(second));
    await accept(await signedIn(t, who), second);
    const third = await post({ session: second.session, signin: { qr: true } });
    assert.equal(third.signin?.state, state, stringify(third));
    const last = await post({ session: third.session, signin: { qr: true } });
    assert.equal(last.signin?.state, state, stringify(last));
  }
});

test('the JavaScript client signs in by a code', async (t) => {
  const tg = await connect(`tcp://127.0.0.1:${gateway.port}`);
  t.after(() => tg.close());
  const grace = await signedIn(t, 'grace');
  const user = await tg.signIn({ password: 'sandbox', qr: (url) => accept(grace, { signin: { url } }) });
  assert.equal(user.first_name, 'Grace');
  assert.ok((await tg.session()).auth_key);
});

test('another session ends the waiting', async (t) => {
  const client = await connected(t);
  const reply = await shown(client);
  const ada = await signedIn(t, 'ada');
  const { session } = await ada.request({ session: {} });
  ada.close();
  await ada.ended;
  assert.equal((await client.request({ session, signin: {} })).signin.user.first_name, 'Ada');
  await accept(await signedIn(t, 'grace'), reply);
  assert.equal(await firstName(client), 'Ada');
  assert.ok(!client.received.some(({ value }) => value.signin), stringify(client.received));
});

test('a client that only asks is closed with its code', async (t) => {
  const client = await connected(t);
  client.socket.end(`${stringify({ id: 1, signin: { qr: true } })}\n`);
  await client.next(({ id, signin }) => id === 1 && signin.state === 'qr');
  await client.ended;
});

test('a scan while the connection to Telegram is lost is found out', { timeout: 60_000 * patience }, async (t) => {
  const relay = new Relay();
  const { sandbox, gateway: far } = await apart(t, relay);
  const client = await connected(t, far.port);
  const reply = await shown(client);
  relay.refusing = true;
  relay.cut();
  await accept(await signedIn(t, 'ada', sandbox.port), reply);
  relay.refusing = false;
  const done = await pushed(client, 'done');
  assert.equal(done.signin.user.first_name, 'Ada');
});

test('tokens that are none, used, or not for this account', async (t) => {
  const ada = await signedIn(t, 'ada');
  const token = (bytes) => ada.call({ _cons: 'auth.acceptLoginToken', token: bytes });
  assert.equal((await token('AAAA')).error_message, 'AUTH_TOKEN_INVALIDX');
  const client = await connected(t);
  const reply = await shown(client);
  await accept(ada, reply);
  const again = await accept(ada, reply);
  assert.match(again.error_message, /^AUTH_TOKEN_(ALREADY_ACCEPTED|INVALIDX)$/);
  const own = (await ada.call(me))._items[0].id;
  const raw = await connected(t);
  const { token: bytes } = await raw.call({ _cons: 'auth.exportLoginToken', api_id: 1, api_hash: 'x', except_ids: [own] });
  assert.equal((await token(bytes)).error_message, 'AUTH_TOKEN_EXCEPTION');
});
