// An outsider signs in: mtcute, with its own protocol, cryptography, scheme and layer, unmodified,
// pointed at the sandbox by what it offers to everybody.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, test } from 'node:test';
import { IntermediatePacketCodec, ObfuscatedPacketCodec, PaddedIntermediatePacketCodec } from '@mtcute/core';
import { TcpTransport } from '@mtcute/node';
import { Client } from '../e2e/support/client.mjs';
import { Outside, first } from './support/outside.mjs';
import { withVersion } from './support/packages.mjs';
import { mtcuteLayer } from './support/schemes.mjs';
import { Table } from './support/table.mjs';

const name = withVersion('@mtcute/node');
const table = new Table();
const row = table.row(name, mtcuteLayer, 'intermediate');

let outside, gateway;
before(async () => {
  outside = await Outside.start();
  gateway = outside.gateway;
});
after(async () => {
  await outside?.close();
  table.close('mtcute');
});
const outsider = (t, options) => outside.client(t, options);

// Its own ways to cut a stream into packets, each an object of its own for a connection.
class Transport extends TcpTransport {
  constructor(make) {
    super();
    this.packetCodec = make;
  }
}
const transports = {
  intermediate: () => new IntermediatePacketCodec(),
  padded: () => new PaddedIntermediatePacketCodec(),
  'intermediate, obfuscated': () => new ObfuscatedPacketCodec(new IntermediatePacketCodec()),
  'padded, obfuscated': () => new ObfuscatedPacketCodec(new PaddedIntermediatePacketCodec()),
};

async function live(t, transport, codec) {
  const here = table.row(name, mtcuteLayer, transport);
  const options = { transport: new Transport(codec) };
  const client = await outsider(t, options);
  const user = await client.start({ phone: '9996620001', code: '22222', codeSentCallback: () => {} });
  assert.equal(user.firstName, 'Ada');
  here.did('code');

  const titles = [];
  for await (const dialog of client.iterDialogs()) titles.push(dialog.peer.displayName);
  assert.ok(titles.length >= 3, titles.join());
  here.did('dialogs');

  await client.startUpdatesLoop();
  const text = `hello over ${transport}`;
  const echo = first(client.onNewMessage, (m) => !m.isOutgoing && m.text === text, 'echo');
  const sent = await client.sendText('echobot', text);
  assert.equal(sent.text, text);
  here.did('send');
  assert.equal((await echo).sender.username, 'echobot');
  here.did('update');

  const saved = await client.exportSession();
  await client.destroy();
  const again = await outsider(t, options);
  await again.importSession(saved);
  assert.equal((await again.getMe()).firstName, 'Ada');
  here.did('come back');

  await again.logOut();
  const gone = await outsider(t, options);
  await gone.importSession(saved);
  await assert.rejects(gone.getMe(), { text: 'AUTH_KEY_UNREGISTERED' });
  here.did('sign out');
}

for (const [transport, codec] of Object.entries(transports)) {
  test(`${transport}: a session from sign-in to sign-out`, { timeout: 30_000 }, async (t) => {
    const spoken = await outside.sandbox.listen(() => live(t, transport, codec));
    assert.deepEqual(spoken, [transport]);
  });
}

test('signs in with a two-step password, wrong first', { timeout: 30_000 }, async (t) => {
  const client = await outsider(t);
  const given = ['not this', 'sandbox'];
  const refused = [];
  const user = await client.start({ phone: '+9996620002', code: '22222', password: () => given.shift(),
    invalidCodeCallback: (kind) => void refused.push(kind), codeSentCallback: () => {} });
  assert.equal(user.firstName, 'Grace');
  assert.deepEqual(refused, ['password']);
  row.did('password');
});

test('follows an account to its home data centre', { timeout: 30_000 }, async (t) => {
  const client = await outsider(t);
  const user = await client.start({ phone: '9996610003', code: '11111', codeSentCallback: () => {} });
  assert.equal(user.firstName, 'Alan');
});

test('is told that it is the test environment where it came as to one', { timeout: 30_000 }, async (t) => {
  for (const testMode of [false, true]) {
    const client = await outsider(t, { testMode });
    const config = await client.call({ _: 'help.getConfig' });
    assert.deepEqual([config.thisDc, config.testMode], [2, testMode]);
  }
});

test('uploads a file and downloads it again', { timeout: 30_000 }, async (t) => {
  const client = await outsider(t);
  await client.start({ phone: '9996620001', code: '22222', codeSentCallback: () => {} });
  const bytes = crypto.randomBytes(300_000);
  const sent = await client.sendMedia('me', { type: 'document', file: bytes, fileName: 'noise.bin' });
  assert.equal(sent.media.fileSize, bytes.length);
  const back = await client.downloadAsBuffer(sent.media);
  assert.ok(Buffer.from(back).equals(bytes));
});

test('pins a message in a group of its own, and shows a photo of itself', { timeout: 30_000 }, async (t) => {
  const client = await outsider(t);
  await client.start({ phone: '9996620001', code: '22222', codeSentCallback: () => {} });
  const { chat } = await client.createGroup({ title: 'Tea', users: ['alan_turing'] });
  const { id } = await client.sendText(chat.id, 'at five');
  await client.pinMessage({ chatId: chat.id, message: id });
  const [message] = await client.getMessages(chat.id, id);
  assert.ok(message.isPinned);
  await client.unpinMessage({ chatId: chat.id, message: id });

  // As much of a PNG file as says how large the picture is.
  const head = Buffer.from('89504e470d0a1a0a0000000d4948445200000040000000200806000000', 'hex');
  const picture = Buffer.concat([head, crypto.randomBytes(5_000)]);
  await client.setMyProfilePhoto({ type: 'photo', media: picture });
  const { photo } = await client.getMe();
  assert.ok(Buffer.from(await client.downloadAsBuffer(photo.big)).equals(picture));
});

test('talks with a client of the gateway, each in its own layer', { timeout: 30_000 }, async (t) => {
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

for (const [whose, phone, options] of [
  ['Ada', '9996620001', {}],
  ['Grace', '9996620002', { password: 'sandbox' }],
  ['Alan', '9996610003', {}],
]) {
  test(`shows a code that ${whose} scans with the gateway's client`, { timeout: 30_000 }, async (t) => {
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
    assert.equal(user.firstName, whose);
    assert.equal(seen, 1);
    assert.equal((await client.getMe()).firstName, whose);
    row.did('QR');
  });
}

test('signs in as a bot', { timeout: 30_000 }, async (t) => {
  const client = await outsider(t);
  const user = await client.start({ botToken: '1000001:sandbox-echobot' });
  assert.equal(user.username, 'echobot');
  row.did('bot');
});

test('scans a code that a client of the gateway shows', { timeout: 30_000 }, async (t) => {
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
