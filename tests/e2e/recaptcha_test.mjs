// Telegram refuses a call until it comes with the token of a reCAPTCHA; the sandbox plays that.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, folder } from './support/gateway.mjs';

const KEY = '6LdcRsEqAAAAAHUaNCc1GUe47g5jKlO-bJJiy_Zt';

async function wanted(t, method) {
  const faults = path.join(folder(t), 'faults.json');
  fs.writeFileSync(faults, JSON.stringify({ rules: [{ method, error: `RECAPTCHA_CHECK_signup__${KEY}` }] }));
  const gateway = await Gateway.start(['--sandbox', '--sandbox-faults', faults]);
  t.after(() => gateway.close());
  const client = await Client.connect(gateway.port);
  t.after(() => client.close());
  return client;
}

test('a step says which reCAPTCHA is wanted, and goes through with its token', async (t) => {
  const client = await wanted(t, 'auth.sendCode');
  const refused = (await client.request({ signin: { phone: '9996620001' } })).signin;
  assert.equal(refused.state, 'start');
  assert.equal(refused.error.error_code, 403);
  assert.deepEqual(refused.error.recaptcha, { action: 'signup', key: KEY });
  const code = await client.request({ signin: { phone: '9996620001' }, recaptcha_token: '03AFcWeA' });
  assert.equal(code.signin.state, 'code');
  assert.equal((await client.request({ signin: { code: '22222' } })).signin.state, 'done');
});

test('the token follows an account to its data centre', async (t) => {
  const client = await wanted(t, 'auth.sendCode');
  const code = await client.request({ signin: { phone: '9996610003' }, recaptcha_token: '03AFcWeA' });
  assert.equal(code.signin.state, 'code');
  assert.equal(code.session.dc, 1);
});

test('a message does so, too', async (t) => {
  const client = await wanted(t, 'help.getNearestDc');
  const message = { _cons: 'help.getNearestDc' };
  const refused = (await client.request({ message })).message;
  assert.deepEqual(refused.recaptcha, { action: 'signup', key: KEY });
  assert.equal((await client.request({ message, recaptcha_token: '03AFcWeA' })).message._cons, 'nearestDc');
  assert.equal((await client.request({ message })).message._cons, 'rpc_error');
});

test('a token that is none, or stands for nothing, is refused where it stands', async (t) => {
  const client = await wanted(t, 'auth.sendCode');
  const message = { _cons: 'help.getNearestDc' };
  for (const request of [
    { message, recaptcha_token: '' },
    { message, recaptcha_token: 7 },
    { message, recaptcha_token: 'x'.repeat(16385) },
    { message: { _cons: 'ping', ping_id: 1 }, recaptcha_token: 'x' },
    { message: { _cons: 'invokeWithLayer', layer: 228, query: message }, recaptcha_token: 'x' },
    { recaptcha_token: 'x' },
  ]) {
    const reply = await client.request(request);
    assert.equal(reply.error, 'TypeError');
    assert.equal(reply.path, '/recaptcha_token');
  }
});
