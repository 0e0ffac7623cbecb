// TL values in JSON over the wire: both notations, what may be left out, peers by name, options.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client, messageOf } from './support/client.mjs';
import { Gateway, folder } from './support/gateway.mjs';

let gateway, ada;
const history = { _cons: 'messages.getHistory', peer: '@echobot', limit: 5 };
const opened = [];
const connect = async () => {
  const one = await Client.connect(gateway.port);
  opened.push(one);
  return one;
};

before(async () => {
  gateway = await Gateway.start();
  ada = await connect();
  await ada.signIn('9996620001');
});
after(async () => {
  for (const one of opened) one.close();
  await gateway.close();
});

test('classic: numbers for 64 bits, objects for Bool and flags, absent means absent', async () => {
  const answer = await ada.call({ _cons: 'users.getUsers', id: ['me'] });
  assert.equal(answer._cons, 'vector');
  const [me] = answer._items;
  assert.deepEqual(me.self, { _cons: 'true' });
  assert.ok(['number', 'bigint'].includes(typeof me.id));
  assert.ok(['number', 'bigint'].includes(typeof me.access_hash));
  assert.ok(!('bot' in me) && !('flags' in me));
  const bool = await ada.call({ _cons: 'account.updateStatus', offline: { _cons: 'boolFalse' } });
  assert.match(bool._cons, /^bool(True|False)$/);
});

test('plain: strings for 64 bits, true and false, arrays', async () => {
  const plain = await connect();
  await plain.signIn('9996620001');
  const { options } = await plain.request({ options: { json: 'plain' } });
  assert.equal(options.json, 'plain');
  const [me] = await plain.call({ _cons: 'users.getUsers', id: ['me'] });
  assert.equal(me._cons, 'user');
  assert.equal(me.self, true);
  assert.match(me.id, /^\d+$/);
  assert.match(me.access_hash, /^-?\d+$/);
  assert.equal(typeof await plain.call({ _cons: 'account.updateStatus', offline: false }), 'boolean');
});

test('input takes _, @type, decimal strings, native true and null', async () => {
  for (const message of [
    { _: 'users.getUsers', id: [{ '@type': 'inputUserSelf' }] },
    { '@type': 'users.getUsers', id: [{ _: 'inputUserSelf' }] }]) {
    assert.equal((await ada.call(message))._items[0].first_name, 'Ada');
  }
  const sent = await ada.call({ _cons: 'messages.sendMessage', peer: 'me', message: 'quiet',
    silent: true, random_id: '-81985529216486896', reply_to: null, noforwards: false });
  assert.match(sent._cons, /^update/);
  const [user] = (await ada.call({ _cons: 'users.getUsers', id: ['@echobot'] }))._items;
  for (const access_hash of [`${user.access_hash}`, `${BigInt.asUintN(64, BigInt(user.access_hash))}`]) {
    const answer = await ada.call({ _cons: 'users.getUsers',
      id: [{ _cons: 'inputUser', user_id: `${user.id}`, access_hash }] });
    assert.equal(answer._items[0].username, 'echobot');
  }
});

test('text of all scripts goes there and back', async () => {
  const text = 'naïve 你好 🙂 \u0000 "quoted" \\ \u2028 end';
  await ada.call({ _cons: 'messages.sendMessage', peer: 'me', message: text });
  const { messages } = await ada.call({ ...history, peer: 'me', limit: 1 });
  assert.equal(messages[0].message, text);
});

test('bytes in either base64 alphabet, padded or not', async () => {
  const part = (bytes, file_part) => ada.call({ _cons: 'upload.saveFilePart', file_id: 99, file_part, bytes });
  for (const [i, bytes] of ['+/+/+w==', '-_-_-w==', '+/+/+w', '-_-_-w'].entries()) {
    assert.deepEqual(await part(bytes, i), { _cons: 'boolTrue' });
  }
});

test('an upload comes back byte for byte', async () => {
  const bytes = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7) % 256));
  await ada.call({ _cons: 'upload.saveFilePart', file_id: 100, file_part: 0, bytes: bytes.toString('base64') });
  const sent = await ada.call({ _cons: 'messages.sendMedia', peer: 'me', message: 'a file', media: {
    _cons: 'inputMediaUploadedDocument', mime_type: 'application/octet-stream',
    file: { _cons: 'inputFile', id: 100, parts: 1, name: 'x.bin', md5_checksum: '' },
    attributes: [{ _cons: 'documentAttributeFilename', file_name: 'x.bin' }] } });
  const { document } = messageOf(sent).media;
  assert.equal(document.size, 3000);
  const file = await ada.call({ _cons: 'upload.getFile', offset: 0, limit: 4096, location: {
    _cons: 'inputDocumentFileLocation', id: document.id, access_hash: document.access_hash,
    file_reference: document.file_reference, thumb_size: '' } });
  assert.equal(file.bytes, bytes.toString('base64'));
});

