// mtcute lives in the sandbox as a person who presses buttons and votes, and as the bot that shows
// them and answers, unmodified.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BotKeyboard, InputMedia } from '@mtcute/node';
import { Outside, first } from './support/outside.mjs';

let outside;
before(async () => {
  outside = await Outside.start();
});
after(() => outside?.close());

async function asAda(t) {
  const client = await outside.client(t);
  await client.start({ phone: '9996620001', code: '22222', codeSentCallback: () => {} });
  await client.startUpdatesLoop();
  return client;
}

test('presses the buttons that @buttonbot shows', { timeout: 30_000 }, async (t) => {
  const ada = await asAda(t);
  const shown = first(ada.onNewMessage, (m) => m.markup?.type === 'inline', 'buttons');
  await ada.sendText('buttonbot', '/start');
  const message = await shown;
  const [[hello], [count]] = message.markup.buttons;
  const answer = await ada.getCallbackAnswer({ chatId: 'buttonbot', message: message.id, data: hello.data });
  assert.equal(answer.message, 'Hello, Ada!');
  const edited = first(ada.onEditMessage, (m) => m.markup?.buttons[1][0].text === 'Count: 1', 'the next count');
  await ada.getCallbackAnswer({ chatId: 'buttonbot', message: message.id, data: count.data });
  await edited;
});

test('is a bot that shows a button and answers who presses it', { timeout: 30_000 }, async (t) => {
  const bot = await outside.client(t);
  await bot.start({ botToken: '1000002:sandbox-buttonbot' });
  await bot.setMyCommands({ commands: [{ _: 'botCommand', command: 'brew', description: 'Make tea' }] });
  assert.equal((await bot.getMyCommands())[0].command, 'brew');
  await bot.startUpdatesLoop();
  bot.onNewMessage.add((m) => void bot.answerText(m, 'Tea?', {
    replyMarkup: BotKeyboard.inline([[BotKeyboard.callback('Yes', 'yes')]]) }));
  bot.onCallbackQuery.add((query) => void bot.answerCallbackQuery(query, { text: `so be it: ${query.dataStr}` }));

  const ada = await asAda(t);
  const shown = first(ada.onNewMessage, (m) => m.text === 'Tea?', 'question');
  await ada.sendText('buttonbot', 'anything');
  const { id } = await shown;
  const answer = await ada.getCallbackAnswer({ chatId: 'buttonbot', message: id, data: 'yes' });
  assert.equal(answer.message, 'so be it: yes');
  const { fullUser } = await ada.call({ _: 'users.getFullUser', id: await ada.resolveUser('buttonbot') });
  assert.equal(fullUser.botInfo.commands[0].command, 'brew');
});

test('asks a poll, votes in it, and rolls a die', { timeout: 30_000 }, async (t) => {
  const ada = await asAda(t);
  const { id, media } = await ada.sendMedia('me', InputMedia.poll({ question: 'Tea?', answers: ['Yes', 'Of course'] }));
  assert.equal(media.type, 'poll');
  const voted = await ada.sendVote({ chatId: 'me', message: id, options: [1] });
  assert.equal(voted.answers[1].voters, 1);
  const rolled = await ada.sendMedia('me', { type: 'dice', emoji: '🎲' });
  assert.ok(rolled.media.value >= 1 && rolled.media.value <= 6);
  const set = await ada.getStickerSet('sandbox_faces');
  const sent = await ada.sendMedia('me', set.stickers[0].sticker.inputMedia);
  assert.equal(sent.media.emoji, '👍');
});
