// The sandbox in the layers of all outsiders at once: the same calls in each, answered in words that
// the layer has, to the last byte; who speaks one layer hears who speaks another.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, messageOf } from '../e2e/support/client.mjs';
import { stringify } from '../e2e/support/json.mjs';
import { Sandbox } from './support/sandbox.mjs';
import { gramjs, gramjsLayer, mtcute, mtcuteLayer, mtcuteWeb, mtcuteWebLayer, mtprotoCore, mtprotoCoreLayer,
  telethon, telethonLayer } from './support/schemes.mjs';

const layers = [telethonLayer(), mtprotoCoreLayer, gramjsLayer, mtcuteWebLayer, mtcuteLayer, 228];
let sandbox;

before(async () => {
  sandbox = await Sandbox.start([(folder) => telethon(folder).file, mtprotoCore, gramjs, mtcuteWeb, mtcute]);
});
after(() => sandbox?.close());

async function outsider(t, layer, phone, options) {
  const client = await Client.connect(sandbox.gateway.port);
  t.after(() => client.close());
  const reply = await client.request({ options: { layer, json: 'plain' } });
  assert.equal(Number(reply.options?.layer), layer, stringify(reply));
  await client.signIn(phone, options);
  return client;
}

const me = { _cons: 'inputPeerSelf' };
const page = { offset_id: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0 };
const user = ({ id, access_hash }) => ({ _cons: 'inputPeerUser', user_id: id, access_hash });

// What an application asks for, as old as the oldest of the layers.
const plainCalls = [
  { _cons: 'help.getConfig' },
  { _cons: 'help.getNearestDc' },
  { _cons: 'help.getCountriesList', lang_code: 'en', hash: 0 },
  { _cons: 'help.getPromoData' },
  { _cons: 'help.getTermsOfServiceUpdate' },
  { _cons: 'langpack.getLanguages', lang_pack: '' },
  { _cons: 'account.getPassword' },
  { _cons: 'account.getAuthorizations' },
  { _cons: 'account.getAccountTTL' },
  { _cons: 'account.getContentSettings' },
  { _cons: 'account.getGlobalPrivacySettings' },
  { _cons: 'account.getNotifySettings', peer: { _cons: 'inputNotifyUsers' } },
  { _cons: 'contacts.getContacts', hash: 0 },
  { _cons: 'contacts.getStatuses' },
  { _cons: 'contacts.search', q: 'ada', limit: 10 },
  { _cons: 'messages.getAllDrafts' },
  { _cons: 'messages.getDialogFilters' },
  { _cons: 'messages.getPinnedDialogs', folder_id: 0 },
  { _cons: 'messages.getPeerSettings', peer: me },
  { _cons: 'photos.getUserPhotos', user_id: { _cons: 'inputUserSelf' }, offset: 0, max_id: 0, limit: 10 },
  { _cons: 'updates.getState' },
  { _cons: 'users.getFullUser', id: { _cons: 'inputUserSelf' } },
  { _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] },
];

// Calls as `client`, and keeps in `wrong` what was answered with anything but plain words.
function caller(client, wrong) {
  return async (message) => {
    const answer = await client.call(message);
    const bad = /"(_unknown|rpc_error)".*/.exec(stringify(answer));
    if (bad) wrong.push(`${message._cons}: ${bad[0]}`);
    return answer;
  };
}

const graceOf = async (call) => (await call({ _cons: 'contacts.importContacts', contacts: [{
  _cons: 'inputPhoneContact', client_id: 1, phone: '9996620002', first_name: 'Grace', last_name: '' }] })).users[0];

for (const layer of layers) {
  test(`layer ${layer}: what an application asks for`, { timeout: 40_000 }, async (t) => {
    const wrong = [];
    const answers = new Map();
    const ask = caller(await outsider(t, layer, '9996620001'), wrong);
    const call = async (message) => {
      answers.set(message._cons, await ask(message));
      return answers.get(message._cons);
    };
    for (const message of plainCalls) await call(message);
    assert.deepEqual(wrong, []);
    assert.equal(Number(answers.get('help.getConfig').this_dc), 2);
    assert.equal(answers.get('users.getUsers')[0].first_name, 'Ada');

    // Whole conversations, one with every kind of entity.
    const { dialogs, users, chats } = await call({ _cons: 'messages.getDialogs', offset_date: 0, offset_id: 0,
      offset_peer: { _cons: 'inputPeerEmpty' }, limit: 100, hash: 0 });
    assert.ok(dialogs.length >= 3);
    let seen = 0;
    const read = async (peer) => {
      seen += (await call({ _cons: 'messages.getHistory', peer, offset_date: 0, ...page })).messages.length;
    };
    for (const one of users) await read(user(one));
    for (const { _cons, id, access_hash } of chats) {
      const channel = _cons === 'channel';
      await read(channel ? { _cons: 'inputPeerChannel', channel_id: id, access_hash } : { _cons: 'inputPeerChat', chat_id: id });
      await call(channel ? { _cons: 'channels.getFullChannel', channel: { _cons: 'inputChannel', channel_id: id, access_hash } }
        : { _cons: 'messages.getFullChat', chat_id: id });
    }
    assert.ok(seen >= 5, `${seen} messages`);

    // And what happened meanwhile.
    const { pts, date, qts } = answers.get('updates.getState');
    const text = `of layer ${layer}`;
    await call({ _cons: 'messages.sendMessage', peer: me, message: text });
    const difference = await call({ _cons: 'updates.getDifference', pts, date, qts });
    assert.ok(difference.new_messages.some(({ message }) => message === text));
    assert.deepEqual(wrong, []);
  });
}

