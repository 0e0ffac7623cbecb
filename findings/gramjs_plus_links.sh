#!/bin/sh
# GramJS 2.26.22 and teleproto 214.1.7 (npm) do not know the invite links that Telegram makes; Telethon 1.25.1
# (Debian 12) takes links to a phone number for some.
#
# An invite link is https://t.me/+HASH, and was https://t.me/joinchat/HASH until 2021. GramJS understands the old one,
# and tg://join; of the present one its parseUsername says that it is no link at all, in releases of years later, and so
# does that of its successor. Telethon understands both. But https://t.me/+NUMBER, digits alone, is a link to somebody
# by their number: Telethon makes an invitation of it. @mtcute/core 0.30.3 (npm) tells them apart.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q python3-telethon=1.25.1-1 python3-rsa=4.8-1 python3-pyaes=1.6.1-4 \
  python3-pyasn1=0.4.8-3+deb12u3 >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done
npm install --ignore-scripts --no-audit --no-fund --silent telegram@2.26.22 teleproto@214.1.7 @mtcute/core@0.30.3 ||
  exit 77

cat >links <<'END'
https://t.me/ada_lovelace
https://t.me/joinchat/AbCdEfGhIjKl_-12
https://t.me/+AbCdEfGhIjKl_-12
https://t.me/+9996620001
END
cat >parse.mjs <<'END'
import { readFileSync } from 'node:fs';
import { links } from '@mtcute/core/utils.js';
import gramjs from 'telegram/Utils.js';
import teleproto from 'teleproto/Utils.js';

const told = ({ username, isInvite }) => (username ? (isInvite ? 'an invitation' : 'a name') : 'nothing');
for (const link of readFileSync('links', 'utf8').trim().split('\n')) {
  const kinds = ['publicUsername', 'chatInvite', 'phoneNumber'].filter((kind) => links[kind].parse(link));
  const [old, young] = [gramjs, teleproto].map(({ parseUsername }) => told(parseUsername(link)));
  console.log(`${link} is ${old} for GramJS, ${young} for teleproto, ${kinds.join() || 'nothing'} for mtcute`);
}
END
cat >parse.py <<'END'
from telethon.utils import parse_username

for link in open('links'):
    name, invitation = parse_username(link)
    print(link.strip(), 'is', ('an invitation' if invitation else 'a name') if name else 'nothing', 'for Telethon')
END
node parse.mjs >out
PYTHONPATH=root/usr/lib/python3/dist-packages python3 parse.py >>out
cat out
diff - out <<'END'
https://t.me/ada_lovelace is a name for GramJS, a name for teleproto, publicUsername for mtcute
https://t.me/joinchat/AbCdEfGhIjKl_-12 is an invitation for GramJS, an invitation for teleproto, chatInvite for mtcute
https://t.me/+AbCdEfGhIjKl_-12 is nothing for GramJS, nothing for teleproto, chatInvite for mtcute
https://t.me/+9996620001 is nothing for GramJS, nothing for teleproto, phoneNumber for mtcute
https://t.me/ada_lovelace is a name for Telethon
https://t.me/joinchat/AbCdEfGhIjKl_-12 is an invitation for Telethon
https://t.me/+AbCdEfGhIjKl_-12 is an invitation for Telethon
https://t.me/+9996620001 is an invitation for Telethon
END
echo 'as found'
