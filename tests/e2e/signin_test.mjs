// The guided sign-in: every state, every error that leaves it where it was.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, messageOf } from './support/client.mjs';
import { stringify } from './support/json.mjs';
import { Gateway } from './support/gateway.mjs';

let gateway, client;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.close());

// A client of its own for each test.
const signed = (name, body) => test(name, async (t) => {
  client = await Client.connect(gateway.port);
  t.after(() => client.close());
  await body(t);
});
const step = async (signin, more = {}) => (await client.request({ ...more, signin })).signin;
const me = { _cons: 'users.getUsers', id: ['me'] };

signed('start, code, done', async () => {
  assert.equal((await step({})).state, 'start');
  const code = await step({ phone: '9996620001' });
  assert.equal(code.state, 'code');
  assert.equal(code.phone, '9996620001');
  assert.equal(code.length, 5);
  assert.equal(typeof code.phone_code_hash, 'string');
  assert.equal(typeof code.type, 'string');
  assert.equal((await step({})).state, 'code');
  const reply = await client.request({ signin: { code: '22222' } });
  assert.equal(reply.signin.state, 'done');
  assert.equal(reply.signin.user._cons, 'user');
  assert.equal(reply.signin.user.first_name, 'Ada');
  assert.equal(reply.session.dc, 2);
  assert.ok(reply.session.user_id);
  assert.equal((await step({})).state, 'done');
});

signed('the number may have a plus sign', async () => {
  assert.equal((await step({ phone: '+9996620001' })).state, 'code');
  assert.equal((await step({ code: '22222' })).state, 'done');
});

signed('a code as a number does too', async () => {
  await step({ phone: '9996620001' });
  const reply = await client.request({ signin: { code: 22222 } });
  assert.ok(reply.signin?.state === 'done' || reply.error === 'TypeError', stringify(reply));
});

signed('a wrong code leaves the state and says why', async () => {
  await step({ phone: '9996620001' });
  const wrong = await step({ code: '12345' });
  assert.equal(wrong.state, 'code');
  assert.equal(wrong.error._cons, 'rpc_error');
  assert.equal(wrong.error.error_message, 'PHONE_CODE_INVALID');
  assert.equal((await step({ code: '22222' })).state, 'done');
});

signed('a number that cannot be', async () => {
  for (const phone of ['12', '9996690001', '']) {
    const refused = await step({ phone });
    assert.equal(refused.state, 'start');
    assert.equal(refused.error.error_message, 'PHONE_NUMBER_INVALID');
  }
});

signed('a two-step password, wrong and then right', async () => {
  await step({ phone: '9996620002' });
  const wanted = await step({ code: '22222' });
  assert.equal(wanted.state, 'password');
  assert.equal(wanted.hint, 'the obvious one');
  assert.notEqual(wanted.has_recovery, undefined);
  const wrong = await step({ password: 'guess' });
  assert.equal(wrong.state, 'password');
  assert.equal(wrong.error.error_message, 'PASSWORD_HASH_INVALID');
  const done = await step({ password: 'sandbox' });
  assert.equal(done.state, 'done');
  assert.equal(done.user.first_name, 'Grace');
});

signed('signing up', async () => {
  await step({ phone: '9996628001' });
  assert.equal((await step({ code: '22222' })).state, 'sign_up');
  const done = await step({ first_name: 'Emmy', last_name: 'Noether' });
  assert.equal(done.state, 'done');
  assert.equal(done.user.last_name, 'Noether');
});

signed('resend, cancel and back to the start', async () => {
  const first = await step({ phone: '9996620001' });
  const again = await step({ resend: true });
  assert.equal(again.state, 'code', stringify({ first, again }));
  assert.equal((await step({ cancel: true })).state, 'start');
  const refused = await client.request({ signin: { code: '22222' } });
  assert.equal(refused.error, 'SigninError');
  assert.equal(refused.state, 'start');
});

signed('the home data centre is followed, and the session shows it', async () => {
  const code = await client.request({ signin: { phone: '9996610003' } });
  assert.equal(code.signin.state, 'code', stringify(code));
  const done = await client.request({ signin: { code: '11111' } });
  assert.equal(done.signin.state, 'done');
  assert.equal(done.signin.user.first_name, 'Alan');
  assert.equal(done.session.dc, 1);
  assert.equal((await client.call(me))._items[0].first_name, 'Alan');

  const again = await Client.connect(gateway.port);
  again.send({ session: done.session });
  assert.equal((await again.call(me))._items[0].first_name, 'Alan');
  again.close();
});

signed('a bot by its token', async () => {
  const wrong = await step({ bot_token: '1:nonsense' });
  assert.equal(wrong.state, 'start');
  assert.equal(wrong.error.error_message, 'ACCESS_TOKEN_INVALID');
  const { server } = await client.request({ server: {} });
  const token = /\d+:[\w-]+/.exec(JSON.stringify(server.accounts))?.[0];
  assert.ok(token, 'the accounts name a bot token');
  const done = await step({ bot_token: token });
  assert.equal(done.state, 'done');
  assert.ok(done.user.bot);
});

signed('signing out ends the authorization', async () => {
  const { session } = await client.signIn('9996620001');
  assert.equal((await step({ sign_out: true })).state, 'start');
  const again = await Client.connect(gateway.port);
  const reply = await again.request({ session, message: me });
  assert.ok(reply.message?.error_message === 'AUTH_KEY_UNREGISTERED' || reply.error === 'ConnectionError');
  again.close();
});

signed('the state does not die with the socket', async () => {
  const begun = await client.request({ signin: { phone: '9996620001' } });
  client.close();
  const other = await Client.connect(gateway.port);
  const { phone, phone_code_hash } = begun.signin;
  const done = await other.request({ session: begun.session, signin: { phone, phone_code_hash, code: '22222' } });
  assert.equal(done.signin?.state, 'done', stringify(done));
  other.close();
});

signed('with a session and no state here, Telegram is asked', async () => {
  const { session } = await client.signIn('9996620001');
  client.close();
  const other = await Client.connect(gateway.port);
  const reply = await other.request({ session, signin: {} });
  assert.equal(reply.signin.state, 'done');
  assert.equal(reply.signin.user.first_name, 'Ada');
  other.close();
});

signed('a code is also a message from 777000 to who is signed in already', async () => {
  await client.signIn('9996620001');
  const other = await Client.connect(gateway.port);
  await other.request({ signin: { phone: '9996620001' } });
  await client.update((u) => messageOf(u)?.message?.includes('22222'), 'login code');
  other.close();
});

signed('steps that do not fit are SigninErrors that name the state', async () => {
  for (const signin of [{ code: '1' }, { password: 'x' }, { first_name: 'x' }, { resend: true }]) {
    const reply = await client.request({ signin });
    assert.equal(reply.error, 'SigninError', stringify(reply));
    assert.equal(reply.state, 'start');
  }
  const unknown = await client.request({ signin: { pasword: 'x' } });
  assert.ok(unknown.error, stringify(unknown));
});

signed('signed out elsewhere, it can be signed in again on the same connection', async () => {
  await client.signIn('9996620001');
  const { session } = await client.request({ session: {} });
  const other = await Client.connect(gateway.port);
  await other.request({ session, message: { _cons: 'auth.logOut' } });
  other.close();
  const refused = await client.request({ message: me });
  assert.equal(refused.message.error_code, 401);
  assert.equal((await step({})).state, 'start');
  assert.equal((await step({ phone: '9996620001' })).state, 'code');
  assert.equal((await step({ code: '22222' })).state, 'done');
});
