#!/bin/sh
# @grammyjs/ratelimiter 1.2.1 (npm): without Redis all users' windows end at once, at times that no user has to do with,
# and twice the limit gets through.
#
# "limit: 2, timeFrame: 60000" allows a user two messages a minute. One would expect the minute to begin with the user's
# first message, and so it does with a Redis client, where the count expires a minute after it was made. The default,
# MEMORY_STORE, forgets the counts of everybody at once, each minute from the bot's start on: whoever writes shortly
# before that may write as much again shortly after, four messages in as many seconds here. Whose first message comes
# a second before the minute's end waits a second, not a minute. A bot that moves to Redis is slower to forgive.
# Time is Node's mocked one here; the Redis client is a stand-in with the two commands that are called.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @grammyjs/ratelimiter@1.2.1 || exit 77

cat >limit.mjs <<'END'
import { mock } from 'node:test';

mock.timers.enable({ apis: ['setInterval', 'Date'] });
const { limit } = await import('@grammyjs/ratelimiter');

const counts = new Map();
const storageClient = {
  async incr(key) {
    if (!(counts.get(key)?.until > Date.now())) counts.set(key, { value: 0, until: Infinity });
    return ++counts.get(key).value;
  },
  async pexpire(key, duration) {
    counts.get(key).until = Date.now() + duration;
    return 1;
  },
};
const options = { limit: 2, timeFrame: 60000 };
const limits = { memory: limit(options), Redis: limit({ ...options, storageClient }) };
async function write(second) {
  mock.timers.tick(second * 1000 - Date.now());
  const through = [];
  for (const [name, middleware] of Object.entries(limits))
    await middleware({ from: { id: 5 } }, async () => through.push(name));
  console.log(`second ${second}: ${through.join(' and ') || 'neither'}`);
}
for (const second of [57, 58, 59, 61, 62, 63, 118]) await write(second);
END
node --no-warnings limit.mjs >out
cat out
diff - out <<'END'
second 57: memory and Redis
second 58: memory and Redis
second 59: neither
second 61: memory
second 62: memory
second 63: neither
second 118: Redis
END
echo 'as found'
