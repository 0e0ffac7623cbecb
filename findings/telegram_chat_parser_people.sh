#!/bin/sh
# telegram-chat-parser 1.0.7 (npm) makes one person of two who have the same name, and cannot read a chat in which
# somebody has deleted their account.
#
# Telegram Desktop's export has a name and an id with every message ("from": "Ada", "from_id": "user1"), and null for
# the name of a deleted account. One would expect that the id tells who is who. mergeMissingUserIdIntoName, on unless
# one switches it off, sounds like old exports without ids; it takes everybody whose id is new for the one with that
# name, and gives them the new id. So the Ada of the first message becomes user2 with the second, and whoever asks for
# an earlier message's author changes the id of the list's once more. ignoreService, the option beside it, does nothing.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram-chat-parser@1.0.7 || exit 77

cat >people.cjs <<'END'
const { TelegramChat } = require('telegram-chat-parser');

const said = (id, from, from_id, text) => ({ id, type: 'message', date: '2026-11-30T12:00:00', from, from_id, text });
const service = { id: 5, type: 'service', date: '2026-11-30T12:00:00', actor: 'Bob', actor_id: 'user3', action: 'pin_message' };
const messages = [said(1, 'Ada', 'user1', 'one'), said(2, 'Ada', 'user2', 'two'), said(3, 'Bob', 'user3', 'three')];
const read = (list, options) =>
  new TelegramChat(JSON.stringify({ name: 'Chat', type: 'private_group', id: 1, messages: list }), options);
const users = (chat) => chat.users.map(({ id, name }) => `${id} ${name}`).join(', ');

for (const options of [{}, { mergeMissingUserIdIntoName: false }]) {
  const chat = read(messages, options);
  console.log(`${JSON.stringify(options)}: ${users(chat)}`);
  console.log(`  after a look at message 1, which is by ${chat.messages[0].from.id}: ${users(chat)}`);
}
console.log(`ignoreService: ${read([...messages, service], { ignoreService: true }).messages.length} messages`);
try {
  console.log(users(read([...messages, said(4, null, 'user4', 'four')])));
} catch (error) {
  console.log(`with a deleted account: ${error.message}`);
}
END
node people.cjs >out
cat out
diff - out <<'END'
{}: user2 Ada, user3 Bob
  after a look at message 1, which is by user1: user1 Ada, user3 Bob
{"mergeMissingUserIdIntoName":false}: user1 Ada, user2 Ada, user3 Bob
  after a look at message 1, which is by user1: user1 Ada, user2 Ada, user3 Bob
ignoreService: 4 messages
with a deleted account: Can't find user without id or name
END
echo 'as found'
