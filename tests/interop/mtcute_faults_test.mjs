// An outsider against a sandbox that misbehaves: where the protocol says how to go on, it goes on.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { networkMiddlewares } from '@mtcute/core';
import { folder, pause } from '../e2e/support/gateway.mjs';
import { Outside } from './support/outside.mjs';

const scratch = folder();
const plan = `${scratch}/faults.json`;
let outside;

const moderate = {
  seed: 5,
  rates: { delay: { rate: 0.1, ms: [10, 200] }, drop: 0.005, duplicate: 0.01, reorder: 0.02, truncate: 0.002,
    close: 0.01, wrong_salt: 0.02, rpc_500: 0.02, late_answer: { rate: 0.02, ms: [500, 1500] }, update_gap: 0.03 },
};

before(async () => {
  fs.writeFileSync(plan, JSON.stringify(moderate));
  outside = await Outside.start(['--sandbox-faults', plan]);
});
after(async () => {
  await outside?.close();
  fs.rmSync(scratch, { recursive: true, force: true });
});

const times = (texts, wanted) => texts.filter((text) => text === wanted).length;

test('signs in, says 30 things and hears 30 answers, each once', { timeout: 240_000 }, async (t) => {
  // That error says that a message was sent already, by the try before; mtcute would try for ever.
  const internalErrors = { exceptErrors: ['RANDOM_ID_DUPLICATE'] };
  const client = await outside.client(t, { network: { middlewares: networkMiddlewares.basic({ internalErrors }) } });
  const user = await client.start({ phone: '9996620001', code: '22222', codeSentCallback: () => {} });
  assert.equal(user.firstName, 'Ada');
  const heard = [];
  client.onNewMessage.add((message) => {
    if (!message.isOutgoing) heard.push(message.text);
  });
  const texts = Array.from({ length: 30 }, (_, i) => `in spite of it ${i}`);
  for (const text of texts) {
    const sent = await client.sendText('echobot', text)
      .catch((error) => (error.text === 'RANDOM_ID_DUPLICATE' ? { text } : Promise.reject(error)));
    assert.equal(sent.text, text);
  }
  for (let waited = 0; waited < 90_000 && heard.length < texts.length; waited += 100) await pause(100);
  await pause(1000); // what would come twice
  for (const text of texts) assert.equal(times(heard, text), 1, `"${text}" was heard ${times(heard, text)} times`);

  const told = [];
  for await (const message of client.iterHistory('echobot')) told.push(message);
  for (const text of texts) {
    assert.equal(times(told.filter((m) => m.isOutgoing).map((m) => m.text), text), 1, `"${text}" was said once`);
    assert.equal(times(told.filter((m) => !m.isOutgoing).map((m) => m.text), text), 1, `"${text}" was echoed once`);
  }
});
