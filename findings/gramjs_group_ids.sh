#!/bin/sh
# GramJS 2.26.22 and teleproto 214.1.7 (npm) take a basic group whose id begins with 100 for a channel.
#
# A marked id is -ID for a basic group and -1000000000000-ID for a channel. GramJS does not count but looks at the
# digits: "-100" and a digit other than 0 make a channel. So -100200300, the group 100200300, is said to be channel
# 200300: its own getPeerId makes the one of the group and its resolveId the other of it. The comment above speaks of
# ids with more zeros only. And a channel with an id of fewer or more than ten digits gets another marked id here than
# in the Bot API or elsewhere, which is no channel's when it comes back from there. @mtcute/core 0.30.3 counts.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm install --ignore-scripts --no-audit --no-fund --silent telegram@2.26.22 teleproto@214.1.7 @mtcute/core@0.30.3 ||
  exit 77

cat >ids.cjs <<'END'
const bigInt = require('big-integer');
async function main() {
  const { getMarkedPeerId, parseMarkedPeerId } = await import('@mtcute/core/utils.js');
  const peers = [['chat', 123200300], ['chat', 100200300], ['channel', 1234567890], ['channel', 12345678901]];
  for (const [kind, id] of peers) {
    const marked = getMarkedPeerId(id, kind);
    console.log(`${kind} ${id}: mtcute ${marked}, which is ${parseMarkedPeerId(marked).join(' ')}`);
    for (const library of ['telegram', 'teleproto']) {
      const { Api } = require(library);
      const { getPeerId, resolveId } = require(`${library}/Utils`);
      const peer = kind === 'chat'
        ? new Api.PeerChat({ chatId: bigInt(id) }) : new Api.PeerChannel({ channelId: bigInt(id) });
      const [bare, type] = resolveId(bigInt(marked));
      console.log(`  ${library}: ${getPeerId(peer)}, but ${marked} is ${type.className.slice(4).toLowerCase()} ${bare}`);
    }
  }
}
main();
END
node ids.cjs >out
cat out
diff - out <<'END'
chat 123200300: mtcute -123200300, which is chat 123200300
  telegram: -123200300, but -123200300 is chat 123200300
  teleproto: -123200300, but -123200300 is chat 123200300
chat 100200300: mtcute -100200300, which is chat 100200300
  telegram: -100200300, but -100200300 is channel 200300
  teleproto: -100200300, but -100200300 is channel 200300
channel 1234567890: mtcute -1001234567890, which is channel 1234567890
  telegram: -1001234567890, but -1001234567890 is channel 1234567890
  teleproto: -1001234567890, but -1001234567890 is channel 1234567890
channel 12345678901: mtcute -1012345678901, which is channel 12345678901
  telegram: -10012345678901, but -1012345678901 is chat 1012345678901
  teleproto: -10012345678901, but -1012345678901 is chat 1012345678901
END
echo 'as found'
