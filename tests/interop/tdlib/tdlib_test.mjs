// TDLib (npm: tdl with @prebuilt-tdlib/linux-x64-glibc), the strictest client there is, unmodified but for the key that it believes:
// what it has to say against the sandbox fails the test. Outside tests/run, as the library is 58 MB:
//
//   npm ci --ignore-scripts --prefix tests/interop/tdlib && node --test tests/interop/tdlib/
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Client } from '../../e2e/support/client.mjs';
import { folder, pause } from '../../e2e/support/gateway.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { TdlibClient, load } from './client.mjs';
import { Detour } from './detour.mjs';
import { libraryFor } from './library.mjs';

const scratch = folder();
const complaints = [];
let sandbox, detour, databases = 0;

before(async () => {
  sandbox = await Sandbox.start();
  detour = await Detour.start(sandbox.dcs);
  load(libraryFor(sandbox, scratch), (complaint) => complaints.push(complaint));
});
after(async () => {
  detour?.close();
  await sandbox?.close();
  fs.rmSync(scratch, { recursive: true, force: true });
});
beforeEach(() => void complaints.splice(0));
afterEach(() => assert.deepEqual(complaints, [], 'what TDLib complained of'));

const aFolder = () => path.join(scratch, `database-${++databases}`);
async function open(t, { database = aFolder(), options } = {}) {
  const client = await TdlibClient.open({ folder: database, detour: detour.port, options });
  t.after(() => client.raw.isClosed() || client.close());
  return client;
}

// Grace, who is a client of the gateway, and knows Ada.
async function graceAndAda(t) {
  const grace = await Client.connect(sandbox.gateway.port);
  t.after(() => grace.close());
  await grace.signIn('9996620002', { password: 'sandbox' });
  const { users: [{ id, access_hash }] } = await grace.call({ _cons: 'contacts.resolveUsername', username: 'ada_lovelace' });
  return { grace, says: (message) => grace.call({ _cons: 'messages.sendMessage', message,
    peer: { _cons: 'inputPeerUser', user_id: id, access_hash } }) };
}

const everything = { chat_list: { _: 'chatListMain' }, limit: 100 };
const text = (said) => ({ _: 'inputMessageText', text: { _: 'formattedText', text: said } });
const document = (file) => ({ _: 'inputMessageDocument', document: { _: 'inputDocument', document: { _: 'inputFileLocal', path: file } } });
const named = (client, username) => client.call('searchPublicChat', { username });
const thumb = { _: 'reactionTypeEmoji', emoji: '👍' };

async function live(t, options) {
  const { grace, says } = await graceAndAda(t);
  const client = await open(t, { options });
  const me = await client.signIn('9996620001');
  assert.equal(me.first_name, 'Ada');
  await client.call('loadChats', everything);
  const { chat_ids } = await client.call('getChats', everything);
  assert.ok(chat_ids.length >= 7, `${chat_ids.length} chats`);

  const saved = await client.call('createPrivateChat', { user_id: me.id });
  const note = await client.say(saved.id, 'a note');
  const { messages: [newest] } = await client.call('getChatHistory', { chat_id: saved.id, from_message_id: 0, offset: 0, limit: 1 });
  assert.equal(newest.id, note.id);

  await says('hello, TDLib');
  const heard = await client.hears('hello, TDLib');
  const reply = await client.say(heard.chat_id, 'hello, Grace');
  await grace.newMessage('hello, Grace');
  await client.call('editMessageText', { chat_id: reply.chat_id, message_id: reply.id, input_message_content: text('good day, Grace') });
  await grace.update((_, json) => json.includes('updateEditMessage') && json.includes('good day, Grace'), 'edit');
  await client.call('addMessageReaction', { chat_id: heard.chat_id, message_id: heard.id, reaction_type: thumb });
  await client.heard('updateMessageInteractionInfo', ({ interaction_info }) => interaction_info?.reactions?.reactions
    .some(({ type }) => type.emoji === thumb.emoji));
  return { client, me, grace, heard, reply, says };
}

test('signs in, lists chats, says and hears, edits and reacts', { timeout: 60_000 }, (t) => live(t));

test('does the same with temporary keys', { timeout: 60_000 }, (t) => live(t, { use_pfs: true }));

test('uploads files small and large, and has them again', { timeout: 60_000 }, async (t) => {
  const client = await open(t);
  const me = await client.signIn('9996620001');
  await client.call('createPrivateChat', { user_id: me.id });
  for (const size of [300_000, 12_000_000]) {
    const bytes = crypto.randomBytes(size);
    const file = path.join(scratch, `upload-${size}`);
    fs.writeFileSync(file, bytes);
    const sent = await client.send(me.id, document(file));
    fs.rmSync(file);  // else it finds it there
    const { id } = sent.content.document.document;
    const { local } = await client.call('downloadFile', { file_id: id, priority: 32, synchronous: true });
    assert.ok(fs.readFileSync(local.path).equals(bytes), `${size} bytes came back as others`);
  }
});

