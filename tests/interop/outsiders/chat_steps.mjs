// What somebody does in a private chat, here with Grace, who is a client of the gateway.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { find, objectsIn, textOf } from './plain.mjs';

const page = { offset_id: 0, add_offset: 0, limit: 20, max_id: 0, min_id: 0, hash: 0 };
export const randomId = () => BigInt(crypto.randomInt(1, 2 ** 47));
export const inputUser = ({ id, access_hash }) => ({ _: 'inputUser', user_id: id, access_hash });
export const inputPeer = ({ id, access_hash }) => ({ _: 'inputPeerUser', user_id: id, access_hash });

// The new message in what a call brought: whole, or as much as updateShortSentMessage tells.
export const sentIn = (updates) => find(updates, 'message') ?? find(updates, 'updateShortSentMessage');
export const same = (a, b) => `${a}` === `${b}`;

export const send = (life, peer, message, more = {}) =>
  life.me.call('messages.sendMessage', { peer, message, random_id: randomId(), ...more });

export async function history(life, peer, limit = 20) {
  return (await life.me.call('messages.getHistory', { peer, offset_date: 0, ...page, limit })).messages;
}
const grace = (life) => inputPeer(life.need('grace'));

async function dialogs(life) {
  const answer = await life.me.call('messages.getDialogs', { offset_date: 0, offset_id: 0,
    offset_peer: { _: 'inputPeerEmpty' }, limit: 20, hash: 0 });
  assert.ok(answer.dialogs.length >= 3, `${answer.dialogs.length} dialogs`);
  await life.me.call('messages.getPinnedDialogs', { folder_id: 0 });
}

async function contacts(life) {
  const { users } = await life.me.call('contacts.importContacts', { contacts: [
    { _: 'inputPhoneContact', client_id: 1, phone: '9996620002', first_name: 'Grace', last_name: 'Hopper' }] });
  [life.grace] = users;
  const listed = await life.me.call('contacts.getContacts', { hash: 0 });
  assert.ok(listed.users.some(({ id }) => same(id, life.grace.id)));
  const found = await life.me.call('contacts.resolveUsername', { username: 'echobot' });
  assert.equal(found.users[0].first_name, 'Echo');
}

async function readHistoryOf(life) {
  assert.ok((await history(life, grace(life))).length >= 2);
}

async function sends(life) {
  const sent = sentIn(await send(life, grace(life), 'hello', {
    entities: [{ _: 'messageEntityBold', offset: 0, length: 5 }] }));
  const [newest] = await history(life, grace(life), 1);
  assert.equal(newest.id, sent.id);
  assert.equal(newest.entities?.[0]?._, 'messageEntityBold');
  life.sent = newest.id;
  await life.graceClient.newMessage('hello');
}

async function hears(life) {
  await life.graceSays('and hello to you');
  await life.me.hear('message', ({ message }) => message === 'and hello to you');
  const [newest] = await history(life, grace(life), 1);
  assert.equal(newest.message, 'and hello to you');
  life.heard = newest.id;
}

async function replies(life) {
  const reply = life.me.layer < 160 ? { reply_to_msg_id: life.need('heard') }
    : { reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: life.need('heard') } };
  await send(life, grace(life), 'indeed', reply);
  const [newest] = await history(life, grace(life), 1);
  assert.equal(newest.reply_to?.reply_to_msg_id, life.heard);
}

async function edits(life) {
  await life.me.call('messages.editMessage', { peer: grace(life), id: life.need('sent'), message: 'hello, hello' });
  await life.graceClient.update((_, text) => text.includes('updateEditMessage') && text.includes('hello, hello'), 'edit');
  await life.graceEdits('and a good day');
  await life.me.hear('edit', ({ _, message }) => _ === 'updateEditMessage' && message.message === 'and a good day');
}

async function forwards(life) {
  const made = sentIn(await life.me.call('messages.forwardMessages', { from_peer: grace(life), to_peer: { _: 'inputPeerSelf' },
    id: [life.need('heard')], random_id: [randomId()] }));
  assert.ok(made.fwd_from, textOf(made));
}

