// What somebody does in groups and channels.
import assert from 'node:assert/strict';
import { find, objectsIn } from './plain.mjs';
import { history, inputUser, same, send, sentIn } from './chat_steps.mjs';

const groupPeer = (life) => ({ _: 'inputPeerChat', chat_id: life.need('group').id });
const peerOf = ({ id, access_hash }) => ({ _: 'inputPeerChannel', channel_id: id, access_hash });
const channelOf = ({ id, access_hash }) => ({ _: 'inputChannel', channel_id: id, access_hash });

async function createGroup(life) {
  const made = await life.me.call('messages.createChat', { users: [inputUser(life.need('grace'))], title: 'Tea' });
  life.group = find(made, 'chat');
  await life.graceClient.update((_, text) => text.includes('messageActionChatCreate'), 'group');
  const said = sentIn(await send(life, groupPeer(life), 'at five'));
  assert.equal((await life.newest(groupPeer(life))).id, said.id);
  await life.graceClient.newMessage('at five');
}

async function addMember(life) {
  const { users } = await life.me.call('contacts.resolveUsername', { username: 'alan_turing' });
  [life.alan] = users;
  await life.me.call('messages.addChatUser', { chat_id: life.need('group').id, user_id: inputUser(life.alan), fwd_limit: 10 });
  const full = await life.me.call('messages.getFullChat', { chat_id: life.group.id });
  assert.equal(full.full_chat.participants.participants.length, 3);
  await life.me.call('messages.deleteChatUser', { chat_id: life.group.id, user_id: inputUser(life.alan) });
}

async function renameGroup(life) {
  await life.me.call('messages.editChatTitle', { chat_id: life.need('group').id, title: 'Tea at five' });
  const { chats } = await life.me.call('messages.getChats', { id: [life.group.id] });
  assert.equal(chats[0].title, 'Tea at five');
}

async function leaveGroup(life) {
  await life.me.call('messages.deleteChatUser', { chat_id: life.need('group').id, user_id: { _: 'inputUserSelf' } });
  await assert.rejects(send(life, groupPeer(life), 'still here'));
}

async function createChannel(life) {
  const made = await life.me.call('channels.createChannel', { broadcast: true, title: 'News', about: 'of tea' });
  life.channel = find(made, 'channel');
  const { full_chat } = await life.me.call('channels.getFullChannel', { channel: channelOf(life.channel) });
  assert.equal(full_chat.about, 'of tea');
}

async function writeInChannel(life) {
  const post = sentIn(await send(life, peerOf(life.need('channel')), 'extra, extra'));
  assert.ok(post.post);
  life.post = post.id;
}

async function readChannel(life) {
  const channel = life.need('channel');
  const posts = await history(life, peerOf(channel));
  assert.equal(posts[0].message, 'extra, extra');
  await life.me.call('channels.readHistory', { channel: channelOf(channel), max_id: life.need('post') });
  const { messages } = await life.me.call('channels.getMessages', { channel: channelOf(channel),
    id: [{ _: 'inputMessageID', id: life.post }] });
  assert.equal(messages[0].message, 'extra, extra');
}

// Grace finds it by its public name.
async function createSupergroup(life) {
  const made = await life.me.call('channels.createChannel', { megagroup: true, title: 'Machines', about: '' });
  life.machines = find(made, 'channel');
  await life.me.call('channels.updateUsername', { channel: channelOf(life.machines), username: 'outsiders_machines' });
  await life.me.call('channels.inviteToChannel', { channel: channelOf(life.machines), users: [inputUser(life.need('grace'))] });
  life.graceMachines = await life.graceFinds('outsiders_machines');
}

async function participants(life) {
  const channel = channelOf(life.need('machines'));
  const listed = await life.me.call('channels.getParticipants', { channel, offset: 0, limit: 10, hash: 0,
    filter: { _: 'channelParticipantsRecent' } });
  assert.equal(listed.count, 2);
  await life.me.call('channels.editAdmin', { channel, user_id: inputUser(life.grace), rank: 'brewer',
    admin_rights: { _: 'chatAdminRights', pin_messages: true } });
  const admins = await life.me.call('channels.getParticipants', { channel, offset: 0, limit: 10, hash: 0,
    filter: { _: 'channelParticipantsAdmins' } });
  assert.equal(admins.count, 2);
}

async function hearInSupergroup(life) {
  await life.graceSays('are they thinking?', life.need('graceMachines'));
  await life.me.hear('message there', ({ message }) => message === 'are they thinking?');
}

async function difference(life) {
  const channel = channelOf(life.need('machines'));
  const { full_chat: { pts } } = await life.me.call('channels.getFullChannel', { channel });
  for (const text of ['one', 'two']) await life.graceSays(text, life.need('graceMachines'));
  const missed = await life.me.call('updates.getChannelDifference', { channel, pts, limit: 100,
    filter: { _: 'channelMessagesFilterEmpty' } });
  assert.deepEqual(missed.new_messages.map(({ message }) => message), ['one', 'two']);
}

async function leaveAndDelete(life) {
  const channel = channelOf(life.need('machines'));
  await life.me.call('channels.editTitle', { channel, title: 'Engines' });
  await life.me.call('channels.deleteChannel', { channel });
  const { dialogs } = await life.me.call('messages.getDialogs', { offset_date: 0, offset_id: 0,
    offset_peer: { _: 'inputPeerEmpty' }, limit: 20, hash: 0 });
  assert.ok(![...objectsIn(dialogs)].some((one) => same(one.channel_id ?? '', life.machines.id)));
}

export const groupSteps = [
  ['group: create and write', createGroup],
  ['group: add and remove', addMember],
  ['group: rename', renameGroup],
  ['group: leave', leaveGroup],
  ['channel: create', createChannel],
  ['channel: write', writeInChannel],
  ['channel: read', readChannel],
  ['supergroup: create, name, invite', createSupergroup],
  ['supergroup: participants, admins', participants],
  ['supergroup: hear', hearInSupergroup],
  ['supergroup: difference', difference],
  ['supergroup: rename, delete', leaveAndDelete],
];
