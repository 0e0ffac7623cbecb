// mtcute lives in a supergroup and a channel of the sandbox, unmodified: it makes them, speaks and
// reads there, and brings back by getChannelDifference what was said while it was away.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MemoryStorage } from '@mtcute/node';
import { Outside, first } from './support/outside.mjs';

let outside;
before(async () => {
  outside = await Outside.start();
});
after(() => outside?.close());

async function signedIn(t, phone, options) {
  const client = await outside.client(t, options);
  await client.start({ phone, code: phone[5].repeat(5), codeSentCallback: () => {} });
  return client;
}
const asAda = (t, options) => signedIn(t, '9996620001', options);
const asAlan = (t, options) => signedIn(t, '9996610003', options);

test('makes a supergroup, is joined there, and each hears the other', { timeout: 60_000 }, async (t) => {
  const ada = await asAda(t);
  await ada.startUpdatesLoop();
  const group = await ada.createSupergroup({ title: 'Tea', description: 'at five' });
  assert.equal(group.chatType, 'supergroup');
  assert.ok(group.isCreator);
  await ada.setChatUsername(group.id, 'mtcute_tea');
  const full = await ada.getFullChat(group.id);
  assert.equal(full.bio, 'at five');

  const alan = await asAlan(t);
  await alan.startUpdatesLoop();
  await alan.joinChat('mtcute_tea');
  const heard = first(alan.onNewMessage, (m) => m.text === 'who is here?', 'message');
  const asked = await ada.sendText(group.id, 'who is here?');
  const message = await heard;
  assert.equal(message.id, asked.id);
  assert.equal(message.sender.firstName, 'Ada');
  const reply = first(ada.onNewMessage, (m) => m.text === 'I am', 'reply');
  await alan.replyText(message, 'I am');
  assert.equal((await reply).replyToMessage.id, asked.id);

  const names = [];
  for await (const { user } of ada.iterChatMembers(group.id)) names.push(user.firstName);
  assert.deepEqual(names, ['Ada', 'Alan']);
  assert.equal((await ada.getChatMember({ chatId: group.id, userId: 'alan_turing' })).status, 'member');
  await ada.editAdminRights({ chatId: group.id, userId: 'alan_turing', rights: { pinMessages: true }, rank: 'brewer' });
  const [, admin] = await ada.getChatMembers(group.id, { type: 'admins' });
  assert.equal(admin.title, 'brewer');

  await alan.pinMessage({ chatId: 'mtcute_tea', message: asked.id });
  assert.equal((await ada.getFullChat(group.id)).pinnedMsgId, asked.id);
  const edited = first(alan.onEditMessage, (m) => m.text === 'who else?', 'edit');
  await ada.editMessage({ chatId: group.id, message: asked.id, text: 'who else?' });
  await edited;
  await alan.sendReaction({ chatId: 'mtcute_tea', message: asked.id, emoji: '👍' });
  const [reactions] = await ada.getMessageReactionsById(group.id, [asked.id]);
  assert.equal(reactions.reactions[0].count, 1);

  await ada.readHistory(group.id);
  const gone = first(alan.onDeleteMessage, (update) => update.messageIds.includes(asked.id), 'deletion');
  await ada.deleteMessagesById(group.id, [asked.id]);
  await gone;
  await ada.kickChatMember({ chatId: group.id, userId: 'alan_turing' });
  await assert.rejects(alan.sendText('mtcute_tea', 'still here'), /CHAT_WRITE_FORBIDDEN|CHANNEL_PRIVATE/);
});

test('writes in a channel of its own, where its readers may not', { timeout: 60_000 }, async (t) => {
  const ada = await asAda(t);
  const channel = await ada.createChannel({ title: 'News', description: '' });
  assert.equal(channel.chatType, 'channel');
  await ada.setChatUsername(channel.id, 'mtcute_news');
  const alan = await asAlan(t);
  await alan.startUpdatesLoop();
  await alan.joinChat('mtcute_news');
  const heard = first(alan.onNewMessage, (m) => m.text === 'extra, extra', 'post');
  const post = await ada.sendText(channel.id, 'extra, extra');
  const read = await heard;
  assert.equal(read.sender.displayName, 'News');
  await assert.rejects(alan.sendText('mtcute_news', 'x'), /CHAT_ADMIN_REQUIRED/);
  const saved = await alan.forwardMessages({ messages: [read], toChatId: 'me' });
  assert.equal(saved[0].forward.sender.displayName, 'News');
  const page = await alan.getHistory('mtcute_news');
  assert.deepEqual([page[0].id, page[0].text], [post.id, 'extra, extra']);
  await alan.leaveChat('mtcute_news');
  await ada.deleteChannel(channel.id);
});

test('brings back what was said while it was away', { timeout: 60_000 }, async (t) => {
  const ada = await asAda(t);
  const group = await ada.createSupergroup({ title: 'Gap' });
  await ada.setChatUsername(group.id, 'mtcute_gap');
  const storage = new MemoryStorage();
  const alan = await asAlan(t, { storage });
  await alan.startUpdatesLoop();
  await alan.joinChat('mtcute_gap');
  const heard = first(alan.onNewMessage, (m) => m.text === 'before', 'message');
  await ada.sendText(group.id, 'before');
  await heard;
  await alan.destroy();

  for (const text of ['one', 'two', 'three']) await ada.sendText(group.id, text);
  const texts = [];
  const again = await outside.client(t, { storage, updates: { catchUp: true } });
  const caughtUp = first(again.onNewMessage, (m) => {
    texts.push(m.text);
    return m.text === 'three';
  }, 'what was missed');
  await again.start({ phone: '9996610003', code: '11111', codeSentCallback: () => assert.fail('signed out') });
  await again.startUpdatesLoop();
  await caughtUp;
  assert.deepEqual(texts, ['one', 'two', 'three']);
});
