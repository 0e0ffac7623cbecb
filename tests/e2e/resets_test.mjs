// Who can't sign in as usual: the e-mail address or the password is to go, the code has to be paid for.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, folder, patience, pause } from './support/gateway.mjs';

// A sandbox where resets take so many seconds; gives a way to open connections.
async function sandbox(t, seconds) {
  const faults = path.join(folder(t), 'faults.json');
  fs.writeFileSync(faults, JSON.stringify({ reset_wait_s: seconds }));
  const gateway = await Gateway.start(['--sandbox', '--sandbox-faults', faults]);
  t.after(() => gateway.close());
  return async () => {
    const client = await Client.connect(gateway.port);
    t.after(() => client.close());
    return client;
  };
}
const step = async (client, signin) => (await client.request({ signin })).signin;

// Ada is signed in, and her codes go to an e-mail address.
async function setAddress(client) {
  await step(client, { phone: '9996620001' });
  assert.equal((await step(client, { code: '22222' })).state, 'done');
  const purpose = { _cons: 'emailVerifyPurposeLoginChange' };
  for (const message of [
    { _cons: 'account.sendVerifyEmailCode', purpose, email: 'ada@example.org' },
    { _cons: 'account.verifyEmail', purpose, verification: { _cons: 'emailVerificationCode', code: '222222' } },
  ]) assert.notEqual((await client.request({ message })).message._cons, 'rpc_error');
}

test('a code comes by e-mail, and is entered as such', async (t) => {
  const open = await sandbox(t, 600);
  await setAddress(await open());
  const client = await open();
  const code = await step(client, { phone: '9996620001' });
  assert.equal(code.type, 'email');
  assert.equal(code.email_pattern, 'a*a@example.org');
  assert.equal(code.reset_available_period, 600);
  assert.equal((await step(client, { email_code: '222222' })).state, 'done');
});

test('an e-mail address that is out of reach goes when its time has come', async (t) => {
  const open = await sandbox(t, 2);
  await setAddress(await open());
  const client = await open();
  await step(client, { phone: '9996620001' });
  const pending = await step(client, { reset_email: true });
  assert.equal(pending.state, 'code');
  assert.equal(pending.type, 'email');
  assert.ok(pending.reset_pending_date > Date.now() / 1000 - 600);
  const early = await step(client, { reset_email: true });
  assert.equal(early.state, 'code');
  if (early.type === 'email') { // not on a machine that slept meanwhile
    assert.equal(early.error.error_message, 'TASK_ALREADY_EXISTS');
    await pause(3000);
    assert.equal((await step(client, { reset_email: true })).type, 'sms');
  }
  assert.equal((await step(client, { code: '22222' })).state, 'done');
});

test('where nothing is waited for the code comes by SMS at once', async (t) => {
  const open = await sandbox(t, 0);
  await setAddress(await open());
  const client = await open();
  const code = await step(client, { phone: '9996620001' });
  assert.equal(code.reset_available_period, 0);
  const elsewhere = await open();
  const { phone, phone_code_hash } = code;
  assert.equal((await step(elsewhere, { phone, phone_code_hash, reset_email: true })).type, 'sms');
  assert.equal((await step(elsewhere, { code: '22222' })).state, 'done');
});

test('a password goes from an account that is signed in, and not before', async (t) => {
  const open = await sandbox(t, 600);
  const client = await open();
  await step(client, { phone: '9996620002' });
  assert.equal((await step(client, { code: '22222' })).state, 'password');
  const early = await client.request({ signin: { reset_password: true } });
  assert.equal(early.error, 'SigninError');
  assert.equal(early.state, 'password');
  await step(client, { password: 'sandbox' });
  const asked = await step(client, { reset_password: true });
  assert.equal(asked.state, 'done');
  assert.equal(asked.reset_password._cons, 'account.resetPasswordRequestedWait');
  const other = await open();
  await step(other, { phone: '9996620002' });
  const password = await step(other, { code: '22222' });
  assert.equal(password.pending_reset_date, asked.reset_password.until_date);
  await client.request({ message: { _cons: 'account.declinePasswordReset' } });
  const refused = await step(client, { reset_password: true });
  assert.equal(refused.reset_password._cons, 'account.resetPasswordFailedWait');
  assert.equal(typeof refused.reset_password.retry_date, 'number');
});

test('by a session line, too, and at once where nothing is waited for', async (t) => {
  const open = await sandbox(t, 0);
  const client = await open();
  await step(client, { phone: '9996620002' });
  await step(client, { code: '22222' });
  const { session } = await client.request({ signin: { password: 'sandbox' } });
  client.close();
  await pause(100 * patience);
  const other = await open();
  const reply = await other.request({ session, signin: { reset_password: true } });
  assert.equal(reply.signin.state, 'done');
  assert.equal(reply.signin.reset_password._cons, 'account.resetPasswordOk');
  const again = await open();
  await step(again, { phone: '9996620002' });
  assert.equal((await step(again, { code: '22222' })).state, 'done');
});

test('a code that has to be paid for', async (t) => {
  const open = await sandbox(t, 0);
  const client = await open();
  const payment = await step(client, { phone: '9996620402' });
  assert.equal(payment.state, 'payment');
  for (const key of ['phone_code_hash', 'store_product', 'support_email_address', 'support_email_subject', 'currency'])
    assert.equal(typeof payment[key], 'string', key);
  assert.equal(payment.amount, 199);
  assert.equal((await step(client, { form_id: '77' })).state, 'payment');
  const code = await step(client, { form_id: 1 });
  assert.equal(code.state, 'code');
  assert.equal(code.type, 'sms');
  assert.equal((await step(client, { code: '22222' })).state, 'sign_up');
});
