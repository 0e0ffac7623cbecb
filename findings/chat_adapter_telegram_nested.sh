#!/bin/sh
# @chat-adapter/telegram 4.41.1 (npm): formatting within formatting tears the Markdown apart that bots get of a message.
#
# applyTelegramEntities makes Markdown of a message's text and entities, for a bot, or a language model behind it, to
# read. It begins with the last entity, so that the offsets in front stay true; one would expect that it minds entities
# which lie in each other, as Telegram's applications make them: a bold line with a link or an italic word in it. The
# outer one is cut off by the numbers of the original text, after the inner one has made it longer: the closing stars
# end up within a word, or within a link. What is bold and italic at once is torn in any case. And text is not escaped:
# stars and backticks that somebody typed are formatting afterwards. One after the other, entities are right.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @chat-adapter/telegram@4.41.1 || exit 77

cat >nested.mjs <<'END'
import { applyTelegramEntities } from '@chat-adapter/telegram';

const text = 'hello world';
const entity = (type, offset, length) => ({ type, offset, length, url: 'https://t.me/ada' });
for (const entities of [
  [entity('bold', 0, 5), entity('italic', 6, 5)],
  [entity('bold', 0, 11), entity('italic', 6, 5)],
  [entity('bold', 0, 11), entity('italic', 0, 5)],
  [entity('bold', 0, 5), entity('italic', 0, 5)],
  [entity('bold', 0, 11), entity('text_link', 6, 5)],
]) {
  const told = entities.map(({ type, offset, length }) => `${type} ${offset}+${length}`).join(', ');
  console.log(`${told}: ${applyTelegramEntities(text, entities)}`);
}
for (const typed of ['2 *3* 4', 'snake `case`']) {
  const marked = applyTelegramEntities(`${typed} hello`, [entity('bold', typed.length + 1, 5)]);
  console.log(`${typed} and a bold hello: ${marked}`);
}
END
node nested.mjs >out
cat out
diff - out <<'END'
bold 0+5, italic 6+5: **hello** *world*
bold 0+11, italic 6+5: **hello *worl**d*
bold 0+11, italic 0+5: ***hello* wor**ld
bold 0+5, italic 0+5: ***hel*lo** world
bold 0+11, text_link 6+5: **hello [worl**d](https://t.me/ada)
2 *3* 4 and a bold hello: 2 *3* 4 **hello**
snake `case` and a bold hello: snake `case` **hello**
END
echo 'as found'