test('keeps what it forwards, with where it was', { timeout: 60_000 }, async (t) => {
  const { client, me, heard, reply } = await live(t);
  const to = async (chat_id, from_chat_id, id) => {
    const { messages: [begun] } = await client.call('forwardMessages', { chat_id, from_chat_id, message_ids: [id] });
    return (await client.heard('updateMessageSendSucceeded', (u) => u.old_message_id === begun.id && u.message.chat_id === chat_id)).message;
  };
  const kept = await to(me.id, heard.chat_id, heard.id);
  assert.equal(kept.forward_info.source.message_id, heard.id);
  assert.equal(kept.forward_info.source.chat_id, heard.chat_id);
  await to(me.id, reply.chat_id, reply.id);
  await to(me.id, me.id, kept.id);
  const note = await client.say(me.id, 'a note');
  assert.equal((await to(heard.chat_id, me.id, note.id)).forward_info, undefined);
  const news = await named(client, 'sandbox_news');
  const post = await client.say(news.id, 'news of TDLib');
  assert.equal((await to(me.id, news.id, post.id)).forward_info.origin.chat_id, news.id);
});

test('makes groups and channels, speaks there, and looks at every chat', { timeout: 60_000 }, async (t) => {
  const client = await open(t);
  await client.signIn('9996620001');
  const { type: { user_id } } = await named(client, 'grace_hopper');
  const { chat_id } = await client.call('createNewBasicGroupChat', { user_ids: [user_id], title: 'A group' });
  await client.say(chat_id, 'in a group');
  await client.call('setChatTitle', { chat_id, title: 'Another title' });
  for (const is_channel of [false, true]) {
    const { id, type } = await client.call('createNewSupergroupChat', { title: 'Mine', is_channel, description: 'of TDLib' });
    await client.say(id, 'in it');
    await client.call('addChatMember', { chat_id: id, user_id });
    const { member_count } = await client.call('getSupergroupFullInfo', { supergroup_id: type.supergroup_id });
    assert.equal(member_count, 2);
    const { messages } = await client.call('searchChatMessages', { chat_id: id, query: 'in it', limit: 10 });
    assert.equal(messages.length, 1);
  }
  await client.call('loadChats', everything);
  for (const id of (await client.call('getChats', everything)).chat_ids) {
    await client.call('openChat', { chat_id: id });
    await client.call('getChatHistory', { chat_id: id, from_message_id: 0, offset: 0, limit: 20 });
    await client.call('closeChat', { chat_id: id });
  }
});

