// An outsider signs in: mtcute, with its own protocol, cryptography, scheme and layer, unmodified,
// pointed at the sandbox by what it offers to everybody.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from '../e2e/support/client.mjs';
import { Outside, first } from './support/outside.mjs';

let outside, gateway;
before(async () => {
  outside = await Outside.start();
  gateway = outside.gateway;
});
after(() => outside?.close());
const outsider = (t, options) => outside.client(t, options);

test('signs in with a code, lists dialogs, hears the bot\'s answer', { timeout: 120_000 }, async (t) => {
  const client = await outsider(t);
  const user = await client.start({ phone: '9996620001', code: '22222', codeSentCallback: () => {} });
  assert.equal(user.firstName, 'Ada');

  const titles = [];
  for await (const dialog of client.iterDialogs()) titles.push(dialog.peer.displayName);
  assert.ok(titles.length >= 3, titles.join());

  await client.startUpdatesLoop();
  const echo = first(client.onNewMessage, (m) => !m.isOutgoing && m.text === 'hello from outside', 'echo');
  const sent = await client.sendText('echobot', 'hello from outside');
  assert.equal(sent.text, 'hello from outside');
  assert.equal((await echo).sender.username, 'echobot');
});

test('signs in with a two-step password, wrong first', { timeout: 120_000 }, async (t) => {
  const client = await outsider(t);
  const given = ['not this', 'sandbox'];
  const refused = [];
  const user = await client.start({ phone: '+9996620002', code: '22222', password: () => given.shift(),
    invalidCodeCallback: (kind) => void refused.push(kind), codeSentCallback: () => {} });
  assert.equal(user.firstName, 'Grace');
  assert.deepEqual(refused, ['password']);
});

test('follows an account to its home data centre', { timeout: 120_000 }, async (t) => {
  const client = await outsider(t);
  const user = await client.start({ phone: '9996610003', code: '11111', codeSentCallback: () => {} });
  assert.equal(user.firstName, 'Alan');
});

test('uploads a file and downloads it again', { timeout: 120_000 }, async (t) => {
  const client = await outsider(t);
  await client.start({ phone: '9996620001', code: '22222', codeSentCallback: () => {} });
  const bytes = crypto.randomBytes(300_000);
  const sent = await client.sendMedia('me', { type: 'document', file: bytes, fileName: 'noise.bin' });
  assert.equal(sent.media.fileSize, bytes.length);
  const back = await client.downloadAsBuffer(sent.media);
  assert.ok(Buffer.from(back).equals(bytes));
});

test('talks with a client of the gateway, each in its own layer', { timeout: 120_000 }, async (t) => {
  const client = await outsider(t);
  await client.start({ phone: '9996620002', code: '22222', password: 'sandbox', codeSentCallback: () => {} });
  await client.startUpdatesLoop();
  const ada = await Client.connect(gateway.port);
  t.after(() => ada.close());
  await ada.signIn('9996620001');
  const { users } = await ada.call({ _cons: 'contacts.importContacts', contacts: [{
    _cons: 'inputPhoneContact', client_id: 1, phone: '9996620002', first_name: 'Grace', last_name: '' }] });
  const heard = first(client.onNewMessage, (m) => m.text === 'across layers', 'message');
  await ada.call({ _cons: 'messages.sendMessage', message: 'across layers',
    peer: { _cons: 'inputPeerUser', user_id: users[0].id, access_hash: users[0].access_hash } });
  const message = await heard;
  await client.replyText(message, 'and back');
  await ada.newMessage('and back');
});

const tokenOf = (url) => Buffer.from(url.split('token=')[1], 'base64url');

for (const [name, phone, options] of [
  ['Ada', '9996620001', {}],
  ['Grace', '9996620002', { password: 'sandbox' }],
  ['Alan', '9996610003', {}],
]) {
  test(`shows a code that ${name} scans with the gateway's client`, { timeout: 120_000 }, async (t) => {
    const scanner = await Client.connect(gateway.port);
    t.after(() => scanner.close());
    await scanner.signIn(phone, options);
    const client = await outsider(t);
    let seen = 0;
    const user = await client.signInQr({
      password: options.password,
      onQrScanned: () => void seen++,
      onUrlUpdated: (url) => scanner.call({ _cons: 'auth.acceptLoginToken', token: tokenOf(url).toString('base64') }),
    });
    assert.equal(user.firstName, name);
    assert.equal(seen, 1);
    assert.equal((await client.getMe()).firstName, name);
  });
}

test('scans a code that a client of the gateway shows', { timeout: 120_000 }, async (t) => {
  const client = await outsider(t);
  await client.start({ phone: '9996610003', code: '11111', codeSentCallback: () => {} });
  const shower = await Client.connect(gateway.port);
  t.after(() => shower.close());
  const { signin } = await shower.request({ signin: { qr: true } });
  const authorization = await client.call({ _: 'auth.acceptLoginToken', token: tokenOf(signin.url) });
  assert.equal(authorization._, 'authorization');
  const done = await shower.next((line) => line.id === 0 && line.signin?.state === 'done', 'the push');
  assert.equal(done.signin.user.first_name, 'Alan');
  assert.equal(done.session.dc, 1);
});
