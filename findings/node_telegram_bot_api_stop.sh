#!/bin/sh
# node-telegram-bot-api 2.1.0 (npm): who stops the bot from within a handler gets the same message again at every start.
#
# getUpdates hands out an update until a later call asks for what follows it. One would expect that stopping says so
# for the last one, which has been handled, as in grammY (1.46.0). Here nothing is called after stop(); so all updates
# of the last batch come again with the next start, in another process or in this one, and are handled a second time.
# If it was the owner's message that stopped the bot, it stops again, and so on for as long as Telegram keeps it (a day).
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent node-telegram-bot-api@2.1.0 grammy@1.46.0 || exit 77

cat >stop.mjs <<'END'
import { setTimeout } from 'node:timers/promises';
import { Bot as GrammyBot } from 'grammy';
import { Bot } from 'node-telegram-bot-api';

const [chat, from] = [{ id: 2, type: 'private', first_name: 'Ada' }, { id: 2, is_bot: false, first_name: 'Ada' }];
function botApi() {
  const kept = [7, 8, 9].map((id) => ({ update_id: id, message: { message_id: id, date: 1, chat, from, text: '' } }));
  return async (method, { offset = 0 } = {}) => {
    if (method !== 'getUpdates') return true;
    while (kept.length > 0 && kept[0].update_id < offset) kept.shift();
    if (kept.length === 0) await setTimeout(20);
    return [...kept];
  };
}
async function runTwice(name, start) {
  const call = botApi();
  for (const time of ['first', 'second']) {
    const seen = [];
    const hear = (id, stop) => seen.push(id) && id === 9 && stop();
    await Promise.race([start(call, hear), setTimeout(500)]);
    console.log(`${name}, ${time} start: ${seen.join(', ') || 'nothing'}`);
  }
}
await runTwice('node-telegram-bot-api', (call, hear) => {
  const fetch = async (url, { body }) =>
    new Response(JSON.stringify({ ok: true, result: await call(url.split('/').pop(), Object.fromEntries(body)) }));
  const bot = new Bot('1:token', { fetch });
  return bot.on('message', (ctx) => void hear(ctx.message.message_id, () => bot.stop())).startPolling();
});
await runTwice('grammY', (call, hear) => {
  const bot = new GrammyBot('1:token', { botInfo: { id: 1, is_bot: true, first_name: 'Bot', username: 'a_bot' } });
  bot.api.config.use(async (_, method, payload) => ({ ok: true, result: await call(method, payload) }));
  bot.on('message', (ctx) => hear(ctx.message.message_id, () => bot.stop()));
  return bot.start();
});
process.exit();
END
node stop.mjs >out
cat out
diff - out <<'END'
node-telegram-bot-api, first start: 7, 8, 9
node-telegram-bot-api, second start: 7, 8, 9
grammY, first start: 7, 8, 9
grammY, second start: nothing
END
echo 'as found'
