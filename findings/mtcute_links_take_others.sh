#!/bin/sh
# @mtcute/core 0.30.3 (npm): links.message.parse takes every tg://resolve link for message 0 of somebody, and the web
# preview of a channel for a user named "s".
#
# Each kind of link has a parser that answers null for what is of another kind, so that one can ask one after the other
# what a link is; and it does for https://t.me/ada_lovelace. In the tg:// form of the same link nobody looks whether
# there is a post: its number is 0, and so it is where a bot is to be started. Of https://t.me/s/channel/12, the form
# that browsers without Telegram end up at, the user is "s" and the thread NaN. And botWebApp takes any path of two
# parts for a bot and its app, also a post or a set of stickers.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @mtcute/core@0.30.3 || exit 77

cat >kinds.mjs <<'END'
import { links } from '@mtcute/core/utils.js';

for (const link of [
  'https://t.me/ada_lovelace', 'tg://resolve?domain=ada_lovelace',
  'https://t.me/ada_bot?start=x', 'tg://resolve?domain=ada_bot&start=x',
  'https://t.me/ada_lovelace/12', 'tg://resolve?domain=ada_lovelace&post=12', 'https://t.me/s/ada_lovelace/12',
  'https://t.me/addstickers/AdaLovelace', 'tg://addstickers?set=AdaLovelace',
]) {
  console.log(link);
  for (const [kind, { parse }] of Object.entries(links)) {
    const seen = Object.entries(parse(link) ?? {}).filter(([, value]) => value !== undefined && value !== false);
    if (seen.length) console.log(`  ${kind}: ${seen.map(([name, value]) => `${name} ${value}`).join(', ')}`);
  }
}
END
node kinds.mjs >out
cat out
diff - out <<'END'
https://t.me/ada_lovelace
  publicUsername: username ada_lovelace
tg://resolve?domain=ada_lovelace
  message: username ada_lovelace, id 0
  publicUsername: username ada_lovelace
https://t.me/ada_bot?start=x
  botStart: username ada_bot, parameter x
tg://resolve?domain=ada_bot&start=x
  botStart: username ada_bot, parameter x
  message: username ada_bot, id 0
https://t.me/ada_lovelace/12
  botWebApp: bot ada_lovelace, app 12
  message: username ada_lovelace, id 12
tg://resolve?domain=ada_lovelace&post=12
  message: username ada_lovelace, id 12
https://t.me/s/ada_lovelace/12
  message: username s, threadId NaN, id 12
https://t.me/addstickers/AdaLovelace
  botWebApp: bot addstickers, app AdaLovelace
  stickerset: slug AdaLovelace
tg://addstickers?set=AdaLovelace
  stickerset: slug AdaLovelace
END
echo 'as found'
