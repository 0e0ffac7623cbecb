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
const page = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0 };
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

for (const layer of layers) {
  test(`layer ${layer}: what an application asks for`, { timeout: 40_000 }, async (t) => {
    const client = await outsider(t, layer, '9996620001');
    const answers = new Map();
    const wrong = [];
    const call = async (message) => {
      const answer = await client.call(message);
      const bad = /"(_unknown|rpc_error)".*/.exec(stringify(answer));
      if (bad) wrong.push(`${message._cons}: ${bad[0]}`);
      answers.set(message._cons, answer);
      return answer;
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
    for (const one of users) seen += (await call({ _cons: 'messages.getHistory', peer: user(one), ...page })).messages.length;
    for (const { id } of chats) {
      seen += (await call({ _cons: 'messages.getHistory', peer: { _cons: 'inputPeerChat', chat_id: id }, ...page }))
        .messages.length;
      await call({ _cons: 'messages.getFullChat', chat_id: id });
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

test('each layer hears each other', { timeout: 50_000 }, async (t) => {
  const listeners = [];
  for (const layer of layers) {
    listeners.push(await outsider(t, layer, '9996620002', { password: 'sandbox' }));
  }
  const grace = (await listeners[0].call({ _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] }))[0];
  for (const layer of layers) {
    const ada = await outsider(t, layer, '9996620001');
    const { users } = await ada.call({ _cons: 'contacts.importContacts', contacts: [{ _cons: 'inputPhoneContact',
      client_id: 1, phone: '9996620002', first_name: 'Grace', last_name: '' }] });
    assert.equal(users[0].id, grace.id);
    const text = `from layer ${layer}`;
    await ada.call({ _cons: 'messages.sendMessage', peer: user(users[0]), message: `${text}, bold`,
      entities: [{ _cons: 'messageEntityBold', offset: text.length + 2, length: 4 }] });
    for (const listener of listeners) {
      const message = messageOf((await listener.newMessage(`${text}, bold`)).message);
      assert.deepEqual(message.entities.map(({ _cons }) => _cons), ['messageEntityBold']);
    }
  }
});
