#!/bin/sh
# grammY 1.46.0 and telegraf-session-local 2.1.1 (npm) forget what a handler that failed had put into a new session, and
# keep what it had put into an old one.
#
# A session is written when the handlers have come to their end. One would expect that a handler which throws leaves it
# as it was, and so it is with grammY's storage of files (@grammyjs/storage-file 2.6.0). In memory, grammY's default,
# the session of somebody known is the stored object itself, and has the change at once; that of a newcomer is stored
# only at the end. telegraf-session-local is alike, and there the half-done change gets into its file with whatever is
# written next. Telegraf's own session (4.16.3) keeps all. Here a counter grows with each message, then the handler
# fails or works.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent grammy@1.46.0 @grammyjs/storage-file@2.6.0 telegraf@4.16.3 \
  telegraf-session-local@2.1.1 || exit 77

cat >sessions.cjs <<'END'
const { FileAdapter } = require('@grammyjs/storage-file');
const { Bot, session } = require('grammy');
const { Telegraf, session: telegrafSession } = require('telegraf');
const LocalSession = require('telegraf-session-local');

const botInfo = { id: 1, is_bot: true, first_name: 'Bot', username: 'a_bot' };
const [chat, from] = [{ id: 2, type: 'private', first_name: 'Ada' }, { id: 2, is_bot: false, first_name: 'Ada' }];
async function count(told, bot, middleware) {
  const seen = [];
  bot.botInfo = botInfo;
  bot.use(middleware);
  bot.on('message', (ctx) => {
    ctx.session.count = (ctx.session.count ?? 0) + 1;
    seen.push(`${ctx.message.text} ${ctx.session.count}`);
    if (ctx.message.text === 'fail') throw new Error('made up');
  });
  for (const text of ['fail', 'work', 'fail', 'work']) {
    const message = { message_id: 1, date: 1, chat, from, text };
    await bot.handleUpdate({ update_id: 1, message }).catch(() => {});
  }
  console.log(`${told}: ${seen.join(', ')}`);
}
const grammy = () => new Bot('1:token', { botInfo });
const telegraf = () => new Telegraf('1:token').catch(() => {});
const initial = () => ({ count: 0 });
async function main() {
  await count('grammY, in files', grammy(), session({ initial, storage: new FileAdapter({ dirName: 'sessions' }) }));
  await count('grammY, in memory', grammy(), session({ initial }));
  await count('telegraf-session-local', telegraf(), new LocalSession({ database: 'sessions.json' }).middleware());
  await count('Telegraf', telegraf(), telegrafSession({ defaultSession: initial }));
}
main();
END
node sessions.cjs >out
cat out
diff - out <<'END'
grammY, in files: fail 1, work 1, fail 2, work 2
grammY, in memory: fail 1, work 1, fail 2, work 3
telegraf-session-local: fail 1, work 1, fail 2, work 3
Telegraf: fail 1, work 2, fail 3, work 4
END
echo 'as found'
