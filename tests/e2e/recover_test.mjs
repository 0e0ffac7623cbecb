// Each update once and in order, whatever becomes of the connection: "updates":"recover".
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, messageOf } from './support/client.mjs';
import { stringify } from './support/json.mjs';
import { Gateway, apart, patience, pause } from './support/gateway.mjs';
import { Relay } from './support/relay.mjs';

const relay = new Relay();
const atEnd = [];
const args = ['--api-id', '12345', '--api-hash', 'abcdef'];
let gateway, direct, sandbox, pem;
before(async () => {
  ({ gateway, sandbox, pem } = await apart({ after: (f) => atEnd.unshift(f) }, relay));
  // The sender's way is not cut.
  direct = await Gateway.start(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', pem, ...args]);
  atEnd.unshift(() => direct.close());
});
after(async () => {
  for (const f of atEnd) await f();
});

const say = (message) => ({ _cons: 'messages.sendMessage', peer: 'me', message });
const recover = { options: { updates: 'recover' } };

// All messages in numbered updates so far, in their order; the numbers must have no hole.
function heard(client, from = 1) {
  const numbered = client.received.map(({ value }) => value).filter((v) => v.update_seq !== undefined);
  numbered.forEach((value, i) => assert.equal(Number(value.update_seq), from + i, stringify(value)));
  return numbered.flatMap(({ message }) => (message.updates ?? [])
    .filter((u) => u._cons === 'updateNewMessage').map((u) => u.message.message));
}
async function hears(client, texts, from) {
  for (let waited = 0; waited < 15_000 * patience; waited += 50) {
    if (heard(client, from).length >= texts.length) break;
    await pause(50);
  }
  await pause(700); // what would come twice
  assert.deepEqual(heard(client, from), texts);
}
const known = async (client) => {
  for (;;) {
    const { session } = await client.request({ session: {} });
    if (session.updates?.pts) return session;
    await pause(20);
  }
};
const numbered = (name, body) => test(name, async (t) => {
  const clients = [];
  t.after(() => {
    relay.refusing = false;
    relay.release();
    clients.forEach((c) => c.close());
  });
  const connect = async (port) => {
    clients.push(await Client.connect(port));
    return clients.at(-1);
  };
  const sender = await connect(direct.port);
  await sender.signIn('9996620001');
  const listener = await connect(gateway.port);
  assert.equal((await listener.request(recover)).options.updates, 'recover');
  await listener.signIn('9996620001');
  await known(listener);
  listener.received.length = 0;
  await body({ sender, listener, connect }, t);
});
// The number behind the last one told.
const next = async (client) => Number((await client.request({ session: {} })).session.updates.update_seq) + 1;

numbered('updates come numbered, one after the other', async ({ sender, listener }) => {
  const from = await next(listener);
  for (const text of ['one', 'two', 'three']) await sender.call(say(text));
  await hears(listener, ['one', 'two', 'three'], from);
});

numbered('what was sent while the link was cut arrives once it is back, once and in order', async ({ sender, listener }) => {
  const from = await next(listener);
  await sender.call(say('before'));
  await listener.line((v, text) => { return v.update_seq !== undefined && text.includes('before'); })
    .then((line) => listener.received.unshift(line));
  relay.refusing = true;
  relay.cut();
  const texts = Array.from({ length: 20 }, (_, i) => `missed ${i}`);
  for (const text of texts) await sender.call(say(text));
  relay.refusing = false;
  await hears(listener, ['before', ...texts], from);
  await sender.call(say('after'));
  await hears(listener, ['before', ...texts, 'after'], from);
});

numbered('what a client sends itself is in its reply, and only there', async ({ sender, listener }) => {
  const from = await next(listener);
  await sender.call(say('theirs'));
  await listener.call(say('mine'));
  await sender.call(say('theirs again'));
  await hears(listener, ['theirs', 'theirs again'], from);
});

numbered('its own requests are answered while the difference is being fetched', async ({ sender, listener }) => {
  relay.refusing = true;
  relay.cut();
  for (let i = 0; i < 50; i++) await sender.call(say(`many ${i}`));
  relay.refusing = false;
  const answer = await listener.call({ _cons: 'help.getNearestDc' }, { timeout: 20 });
  assert.ok(['nearestDc', 'rpc_timeout'].includes(answer._cons), stringify(answer));
});

numbered('with its session a client goes on in a fresh gateway where it stopped', async ({ sender, listener, connect }, t) => {
  const from = await next(listener);
  await sender.call(say('heard'));
  await hears(listener, ['heard'], from);
  const { session } = await listener.request({ session: {} });
  listener.close();
  await sender.call(say('while away 1'));
  await sender.call(say('while away 2'));
  const other = await Gateway.start(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', pem, ...args]);
  t.after(() => other.close());
  const back = await connect(other.port);
  await back.request({ ...recover, session });
  await hears(back, ['while away 1', 'while away 2'], from + 1);
  await sender.call(say('and live'));
  await hears(back, ['while away 1', 'while away 2', 'and live'], from + 1);
});

numbered('in plain notation, too', async ({ sender, listener }) => {
  await listener.request({ options: { json: 'plain' } });
  const from = await next(listener);
  await sender.call(say('plainly'));
  const told = await listener.next((v) => v.update_seq === from, 'the update');
  assert.equal(messageOf(told.message).message, 'plainly');
  assert.equal(typeof messageOf(told.message).from_id?.user_id ?? 'string', 'string');
});
