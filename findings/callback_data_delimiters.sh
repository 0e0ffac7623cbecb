#!/bin/sh
# callback-data 1.1.1 (npm): with "|" between the values, one kind of button's filter takes every other's; with ","
# no button can be made.
#
# The delimiter can be chosen. pack and unpack take it as it is; filter() makes a regular expression of it, as it is,
# too: of a Like button's, ^like|(.+)?|(.+)?$, the middle part is satisfied by anything. "$" matches nothing of its own,
# and "+" or "*" are no regular expression. pack refuses values that have the delimiter in them, but looks for it in
# the values joined by commas, so that "," is always found. What bots take most, ":" and "_" and "-", is fine.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent callback-data@1.1.1 || exit 77

cat >delimiters.cjs <<'END'
const { createCallbackData } = require('callback-data');

const yes = (answer) => (answer ? 'is its own' : 'is not');
for (const delimiter of [':', '_', '|', ',', '$', '+']) {
  const like = createCallbackData('like', { post: Number, up: Boolean }, { delimiter });
  try {
    const packed = like.pack({ post: 7, up: true });
    const again = like.unpack(packed);
    const [own, other] = [like.filter().test(packed), like.filter().test('delete')];
    console.log(`${packed}: post ${again.post}, up ${again.up}; for its filter ${packed} ${yes(own)}, delete ${yes(other)}`);
  } catch (error) {
    console.log(`"${delimiter}": ${error.message}`);
  }
}
END
node delimiters.cjs >out
cat out
diff - out <<'END'
like:7:1: post 7, up true; for its filter like:7:1 is its own, delete is not
like_7_1: post 7, up true; for its filter like_7_1 is its own, delete is not
like|7|1: post 7, up true; for its filter like|7|1 is its own, delete is its own
",": Callback data serialization error. Use of delimiter character (",") in values is not allowed
like$7$1: post 7, up true; for its filter like$7$1 is not, delete is not
"+": Invalid regular expression: /^like+(.+)?+(.+)?$/: Nothing to repeat
END
echo 'as found'
