#!/bin/sh
# GramJS (npm telegram 2.26.22) reads a session of Telethon with a NAT64 address as garbage, without an error.
#
# Telethon 1.25.1 stores an IPv6 address as 16 bytes. GramJS stores text with its length, two bytes, before
# it, and reads both: a length above 100 cannot be one, so these must be the first bytes of an address.
# Public IPv6 begins with 2 or 3, thus with "lengths" above 8191. But 64:ff9b::/96, the well-known prefix
# through which a network of IPv6 alone reaches Telegram's IPv4 addresses, begins with 0x0064: exactly 100.
# The address becomes 100 bytes of the rest, most of them of the authorization key. 65:ff9b:: is read well.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q python3-telethon=1.25.1-1 python3-rsa=4.8-1 python3-pyaes=1.6.1-4 \
  python3-pyasn1=0.4.8-3+deb12u3 >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done
npm install --ignore-scripts --no-audit --no-fund --silent telegram@2.26.22 || exit 77

cat >save.py <<'END'
import sys
from telethon.crypto import AuthKey
from telethon.sessions import StringSession

session = StringSession()
session.set_dc(2, sys.argv[1], 443)
session.auth_key = AuthKey(bytes([7]) * 256)
print(session.save())
END
cat >read.cjs <<'END'
const { StringSession } = require('telegram/sessions');
const session = new StringSession(process.argv[2]);
const address = session.serverAddress;
const shown = /^[\da-f:.]+$/.test(address) ? address : `${address.length} characters that are no address`;
console.log(`${shown}, port ${session.port}, key of ${session._key.length} bytes`);
END
read_back() {
  node read.cjs "$(PYTHONPATH=root/usr/lib/python3/dist-packages python3 save.py "$1")"
}
for address in 64:ff9b::959a:a733 65:ff9b::959a:a733; do
  echo "Telethon saved $address port 443; GramJS read $(read_back $address)"
done >out
cat out
diff - out <<'END'
Telethon saved 64:ff9b::959a:a733 port 443; GramJS read 100 characters that are no address, port 1799, key of 170 bytes
Telethon saved 65:ff9b::959a:a733 port 443; GramJS read 65:ff9b::959a:a733, port 443, key of 256 bytes
END
echo 'as found'
