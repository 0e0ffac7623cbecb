#!/bin/sh
# @grammyjs/commands 1.4.0 (npm): a command with a line break behind it is none, and what follows a line break is lost.
#
# It is grammY's own plugin for commands, and one would expect that a command is what it is for grammY (1.46.0) itself:
# what Telegram marks as one, that is, up to the first sign that cannot be a part of it, in any case of the bot's name.
# The plugin reads the text by itself, and takes all up to a blank or an @ for the name: "/note", Enter, "milk" is a
# command of that name, which nobody has, and passes by; so do "/note, milk" and the bot's name in small letters. Of two
# lines of arguments ctx.match has the first alone. And a regular expression with ^ is found in the name, but then
# commandMatch.match, which is to have its groups, is null: it is looked for once more in all of the text.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent grammy@1.46.0 @grammyjs/commands@1.4.0 || exit 77

cat >commands.mjs <<'END'
import { CommandGroup } from '@grammyjs/commands';
import { Bot } from 'grammy';

const botInfo = { id: 1, is_bot: true, first_name: 'Notes', username: 'Ada_Note_bot' };
const [chat, from] = [{ id: 2, type: 'private', first_name: 'Ada' }, { id: 2, is_bot: false, first_name: 'Ada' }];

async function told(text, add) {
  const bot = new Bot('1:token', { botInfo });
  let answer = 'no command';
  add(bot, (ctx) => (answer = { match: ctx.match, groups: ctx.commandMatch?.match }));
  const entities = [{ type: 'bot_command', offset: 0, length: /^\/\w+(@\w+)?/.exec(text)[0].length }];
  await bot.handleUpdate({ update_id: 1, message: { message_id: 1, date: 1, chat, from, text, entities } });
  return JSON.stringify(answer);
}
const plugin = (name) => (bot, handler) => {
  const group = new CommandGroup();
  group.command(name, 'Take a note', handler);
  bot.use(group);
};
for (const text of [
  '/note milk', '/note\nmilk', '/note milk\nbread', '/note, milk', '/note@Ada_Note_bot milk', '/note@ada_note_bot milk',
]) {
  const own = await told(text, (bot, handler) => bot.command('note', handler));
  console.log(`${JSON.stringify(text)}: grammY ${own}, the plugin ${await told(text, plugin('note'))}`);
}
for (const name of [/note_(\d+)/, /^note_(\d+)$/])
  console.log(`${name} of /note_12: ${await told('/note_12', plugin(name))}`);
END
node commands.mjs >out
cat out
diff - out <<'END'
"/note milk": grammY {"match":"milk"}, the plugin {"match":"milk"}
"/note\nmilk": grammY {"match":"milk"}, the plugin "no command"
"/note milk\nbread": grammY {"match":"milk\nbread"}, the plugin {"match":"milk"}
"/note, milk": grammY {"match":", milk"}, the plugin "no command"
"/note@Ada_Note_bot milk": grammY {"match":"milk"}, the plugin {"match":"milk"}
"/note@ada_note_bot milk": grammY {"match":"milk"}, the plugin "no command"
/note_(\d+)/ of /note_12: {"match":"","groups":["note_12","12"]}
/^note_(\d+)$/ of /note_12: {"match":"","groups":null}
END
echo 'as found'
