// Coming again without a code: what log-outs and sign-ins give, and what it is good for.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway } from './support/gateway.mjs';

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.close());

// A connection of its own; gives its steps.
async function person(t) {
  const client = await Client.connect(gateway.port);
  t.after(() => client.close());
  return async (signin) => (await client.request({ signin })).signin;
}

test('a log-out gives a token that lets in without a code, on another connection, too', async (t) => {
  const step = await person(t);
  await step({ phone: '9996620001' });
  assert.equal((await step({ code: '22222' })).state, 'done');
  const out = await step({ sign_out: true });
  assert.equal(out.state, 'start');
  assert.match(out.future_auth_token, /^[A-Za-z0-9+/]+=*$/);
  assert.equal((await step({})).future_auth_token, undefined);
  const again = await person(t);
  const done = await again({ phone: '9996620001', logout_tokens: ['AAAA', out.future_auth_token] });
  assert.equal(done.state, 'done');
  assert.equal(done.user.first_name, 'Ada');
});

test('of an account in another data centre, too', async (t) => {
  const step = await person(t);
  await step({ phone: '9996610003' });
  assert.equal((await step({ code: '11111' })).state, 'done');
  const { future_auth_token: token } = await step({ sign_out: true });
  const again = await person(t);
  assert.equal((await again({ phone: '9996610003', logout_tokens: [token] })).user.first_name, 'Alan');
});

test('the password is still asked for', async (t) => {
  const step = await person(t);
  await step({ phone: '9996620002' });
  await step({ code: '22222' });
  const { future_auth_token: token } = await step({ password: 'sandbox' });
  const again = await person(t);
  assert.equal((await again({ phone: '9996620002', logout_tokens: [token] })).state, 'password');
  assert.equal((await again({ password: 'sandbox' })).state, 'done');
});

test("a token of somebody else's, or none, leads to a code", async (t) => {
  const step = await person(t);
  await step({ phone: '9996620001' });
  const { future_auth_token: token } = await step({ code: '22222' });
  const again = await person(t);
  assert.equal((await again({ phone: '9996620002', logout_tokens: [token] })).state, 'code');
  assert.equal((await again({ phone: '9996620001', logout_tokens: [] })).state, 'code');
});

test('what is no list of tokens is refused where it stands', async (t) => {
  const client = await Client.connect(gateway.port);
  t.after(() => client.close());
  for (const [logout_tokens, path] of [
    ['AAAA', '/signin/logout_tokens'],
    [Array(21).fill('AAAA'), '/signin/logout_tokens'],
    [['AAAA', 'ä'], '/signin/logout_tokens/1'],
  ]) {
    const reply = await client.request({ signin: { phone: '9996620001', logout_tokens } });
    assert.equal(reply.error, 'TypeError');
    assert.equal(reply.path, path);
  }
});

test('who signs in by SMS and has no password is told so', async (t) => {
  const step = await person(t);
  await step({ phone: '9996620001' });
  assert.equal((await step({ resend: true })).type, 'sms');
  const done = await step({ code: '22222' });
  assert.equal(done.setup_password_required, true);
  assert.equal(done.otherwise_relogin_days, 7);
  assert.equal((await step({})).otherwise_relogin_days, 7);
});
