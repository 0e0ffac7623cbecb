#!/bin/sh
# Telethon 1.25.1 accepts a StringSession of GramJS (npm telegram 2.26.22), and gets all of it right but
# the address.
#
# Both formats begin with "1" and are base64; one would expect that the other's is either understood or
# refused. Telethon tells IPv4 (4 bytes) from IPv6 (16 bytes) by the length of the text, and checks the
# length. GramJS writes the address as text after a length of two bytes: with one of 14 characters, such as
# 149.154.167.51 of data centre 2, that is 16 bytes. So Telethon takes "\0\x0e149.154.167.51" for an IPv6
# address. Data centre, port and key stand where it looks for them. With 13 or 15 characters it refuses.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q python3-telethon=1.25.1-1 python3-rsa=4.8-1 python3-pyaes=1.6.1-4 \
  python3-pyasn1=0.4.8-3+deb12u3 >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done
npm install --ignore-scripts --no-audit --no-fund --silent telegram@2.26.22 || exit 77

cat >save.cjs <<'END'
const { StringSession } = require('telegram/sessions');
const { AuthKey } = require('telegram/crypto/AuthKey');
async function main() {
  const session = new StringSession('');
  session.setDC(2, process.argv[2], 443);
  session.authKey = new AuthKey();
  await session.authKey.setKey(Buffer.alloc(256, 7));
  console.log(session.save());
}
main();
END
cat >read.py <<'END'
import struct
import sys
from telethon.sessions import StringSession

try:
    session = StringSession(sys.argv[1])
    same = 'same' if session.auth_key.key == bytes([7]) * 256 else 'another'
    print(f'dc {session.dc_id}, {session.server_address}, port {session.port}, {same} key')
except (struct.error, ValueError):
    print('nothing: refused')
END
read_back() {
  PYTHONPATH=root/usr/lib/python3/dist-packages python3 read.py "$(node save.cjs "$1")"
}
for address in 149.154.167.51 149.154.167.220 149.154.167.5; do
  echo "GramJS saved dc 2, $address, port 443; Telethon read $(read_back $address)"
done >out
cat out
diff - out <<'END'
GramJS saved dc 2, 149.154.167.51, port 443; Telethon read dc 2, e:3134:392e:3135:342e:3136:372e:3531, port 443, same key
GramJS saved dc 2, 149.154.167.220, port 443; Telethon read nothing: refused
GramJS saved dc 2, 149.154.167.5, port 443; Telethon read nothing: refused
END
echo 'as found'
