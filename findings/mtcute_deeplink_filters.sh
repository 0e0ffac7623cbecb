#!/bin/sh
# @mtcute/dispatcher 0.27.9 (npm): filters.deeplink('ref') takes every parameter that has "ref" in it, and
# filters.deeplinkGroup sees no groups.
#
# A bot's deep link comes as "/start PARAMETER". The filters take a string or a regular expression, one or several. One
# would expect of a string that it is the parameter. If it is not equal, it is made a regular expression and searched
# for, unanchored: "preferences" passes for "ref", and "buy.1" takes "buy-1". deeplinkGroup is for what comes from
# ?startgroup; given one parameter it nevertheless waits for it in private chats, where it answers what was
# deeplink's. Given a list of one it does what it is for.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent @mtcute/dispatcher@0.27.9 @mtcute/core@0.27.9 || exit 77

cat >links.mjs <<'END'
import { Message, PeersIndex } from '@mtcute/core';
import { filters } from '@mtcute/dispatcher';

const peers = PeersIndex.from({
  users: [{ _: 'user', id: 1, firstName: 'Ada', accessHash: 0 }],
  chats: [{ _: 'chat', id: 2, title: 'Group', participantsCount: 3, date: 0, version: 1, photo: { _: 'chatPhotoEmpty' } }],
});
const places = { private: { _: 'peerUser', userId: 1 }, group: { _: 'peerChat', chatId: 2 } };
const message = (place, parameter) =>
  new Message({ _: 'message', id: 1, peerId: places[place], date: 0, message: `/start ${parameter}` }, peers);
for (const [told, filter] of [
  ["deeplink('ref')", filters.deeplink('ref')], ["deeplink('buy.1')", filters.deeplink('buy.1')],
  ["deeplinkGroup('ref')", filters.deeplinkGroup('ref')], ["deeplinkGroup(['ref'])", filters.deeplinkGroup(['ref'])],
]) {
  const taken = [];
  for (const place of ['private', 'group']) {
    for (const parameter of ['ref', 'preferences', 'buy.1', 'buy-1', 'other']) {
      if (await filter(message(place, parameter))) taken.push(`${place} ${parameter}`);
    }
  }
  console.log(`${told}: ${taken.join(', ')}`);
}
END
node links.mjs >out
cat out
diff - out <<'END'
deeplink('ref'): private ref, private preferences
deeplink('buy.1'): private buy.1, private buy-1
deeplinkGroup('ref'): private ref, private preferences
deeplinkGroup(['ref']): group ref, group preferences
END
echo 'as found'