async function deletes(life) {
  await life.me.call('messages.deleteMessages', { revoke: true, id: [life.need('sent')] });
  await life.graceClient.update((_, text) => text.includes('updateDeleteMessages'), 'deletion');
  const gone = await life.me.call('messages.getMessages', { id: [{ _: 'inputMessageID', id: life.sent }] });
  assert.equal(gone.messages[0]._, 'messageEmpty');
}

async function types(life) {
  await life.me.call('messages.setTyping', { peer: grace(life), action: { _: 'sendMessageTypingAction' } });
  await life.graceClient.update((_, text) => text.includes('updateUserTyping'), 'typing');
  await life.graceTypes();
  await life.me.hear('typing', ({ _ }) => _ === 'updateUserTyping');
}

async function reads(life) {
  await life.me.call('messages.readHistory', { peer: grace(life), max_id: life.need('heard') });
  await life.graceClient.update((_, text) => text.includes('updateReadHistoryOutbox'), 'that it was read');
}

async function searches(life) {
  const found = await life.me.call('messages.search', { peer: grace(life), q: 'good day', ...page,
    filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0 });
  assert.ok(found.messages.length > 0);
  await life.me.call('messages.searchGlobal', { q: 'day', filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0,
    max_date: 0, offset_rate: 0, offset_peer: { _: 'inputPeerEmpty' }, offset_id: 0, limit: 10 });
  const people = await life.me.call('contacts.search', { q: 'grace', limit: 10 });
  assert.ok(people.users.length > 0);
}

async function drafts(life) {
  await life.me.call('messages.saveDraft', { peer: grace(life), message: 'not yet' });
  const answer = await life.me.call('messages.getAllDrafts');
  assert.equal([...objectsIn(answer)].find(({ _ }) => _ === 'draftMessage')?.message, 'not yet');
  await life.me.call('messages.saveDraft', { peer: grace(life), message: '' });
}

export async function upload(life, bytes, name) {
  const id = randomId();
  const size = 65_536;
  let parts = 0;
  for (; parts * size < bytes.length; ++parts) {
    await life.me.call('upload.saveFilePart', { file_id: id, file_part: parts,
      bytes: Buffer.from(bytes.subarray(parts * size, (parts + 1) * size)) });
  }
  return { _: 'inputFile', id, parts, name, md5_checksum: '' };
}

async function download(life, location, size) {
  const chunks = [];
  for (let offset = 0; offset < size; offset += 65_536) {
    chunks.push((await life.me.call('upload.getFile', { location, offset, limit: 65_536 })).bytes);
  }
  return Buffer.concat(chunks);
}

// As much of a PNG file as says how large the picture is.
export const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d4948445200000040000000200806000000', 'hex'),
  crypto.randomBytes(5_000)]);

async function sendMedia(life, media) {
  return sentIn(await life.me.call('messages.sendMedia', { peer: grace(life), media, message: 'look', random_id: randomId() }));
}

async function photoUp(life) {
  const file = await upload(life, picture, 'tea.png');
  life.photo = (await sendMedia(life, { _: 'inputMediaUploadedPhoto', file })).media.photo;
  assert.equal(life.photo._, 'photo');
}
async function photoDown(life) {
  const { id, access_hash, file_reference, sizes } = life.need('photo');
  const largest = sizes.filter((one) => one.size).at(-1);
  const back = await download(life, { _: 'inputPhotoFileLocation', id, access_hash, file_reference,
    thumb_size: largest.type }, largest.size);
  assert.ok(back.equals(picture));
}

const document = crypto.randomBytes(200_000);
async function documentUp(life) {
  const file = await upload(life, document, 'noise.bin');
  life.document = (await sendMedia(life, { _: 'inputMediaUploadedDocument', file, mime_type: 'application/x-noise',
    attributes: [{ _: 'documentAttributeFilename', file_name: 'noise.bin' }] })).media.document;
  assert.ok(same(life.document.size, document.length));
}
async function documentDown(life) {
  const { id, access_hash, file_reference } = life.need('document');
  const back = await download(life, { _: 'inputDocumentFileLocation', id, access_hash, file_reference,
    thumb_size: '' }, document.length);
  assert.ok(back.equals(document));
}

async function profilePhoto(life) {
  const { photo } = await life.me.call('photos.uploadProfilePhoto', { file: await upload(life, picture, 'me.png') });
  const { photos } = await life.me.call('photos.getUserPhotos', { user_id: { _: 'inputUserSelf' }, offset: 0, max_id: 0,
    limit: 10 });
  assert.ok(same(photos[0].id, photo.id));
}

