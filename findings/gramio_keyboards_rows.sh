#!/bin/sh
# @gramio/keyboards 1.5.0 (npm): columns() undoes every row(), also those before it and those of another keyboard.
#
# row() is there "to make sure that the next added buttons will be on a new row", columns() "to limit the number of
# columns". One would expect both to hold: a list in columns of two, and below it, in a row of its own, "Cancel". But
# columns() is a setting of the whole keyboard, wherever in the chain it stands: when it is built, all the rows are made
# one and cut anew. "Cancel" ends up beside the last of the list, a title above beside its first, and combine() and
# matrix() lose their rows as well. A filter comes last of all, so that it leaves holes in the columns. And wrap() asks
# for the first button too: who answers by its index gets an empty row in front.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @gramio/keyboards@1.5.0 || exit 77

cat >rows.mjs <<'END'
import { InlineKeyboard } from '@gramio/keyboards';

const button = (text) => InlineKeyboard.text(text, text);
const list = (text) => text.split(' ').map(button);
const keyboard = () => new InlineKeyboard();
const show = (told, built) => {
  const { inline_keyboard: rows } = built.build();
  console.log(`${told}: ${rows.map((row) => row.map(({ text }) => text).join(' ') || '(empty)').join(' | ')}`);
};
show('a b c, row, Cancel', keyboard().add(...list('a b c')).row().add(button('Cancel')));
show('columns(2), a b c, row, Cancel', keyboard().columns(2).add(...list('a b c')).row().add(button('Cancel')));
show('Title, row, columns(2), a b c', keyboard().add(button('Title')).row().columns(2).add(...list('a b c')));
show('columns(2), a b c, combine(Yes No)',
  keyboard().columns(2).add(...list('a b c')).combine(keyboard().add(...list('Yes No'))));
show('columns(3), matrix(2, 2)',
  keyboard().columns(3).matrix(2, 2, ({ rowIndex, index }) => button(`${rowIndex}${index}`)));
show('columns(2), a b c d, filter(not b)',
  keyboard().columns(2).add(...list('a b c d')).filter((asked) => asked.button.text !== 'b'));
show('wrap(index is even), a b c', keyboard().wrap(({ index }) => index % 2 === 0).add(...list('a b c')));
END
node rows.mjs >out
cat out
diff - out <<'END'
a b c, row, Cancel: a b c | Cancel
columns(2), a b c, row, Cancel: a b | c Cancel
Title, row, columns(2), a b c: Title a | b c
columns(2), a b c, combine(Yes No): a b | c Yes | No
columns(3), matrix(2, 2): 00 01 10 | 11
columns(2), a b c d, filter(not b): a | c d
wrap(index is even), a b c: (empty) | a b | c
END
echo 'as found'
