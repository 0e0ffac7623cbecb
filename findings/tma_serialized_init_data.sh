#!/bin/sh
# @tma.js/transformers 1.2.0 (npm): init data that were parsed and serialized again are refused by their own signature's
# check.
#
# A Mini App gets its init data as a query, whose hash is over the texts in it as they are. parseInitDataQuery and
# serializeInitDataQuery look like each other's inverse, so that what a Mini App has parsed could be sent on to its
# server. But the user's JSON is written anew, with the members in the order of the library, not of Telegram: it says
# the same in another text. @tma.js/init-data-node 2.0.8 and @grammyjs/validator 1.0.1 take the query that came and
# refuse the one that was made of it. Only members that happen to stand in the library's order come through; so does
# what it signs itself, if one signs it in that order.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @tma.js/transformers@1.2.0 @tma.js/init-data-node@2.0.8 \
  @grammyjs/validator@1.0.1 || exit 77

cat >again.mjs <<'END'
import grammy from '@grammyjs/validator';
import { isValid, sign } from '@tma.js/init-data-node';
import { parseInitDataQuery, serializeInitDataQuery } from '@tma.js/transformers';

const token = '1234:made-up';
const told = (valid) => (valid ? 'valid' : 'refused');
for (const user of [{ id: 1, first_name: 'Ada' }, { first_name: 'Ada', id: 1 }]) {
  const came = sign({ query_id: 'AAEB', user }, token, new Date());
  const again = serializeInitDataQuery(parseInitDataQuery(came));
  for (const [name, query] of [['as it came', came], ['parsed and serialized', again]]) {
    const parts = new URLSearchParams(query);
    const by = `${told(isValid(query, token))} by tma.js, ${told(grammy.validateWebAppData(token, parts))} by grammY`;
    console.log(`${name}: ${parts.get('user')}, ${by}`);
  }
}
END
node again.mjs >out
cat out
diff - out <<'END'
as it came: {"id":1,"first_name":"Ada"}, valid by tma.js, valid by grammY
parsed and serialized: {"first_name":"Ada","id":1}, refused by tma.js, refused by grammY
as it came: {"first_name":"Ada","id":1}, valid by tma.js, valid by grammY
parsed and serialized: {"first_name":"Ada","id":1}, valid by tma.js, valid by grammY
END
echo 'as found'
