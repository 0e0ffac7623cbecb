#!/bin/sh
# node-telegram-bot-api 2.1.0 and telebot 1.4.1 (npm) obey commands to other bots; what else is a command, each of three
# libraries sees its own way.
#
# In a group "/start@Other_bot" is for one bot of several. One would expect of bot.command('start', …) what Telegraf
# (4.16.3) does: with another bot's name behind it, it is nobody's business here. The first two take any name for theirs;
# a bot that reads all messages then answers in another's place. Nor are they of one mind about what ends a command. For
# Telegram, and so in the entity that comes with the message, "/start" is one in each of these five lines.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent node-telegram-bot-api@2.1.0 telebot@1.4.1 telegraf@4.16.3 ||
  exit 77

cat >commands.mjs <<'END'
import { Bot } from 'node-telegram-bot-api';
import TeleBot from 'telebot';
import { Telegraf } from 'telegraf';

const [chat, from] = [{ id: -5, type: 'group', title: 'Bots' }, { id: 2, is_bot: false, first_name: 'Ada' }];
for (const text of ['/start', '/start@Own_bot', '/start@Other_bot', '/start-up', '/start, please']) {
  const entities = [{ type: 'bot_command', offset: 0, length: /^\/\w+(@\w+)?/.exec(text)[0].length }];
  const update = () => ({ update_id: 1, message: { message_id: 1, date: 1, chat, from, text, entities } });
  const obeyed = [];

  const first = new Bot('1:token').command('start', () => void obeyed.push('node-telegram-bot-api'));
  await first.handleUpdate(update());

  const second = new TeleBot({ token: '1:token', usePlugins: [], buildInPlugins: [] });
  second.on('/start', () => void obeyed.push('telebot'));
  await second.receiveUpdates([update()]);

  const third = new Telegraf('1:token');
  third.botInfo = { id: 1, is_bot: true, first_name: 'Own', username: 'Own_bot' };
  third.command('start', () => void obeyed.push('telegraf'));
  await third.handleUpdate(update());

  console.log(`${text}: ${obeyed.join(', ') || 'nobody'}`);
}
END
node commands.mjs >out
cat out
diff - out <<'END'
/start: node-telegram-bot-api, telebot, telegraf
/start@Own_bot: node-telegram-bot-api, telebot, telegraf
/start@Other_bot: node-telegram-bot-api, telebot
/start-up: telegraf
/start, please: telebot, telegraf
END
echo 'as found'
