#!/bin/sh
# telegram-test-api 4.2.1 (npm), a Bot API for tests: an update is gone once it was asked for, offset and limit are
# nothing to it, and its answers are of the year 58000.
#
# Telegram keeps an update until a getUpdates with a greater offset says that it has been handled; how a bot does with a
# connection that breaks, or at a restart, depends on that, and one would expect to be able to test it with a server
# that takes Telegram's place. It ignores offset and limit, hands out all it has, and forgets it. And the message that
# sendMessage answers with has its date in milliseconds (a user's has seconds, as Telegram's have), and is in a private
# chat, also if it went to a group.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram-test-api@4.2.1 || exit 77

cat >server.cjs <<'END'
const { createServer } = require('net');
const TelegramServer = require('telegram-test-api');

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
async function main() {
  const server = new TelegramServer({ host: '127.0.0.1', port: await freePort() });
  await server.start();
  const call = async (method, body) => {
    const headers = { 'Content-Type': 'application/json' };
    const options = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await (await fetch(`${server.config.apiURL}/bot1:token/${method}`, options)).json()).result;
  };
  const client = server.getClient('1:token');
  for (const text of ['one', 'two', 'three']) await client.sendMessage(client.makeMessage(text));
  for (const body of [{ limit: 1 }, { limit: 1 }, { offset: 2 }]) {
    const texts = (await call('getUpdates', body)).map(({ message }) => message.text);
    console.log(`getUpdates ${JSON.stringify(body)}: ${texts.join(', ') || 'nothing'}`);
  }
  const { date, chat } = await call('sendMessage', { chat_id: -5, text: 'hello' });
  const year = (seconds) => (seconds > 9e9 ? 'in milliseconds' : 'in seconds');
  console.log(`a user's date is ${year(client.makeMessage('four').date)}, the answer's ${year(date)}`);
  console.log(`the answer of chat ${chat.id} is in a ${chat.type} chat`);
  await server.stop();
}
main();
END
node server.cjs >out
cat out
diff - out <<'END'
getUpdates {"limit":1}: one, two, three
getUpdates {"limit":1}: nothing
getUpdates {"offset":2}: nothing
a user's date is in seconds, the answer's in milliseconds
the answer of chat -5 is in a private chat
END
echo 'as found'