const sentIn = (updates) => updates.updates.find(({ _cons }) => _cons === 'updateNewMessage').message;

for (const layer of layers) {
  test(`layer ${layer}: what an application does`, { timeout: 40_000 }, async (t) => {
    const wrong = [];
    const call = caller(await outsider(t, layer, '9996620001'), wrong);
    const grace = await graceOf(call);
    const inputUser = { _cons: 'inputUser', user_id: grace.id, access_hash: grace.access_hash };

    const made = await call({ _cons: 'messages.createChat', users: [inputUser], title: 'Several layers' });
    const { id: chat_id } = (made.updates.updates ? made.updates : made).chats[0];
    const chat = { _cons: 'inputPeerChat', chat_id };
    await call({ _cons: 'messages.editChatTitle', chat_id, title: `Of layer ${layer}` });
    const said = await call({ _cons: 'messages.sendMessage', peer: chat, message: 'said' });
    await call({ _cons: 'messages.editMessage', peer: chat, id: said.id, message: 'said better' });
    const forwarded = sentIn(await call({ _cons: 'messages.forwardMessages', from_peer: chat, to_peer: me,
      id: [said.id], random_id: [`${layer}${said.id}`] }));
    assert.equal(forwarded.message, 'said better');
    const found = await call({ _cons: 'messages.search', peer: chat, q: 'better',
      filter: { _cons: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0, ...page });
    assert.deepEqual(found.messages.map(({ id }) => id), [said.id]);
    await call({ _cons: 'messages.readHistory', peer: chat, max_id: said.id });
    await call({ _cons: 'messages.deleteMessages', id: [forwarded.id] });

    const bytes = Buffer.from(`a file of layer ${layer}`).toString('base64');
    await call({ _cons: 'upload.saveFilePart', file_id: layer, file_part: 0, bytes });
    const { media } = sentIn(await call({ _cons: 'messages.sendMedia', peer: me, message: 'a file', media: {
      _cons: 'inputMediaUploadedDocument', mime_type: 'text/plain',
      file: { _cons: 'inputFile', id: layer, parts: 1, name: 'file.txt', md5_checksum: '' },
      attributes: [{ _cons: 'documentAttributeFilename', file_name: 'file.txt' }] } }));
    const { id, access_hash, file_reference } = media.document;
    const file = await call({ _cons: 'upload.getFile', offset: 0, limit: 4096, location: {
      _cons: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' } });
    assert.equal(file.bytes, bytes);

    await call({ _cons: 'messages.deleteChatUser', chat_id, user_id: { _cons: 'inputUserSelf' } });
    assert.deepEqual(wrong, []);
  });
}

test('each layer hears each other', { timeout: 50_000 }, async (t) => {
  const listeners = [];
  for (const layer of layers) {
    listeners.push(await outsider(t, layer, '9996620002', { password: 'sandbox' }));
  }
  const grace = (await listeners[0].call({ _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] }))[0];
  for (const layer of layers) {
    const ada = await outsider(t, layer, '9996620001');
    const contact = await graceOf((message) => ada.call(message));
    assert.equal(contact.id, grace.id);
    const text = `from layer ${layer}`;
    await ada.call({ _cons: 'messages.sendMessage', peer: user(contact), message: `${text}, bold`,
      entities: [{ _cons: 'messageEntityBold', offset: text.length + 2, length: 4 }] });
    for (const listener of listeners) {
      const message = messageOf((await listener.newMessage(`${text}, bold`)).message);
      assert.deepEqual(message.entities.map(({ _cons }) => _cons), ['messageEntityBold']);
    }
  }
});
