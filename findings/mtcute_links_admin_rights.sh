#!/bin/sh
# @mtcute/core 0.30.3 (npm) finds no right at all in links that add a bot as an administrator, as Telegram writes them.
#
# Telegram joins the rights that such a link asks for with "+": ?startgroup&admin=delete_messages+pin_messages. mtcute
# splits at "+", but has had the query read as a web form before, where "+" is a blank; what is left is one unknown
# right, and unknown rights are passed over. A link with a single right is fine, and so is what mtcute itself builds:
# there the "+" is %2B.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @mtcute/core@0.30.3 || exit 77

cat >rights.mjs <<'END'
import { links } from '@mtcute/core/utils.js';

const { botAddToChannel, botAddToGroup } = links;
const own = { bot: 'ada_bot', admin: ['deleteMessages', 'pinMessages'] };
for (const [kind, link] of [
  [botAddToGroup, 'https://t.me/ada_bot?startgroup&admin=delete_messages'],
  [botAddToGroup, 'https://t.me/ada_bot?startgroup&admin=delete_messages+pin_messages'],
  [botAddToGroup, 'tg://resolve?domain=ada_bot&startgroup&admin=delete_messages+pin_messages'],
  [botAddToChannel, 'https://t.me/ada_bot?startchannel&admin=post_messages+edit_messages'],
  [botAddToGroup, botAddToGroup(own)],
]) {
  console.log(`${link}: ${kind.parse(link).admin.join(' and ') || 'nothing'}`);
}
END
node rights.mjs >out
cat out
diff - out <<'END'
https://t.me/ada_bot?startgroup&admin=delete_messages: deleteMessages
https://t.me/ada_bot?startgroup&admin=delete_messages+pin_messages: nothing
tg://resolve?domain=ada_bot&startgroup&admin=delete_messages+pin_messages: nothing
https://t.me/ada_bot?startchannel&admin=post_messages+edit_messages: nothing
https://t.me/ada_bot?startgroup&admin=delete_messages%2Bpin_messages: deleteMessages and pinMessages
END
echo 'as found'
