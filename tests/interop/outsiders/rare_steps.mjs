// What somebody does now and then.
import assert from 'node:assert/strict';
import { find } from './plain.mjs';
import { history, inputPeer, inputUser, picture, same, send, upload } from './chat_steps.mjs';

const grace = (life) => inputPeer(life.need('grace'));

async function marks(life) {
  const peer = { _: 'inputDialogPeer', peer: grace(life) };
  await life.me.call('messages.toggleDialogPin', { pinned: true, peer });
  const { dialogs } = await life.me.call('messages.getPinnedDialogs', { folder_id: 0 });
  assert.ok(dialogs.some(({ peer: { user_id } }) => same(user_id, life.grace.id)));
  await life.me.call('messages.toggleDialogPin', { peer });
  await life.me.call('messages.markDialogUnread', { unread: true, peer });
}

async function ownName(life) {
  await life.me.call('account.updateUsername', { username: 'countess_ada' });
  const { users } = await life.me.call('contacts.resolveUsername', { username: 'countess_ada' });
  assert.ok(same(users[0].id, life.need('user').id));
}

async function blocks(life) {
  await life.me.call('contacts.block', { id: grace(life) });
  const { blocked } = await life.me.call('contacts.getBlocked', { offset: 0, limit: 10 });
  assert.ok(blocked.some(({ peer_id }) => same(peer_id.user_id, life.grace.id)));
  await life.me.call('contacts.unblock', { id: grace(life) });
}

async function groupOfMine(life) {
  const made = await life.me.call('messages.createChat', { users: [inputUser(life.need('grace'))], title: 'Rare' });
  life.rare = find(made, 'chat');
}

async function groupPhoto(life) {
  const photo = { _: 'inputChatUploadedPhoto', file: await upload(life, picture, 'tea.png') };
  await life.me.call('messages.editChatPhoto', { chat_id: life.need('rare').id, photo });
  const { chats } = await life.me.call('messages.getChats', { id: [life.rare.id] });
  assert.equal(chats[0].photo._, 'chatPhoto');
}

async function inviteLink(life) {
  const peer = { _: 'inputPeerChat', chat_id: life.need('rare').id };
  const { link } = await life.me.call('messages.exportChatInvite', { peer });
  assert.equal((await life.me.call('messages.checkChatInvite', { hash: link.split('+').at(-1) }))._, 'chatInviteAlready');
}

async function groupAdmin(life) {
  await life.me.call('messages.editChatAdmin', { chat_id: life.need('rare').id, user_id: inputUser(life.grace), is_admin: true });
  const { full_chat } = await life.me.call('messages.getFullChat', { chat_id: life.rare.id });
  assert.ok(find(full_chat, 'chatParticipantAdmin'));
}

async function preview(life) {
  await life.me.call('messages.getWebPagePreview', { message: 'see https://example.org' });
}

async function privacy(life) {
  const key = { _: 'inputPrivacyKeyStatusTimestamp' };
  await life.me.call('account.setPrivacy', { key, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
  const { rules } = await life.me.call('account.getPrivacy', { key });
  assert.equal(rules[0]._, 'privacyValueDisallowAll');
}

async function clears(life) {
  await send(life, grace(life), 'the last word');
  await life.me.call('messages.deleteHistory', { just_clear: true, peer: grace(life), max_id: 0 });
  assert.equal((await history(life, grace(life))).filter(({ _ }) => _ === 'message').length, 0);
}

async function forgets(life) {
  await life.me.call('contacts.deleteContacts', { id: [inputUser(life.need('grace'))] });
  const { users } = await life.me.call('contacts.getContacts', { hash: 0 });
  assert.ok(!users.some(({ id }) => same(id, life.grace.id)));
}

export const rareSteps = [
  ['pin a dialog, mark it unread', marks],
  ['own public name', ownName],
  ['block and unblock', blocks],
  ['another group', groupOfMine],
  ['group: photo', groupPhoto],
  ['group: invite link', inviteLink],
  ['group: administrator', groupAdmin],
  ['preview of a link', preview],
  ['privacy', privacy],
  ['clear the history', clears],
  ['delete a contact', forgets],
];