test('what may be left out: hash, offsets, limit and random_id', async () => {
  const answer = await ada.call({ _cons: 'messages.getDialogs', offset_peer: { _cons: 'inputPeerEmpty' } });
  assert.match(answer._cons, /^messages\.dialogs/);
  assert.match((await ada.call(history))._cons, /^messages\.messages/);
});

test('and nothing else may', async () => {
  for (const message of [
    { _cons: 'messages.deleteHistory', peer: 'me' },
    { _cons: 'messages.readHistory', peer: 'me' },
    { _cons: 'messages.deleteMessages' }]) {
    const reply = await ada.request({ message });
    assert.equal(reply.error, 'SchemeError', message._cons);
  }
});

test('_wrapped and query are the same', async () => {
  for (const field of ['_wrapped', 'query']) {
    const answer = await ada.call({ _cons: 'invokeWithoutUpdates', [field]: { _cons: 'help.getNearestDc' } });
    assert.equal(answer._cons, 'nearestDc');
  }
});

test('peers by name: @name and me', async () => {
  const chat = await ada.call({ _cons: 'messages.getHistory', peer: '@echobot', limit: 3 });
  assert.match(chat._cons, /^messages\.messages/);
  const users = await ada.call({ _cons: 'users.getUsers', id: ['me', '@echobot'] });
  assert.deepEqual(users._items.map((u) => u.first_name), ['Ada', users._items[1].first_name]);
  assert.equal(users._items[1].username, 'echobot');
});

test('a name that does not resolve gives Telegram\'s error as the answer', async () => {
  const answer = await ada.call({ _cons: 'messages.sendMessage', peer: '@no_such_name_1', message: 'x' });
  assert.equal(answer._cons, 'rpc_error');
  assert.equal(answer.error_message, 'USERNAME_NOT_OCCUPIED');
});

test('options: get shows all, set shows the new, api_hash never', async () => {
  const one = await connect();
  const before = (await one.request({ options: {} })).options;
  assert.equal(before.json, 'classic');
  assert.equal(before.updates, true);
  assert.equal(before.unknown, 'refuse');
  assert.equal(before.layer, 228);
  const { options } = await one.request({ options: { device_model: 'abacus', api_id: 7, api_hash: 'deadbeef77' } });
  assert.equal(options.device_model, 'abacus');
  assert.equal(options.api_id, 7);
  assert.doesNotMatch(JSON.stringify(options), /deadbeef77/);
  for (const bad of [{ json: 'xml' }, { layer: 3 }, { jsn: 'plain' }, { updates: 5 }]) {
    const reply = await one.request({ options: bad });
    assert.equal(reply.error, 'TypeError', JSON.stringify(bad));
    assert.match(reply.path, /^\/options\//);
  }
});

test('options.unknown: ignore drops unknown fields and lists their pointers', async () => {
  const one = await connect();
  await one.request({ options: { unknown: 'ignore' } });
  const reply = await one.request({ message: { _cons: 'help.getNearestDc', colour: 'blue' } });
  assert.equal(reply.message._cons, 'nearestDc');
  assert.deepEqual(reply.ignored, ['/message/colour']);
});

test('options.updates: false sends none', async () => {
  const quiet = await connect();
  await quiet.signIn('9996620001');
  await quiet.request({ options: { updates: false } });
  await quiet.call({ _cons: 'messages.sendMessage', peer: '@echobot', message: 'hush' });
  await ada.update((u) => messageOf(u)?.message === 'hush' && !messageOf(u).out, 'echo');
  await quiet.call({ _cons: 'help.getNearestDc' });
  assert.deepEqual(quiet.received.filter(({ value }) => value.id === 0), []);
});

test('an answer with an unknown constructor is handed on whole', async (t) => {
  const source = gateway.banner[3];
  const file = [source, path.join(process.cwd(), source)].find((name) => fs.existsSync(name));
  const scheme = path.join(folder(t), 'trimmed.tl');
  const text = fs.readFileSync(file, 'utf8');
  assert.match(text, /^nearestDc#/m);
  fs.writeFileSync(scheme, text.replace(/^nearestDc#.*$/m, 'neverSent#badf00d = NearestDc;'));
  const pem = path.join(folder(t), 'key.pem');
  const sandbox = await Gateway.start(['--sandbox', '--sandbox-public-key', pem]);
  t.after(() => sandbox.close());
  const trimmed = await Gateway.start(['--scheme', scheme, '--server', `127.0.0.1:${sandbox.dcs[2]}`,
    '--rsa', pem, '--api-id', '1', '--api-hash', 'x']);
  t.after(() => trimmed.close());
  const one = await Client.connect(trimmed.port);
  const answer = await one.call({ _cons: 'help.getNearestDc' });
  assert.equal(answer._cons, '_unknown');
  assert.equal(answer._id, '0x8e1a1775');
  assert.equal(Buffer.from(answer._bytes, 'base64').readUInt32LE(0), 0x8e1a1775);
  assert.equal((await one.call({ _cons: 'ping', ping_id: 3 })).ping_id, 3);
  one.close();
});
