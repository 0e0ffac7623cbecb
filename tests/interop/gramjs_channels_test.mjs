// GramJS lives in a supergroup and a channel of the sandbox, unmodified.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Client } from '../e2e/support/client.mjs';
import { Sandbox, within } from './support/sandbox.mjs';

const require = createRequire(import.meta.url);
const { Api, TelegramClient } = require('telegram');
const { StringSession } = require('telegram/sessions');
const { NewMessage } = require('telegram/events');
const { LogLevel, Logger } = require('telegram/extensions/Logger');
const { ConnectionTCPFull } = require('telegram/network/connection');
const { _serverKeys } = require('telegram/crypto/RSA');
const bigInt = require('big-integer');

let sandbox;
before(async () => {
  sandbox = await Sandbox.start();
  const { fingerprint, modulus, exponent } = sandbox.key;
  _serverKeys.set(`${fingerprint}`, {
    n: bigInt(modulus.toString('hex'), 16), e: Number.parseInt(exponent.toString('hex'), 16) });
});
after(() => sandbox?.close());

// It dials port 80 or 443 whatever the session says, unless its connection class knows better.
class Dialling extends ConnectionTCPFull {
  constructor(options) {
    super({ ...options, port: sandbox.dcs[options.dcId] });
  }
}

async function signedIn(t, phone) {
  const session = new StringSession('');
  session.setDC(2, '127.0.0.1', sandbox.dcs[2]);
  const client = new TelegramClient(session, 12345, 'abcdef', { connection: Dialling,
    connectionRetries: 2, baseLogger: new Logger(process.env.GRAMJS_LOG ?? LogLevel.NONE) });
  t.after(() => client.destroy());
  await client.connect();
  await client.start({ phoneNumber: phone, phoneCode: async () => phone[5].repeat(5),
    onError: async (error) => { throw error; } });
  return client;
}

const heard = (client, text) => within(10_000, `"${text}"`, new Promise((resolve) => {
  client.addEventHandler(({ message }) => message.message === text && resolve(message), new NewMessage({}));
}));

test('makes a supergroup and lives in it with a client of the gateway', { timeout: 60_000 }, async (t) => {
  const ada = await signedIn(t, '9996620001');
  const made = await ada.invoke(new Api.channels.CreateChannel({ megagroup: true, title: 'Tea', about: 'at five' }));
  const [channel] = made.chats;
  await ada.invoke(new Api.channels.UpdateUsername({ channel, username: 'gramjs_tea' }));
  await ada.invoke(new Api.channels.InviteToChannel({ channel, users: ['alan_turing'] }));

  const alan = await Client.connect(sandbox.gateway.port);
  t.after(() => alan.close());
  await alan.signIn('9996610003');
  const { chats } = await alan.call({ _cons: 'contacts.resolveUsername', username: 'gramjs_tea' });
  const peer = { _cons: 'inputPeerChannel', channel_id: chats[0].id, access_hash: chats[0].access_hash };

  const answer = heard(ada, 'I am');
  const asked = await ada.sendMessage('gramjs_tea', { message: 'who is here?' });
  await alan.newMessage('who is here?');
  await alan.call({ _cons: 'messages.sendMessage', peer, message: 'I am',
    reply_to: { _cons: 'inputReplyToMessage', reply_to_msg_id: asked.id } });
  const reply = await answer;
  assert.equal(reply.replyTo.replyToMsgId, asked.id);
  assert.equal((await reply.getSender()).username, 'alan_turing');

  const members = Array.from(await ada.getParticipants('gramjs_tea', {}));
  assert.deepEqual(members.map(({ firstName }) => firstName), ['Ada', 'Alan']);
  const [newest] = await ada.getMessages('gramjs_tea', { limit: 1 });
  assert.equal(newest.message, 'I am');
  await ada.editMessage('gramjs_tea', { message: asked.id, text: 'who else?' });
  await ada.invoke(new Api.messages.SendReaction({ peer: 'gramjs_tea', msgId: reply.id,
    reaction: [new Api.ReactionEmoji({ emoticon: '❤' })] }));
  const listed = await ada.invoke(new Api.messages.GetMessageReactionsList({ peer: 'gramjs_tea', id: reply.id, limit: 10 }));
  assert.equal(listed.reactions[0].reaction.emoticon, '❤');
  await ada.pinMessage('gramjs_tea', asked.id);
  await ada.markAsRead('gramjs_tea');
  await ada.deleteMessages('gramjs_tea', [reply.id], { revoke: true });
  const [gone] = await ada.getMessages('gramjs_tea', { ids: reply.id });
  assert.equal(gone, undefined);
  await ada.invoke(new Api.channels.DeleteChannel({ channel }));
});

test('reads a channel, and brings back what it missed there', { timeout: 60_000 }, async (t) => {
  const alan = await Client.connect(sandbox.gateway.port);
  t.after(() => alan.close());
  await alan.signIn('9996610003');
  const { chats } = await alan.call({ _cons: 'channels.createChannel', broadcast: true, title: 'News', about: '' });
  const channel = { _cons: 'inputChannel', channel_id: chats[0].id, access_hash: chats[0].access_hash };
  await alan.call({ _cons: 'channels.updateUsername', channel, username: 'gramjs_news' });
  const say = (message) => alan.call({ _cons: 'messages.sendMessage', message,
    peer: { ...channel, _cons: 'inputPeerChannel' } });

  const ada = await signedIn(t, '9996620001');
  await ada.invoke(new Api.channels.JoinChannel({ channel: 'gramjs_news' }));
  const live = heard(ada, 'extra');
  await say('extra');
  assert.ok((await live).post);
  await assert.rejects(ada.sendMessage('gramjs_news', { message: 'x' }), /CHAT_ADMIN_REQUIRED/);

  const { fullChat } = await ada.invoke(new Api.channels.GetFullChannel({ channel: 'gramjs_news' }));
  await ada.disconnect();
  for (const text of ['one', 'two', 'three']) await say(text);
  await ada.connect();
  const missed = await ada.invoke(new Api.updates.GetChannelDifference({ channel: 'gramjs_news',
    filter: new Api.ChannelMessagesFilterEmpty(), pts: fullChat.pts, limit: 100 }));
  assert.deepEqual(missed.newMessages.map(({ message }) => message), ['one', 'two', 'three']);
  assert.equal(missed.pts, fullChat.pts + 3);
});