test('sets its photo, and schedules a message to itself', { timeout: 60_000 }, async (t) => {
  const client = await open(t);
  const me = await client.signIn('9996620001');
  await client.call('createPrivateChat', { user_id: me.id });
  const file = path.join(scratch, 'dot.png');
  fs.writeFileSync(file, Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'));
  await client.call('setProfilePhoto', { photo: { _: 'inputChatPhotoStatic', photo: { _: 'inputFileLocal', path: file } } });
  const { photos: [photo] } = await client.call('getUserProfilePhotos', { user_id: me.id, offset: 0, limit: 10 });
  assert.deepEqual(photo.sizes.map(({ type }) => type), ['a', 'b', 'c']);
  const scheduling_state = { _: 'messageSchedulingStateSendAtDate', send_date: Math.floor(Date.now() / 1000) + 3600 };
  await client.call('sendMessage', { chat_id: me.id, options: { _: 'messageSendOptions', scheduling_state }, input_message_content: text('later') });
  await client.heard('updateMessageSendSucceeded', ({ message }) => message.content.text?.text === 'later');
  const { messages } = await client.call('getChatScheduledMessages', { chat_id: me.id });
  assert.deepEqual(messages.map(({ is_outgoing }) => is_outgoing), [true]);
});

test('comes back with its database, and hears what was said meanwhile', { timeout: 60_000 }, async (t) => {
  const { says } = await graceAndAda(t);
  const database = aFolder();
  const first = await open(t, { database });
  await first.signIn('9996620001');
  await first.call('loadChats', everything);
  await says('before');
  await first.hears('before');
  await first.close();
  const texts = Array.from({ length: 20 }, (_, i) => `while you were away ${i}`);
  for (const said of texts) await says(said);
  const again = await open(t, { database });
  await again.state('Ready');
  const { chat_id } = await again.hears(texts.at(-1));
  await again.heard('updateConnectionState', ({ state }) => state._ === 'connectionStateReady');
  await again.call('getChatHistory', { chat_id, from_message_id: 0, offset: 0, limit: 20 });
  const { messages } = await again.call('searchChatMessages', { chat_id, query: 'away', limit: 100 });
  assert.deepEqual(messages.map(({ content }) => content.text.text), texts.toReversed());
});

test('hears all once and in order where its connections are cut', { timeout: 60_000 }, async (t) => {
  const { says } = await graceAndAda(t);
  const client = await open(t);
  await client.signIn('9996620001');
  await client.call('loadChats', everything);
  const texts = Array.from({ length: 30 }, (_, i) => `in spite of it ${i}`);
  for (const [i, said] of texts.entries()) {
    if (i % 10 === 5) detour.cut();
    await says(said);
  }
  await client.hears(texts.at(-1));
  const heard = client.updates.filter(({ _ }) => _ === 'updateNewMessage').map(({ message }) => message.content.text?.text);
  assert.deepEqual(heard.filter((said) => texts.includes(said)), texts);
});

test('signs in with a two-step password, wrong first', { timeout: 60_000 }, async (t) => {
  const client = await open(t);
  await client.state('WaitPhoneNumber');
  await client.call('setAuthenticationPhoneNumber', { phone_number: '9996620002' });
  await client.state('WaitCode');
  await assert.rejects(client.call('checkAuthenticationCode', { code: '12345' }), /PHONE_CODE_INVALID/);
  await client.call('checkAuthenticationCode', { code: '22222' });
  await client.state('WaitPassword');
  await assert.rejects(client.call('checkAuthenticationPassword', { password: 'not this' }), /PASSWORD_HASH_INVALID/);
  await client.call('checkAuthenticationPassword', { password: 'sandbox' });
  await client.state('Ready');
  assert.equal((await client.call('getMe')).first_name, 'Grace');
});

test('signs up, signs out, and is told so', { timeout: 60_000 }, async (t) => {
  const client = await open(t);
  assert.equal((await client.signIn('9996627001', { name: 'Newcomer' })).first_name, 'Newcomer');
  await client.call('logOut');
  await client.state('Closed');
});

test('follows an account to its home data centre, and lets in who shows a code', { timeout: 60_000 }, async (t) => {
  const client = await open(t);
  assert.equal((await client.signIn('9996610003')).first_name, 'Alan');
  const other = await open(t);
  await other.state('WaitPhoneNumber');
  await other.call('requestQrCodeAuthentication', { other_user_ids: [] });
  const { link } = await other.state('WaitOtherDeviceConfirmation');
  await client.call('confirmQrCodeAuthentication', { link });
  await other.state('Ready');
  assert.equal((await other.call('getMe')).first_name, 'Alan');
});

test('signs in as a bot, and presses a button of one', { timeout: 60_000 }, async (t) => {
  const bot = await open(t);
  await bot.state('WaitPhoneNumber');
  await bot.call('checkAuthenticationBotToken', { token: '1000001:sandbox-echobot' });
  await bot.state('Ready');
  assert.equal((await bot.call('getMe')).usernames.active_usernames[0], 'echobot');

  const client = await open(t);
  await client.signIn('9996620001');
  const { id } = await named(client, 'buttonbot');
  await client.call('sendBotStartMessage', { bot_user_id: id, chat_id: id, parameter: '' });
  const { message } = await client.heard('updateNewMessage', ({ message: { chat_id, is_outgoing } }) => chat_id === id && !is_outgoing);
  const { type: { data } } = message.reply_markup.rows.flat().find(({ type }) => type._ === 'inlineKeyboardButtonTypeCallback');
  const answer = await client.call('getCallbackQueryAnswer', { chat_id: id, message_id: message.id, payload: { _: 'callbackQueryPayloadData', data } });
  assert.equal(answer.text, 'Hello, Ada!');
});

// What tests/bench/rows/peers.mjs measures: nothing of it may come out of a database.
test('asks the data centre each time that it is asked for the country', { timeout: 60_000 }, async (t) => {
  const client = await open(t);
  await client.state('WaitPhoneNumber');
  const asked = () => sandbox.gateway.text.split('method=help.getNearestDc').length;
  await client.call('getCountryCode');
  const before = asked();
  for (let i = 0; i < 20; ++i) await client.call('getCountryCode');
  for (let waited = 0; asked() < before + 20 && waited < 100; ++waited) await pause(20);
  assert.equal(asked(), before + 20);
});