async function reacts(life) {
  const reaction = life.me.layer < 145 ? '👍' : [{ _: 'reactionEmoji', emoticon: '👍' }];
  await life.me.call('messages.sendReaction', { peer: grace(life), msg_id: life.need('heard'), reaction });
  const { messages } = await life.me.call('messages.getMessages', { id: [{ _: 'inputMessageID', id: life.heard }] });
  assert.equal(messages[0].reactions?.results?.[0]?.count, 1);
}

async function pins(life) {
  await life.me.call('messages.updatePinnedMessage', { peer: grace(life), id: life.need('heard') });
  const { messages } = await life.me.call('messages.getMessages', { id: [{ _: 'inputMessageID', id: life.heard }] });
  assert.ok(messages[0].pinned);
  await life.me.call('messages.updatePinnedMessage', { peer: grace(life), id: life.heard, unpin: true });
}

async function mutes(life) {
  const peer = { _: 'inputNotifyPeer', peer: grace(life) };
  await life.me.call('account.updateNotifySettings', { peer,
    settings: { _: 'inputPeerNotifySettings', mute_until: 2 ** 31 - 1 } });
  assert.equal((await life.me.call('account.getNotifySettings', { peer })).mute_until, 2 ** 31 - 1);
}

async function polls(life) {
  const { layer } = life.me;
  const text = (words) => (layer < 178 ? words : { _: 'textWithEntities', text: words, entities: [] });
  const answers = ['Yes', 'Of course'].map((words, i) => ({ _: 'pollAnswer', text: text(words), option: Buffer.from([i]) }));
  const hash = layer < 224 ? {} : { hash: 0 };
  await sendMedia(life, { _: 'inputMediaPoll', poll: { _: 'poll', id: 0, question: text('Tea?'), answers, ...hash } });
  const poll = await life.newest(grace(life));
  const option = poll.media.poll.answers[1].option;
  await life.me.call('messages.sendVote', { peer: grace(life), msg_id: poll.id, options: [option] });
  const { media } = await life.newest(grace(life));
  assert.equal(media.results.results.find((one) => one.option.equals(option)).voters, 1);
}

async function buttons(life) {
  const { users } = await life.me.call('contacts.resolveUsername', { username: 'buttonbot' });
  const peer = inputPeer(users[0]);
  await send(life, peer, '/start');
  await life.me.hear('buttons', ({ _ }) => _ === 'replyInlineMarkup');
  const shown = await life.newest(peer);
  const { data } = shown.reply_markup.rows[0].buttons[0];
  const answer = await life.me.call('messages.getBotCallbackAnswer', { peer, msg_id: shown.id, data });
  assert.equal(answer.message, 'Hello, Ada!');
}

async function stickers(life) {
  const { sets } = await life.me.call('messages.getAllStickers', { hash: 0 });
  const { id, access_hash } = sets[0];
  const { documents } = await life.me.call('messages.getStickerSet', { hash: 0,
    stickerset: { _: 'inputStickerSetID', id, access_hash } });
  const [first] = documents;
  await sendMedia(life, { _: 'inputMediaDocument', id: { _: 'inputDocument', id: first.id,
    access_hash: first.access_hash, file_reference: first.file_reference } });
  assert.equal((await life.newest(grace(life))).media.document.mime_type, 'image/webp');
}

export const chatSteps = [
  ['dialogs', dialogs],
  ['contacts: import, list, find by name', contacts],
  ['history', readHistoryOf],
  ['send, with an entity', sends],
  ['hear', hears],
  ['reply', replies],
  ['edit, and hear an edit', edits],
  ['forward', forwards],
  ['delete for both', deletes],
  ['type, and hear typing', types],
  ['read', reads],
  ['search: chat, everywhere, people', searches],
  ['draft', drafts],
  ['photo up', photoUp],
  ['photo down', photoDown],
  ['document up', documentUp],
  ['document down', documentDown],
  ['profile photo', profilePhoto],
  ['react', reacts],
  ['pin and unpin', pins],
  ['mute', mutes],
  ['ask a poll and vote', polls],
  ['press a button', buttons],
  ['send a sticker', stickers],
];
