#!/bin/sh
# telegram-send 0.34 (Debian 12): of the ways to write a place that its help allows, several end in a traceback.
#
# Latitude and longitude are "separated by whitespace or a comma", says --help, and so does the documentation of
# telegram_send.send. One would expect that "52.5 13.4" is a place. A blank is understood only if the shell has parted
# the two at it: in one argument it is an uncaught StopIteration, and send(locations=['52.5 13.4']) cannot work at all.
# "52.5, 13.4", as maps have it, is a place in quotes, and without them a ValueError. And no place south of the
# equator can be written with a comma: "-33.9,151.2" begins as an option does, and is no number that argparse makes an
# exception for; "-33.9 151.2" is fine. Here its requests are shown instead of sent.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q telegram-send=0.34-2 python3-appdirs=1.4.4-3 python3-colorama=0.4.6-2 \
  python3-python-telegram-bot=13.15-1 python3-urllib3=1.26.12-1+deb12u4 python3-certifi=2022.9.24-1 \
  python3-six=1.16.0-4 python3-tz=2022.7.1-4 >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done

printf '[telegram]\ntoken = 123:token\nchat_id = 5\n' >conf
cat >send.py <<'END'
import warnings

warnings.simplefilter('ignore')
from telegram.utils.request import Request
from telegram_send import telegram_send


def post(self, url, data, timeout=None):
    print(f'sent {data["latitude"]} and {data["longitude"]}')
    return {'message_id': 1, 'date': 1, 'chat': {'id': 5, 'type': 'private'}}


Request.post = post
telegram_send.main()
END
send() {
  printf '%s argument(s), %s: ' $# "$*"
  PYTHONPATH=root/usr/lib/python3/dist-packages python3 send.py --config conf --location "$@" 2>log || tail -1 log
}
{
  send 52.5,13.4
  send 52.5 13.4
  send '52.5 13.4'
  send '52.5, 13.4'
  send 52.5, 13.4
  send -33.9 151.2
  send -33.9,151.2
} >out
cat out
diff - out <<'END'
1 argument(s), 52.5,13.4: sent 52.5 and 13.4
2 argument(s), 52.5 13.4: sent 52.5 and 13.4
1 argument(s), 52.5 13.4: StopIteration
1 argument(s), 52.5, 13.4: sent 52.5 and 13.4
2 argument(s), 52.5, 13.4: ValueError: could not convert string to float: ''
2 argument(s), -33.9 151.2: sent -33.9 and 151.2
1 argument(s), -33.9,151.2: send.py: error: argument -l/--location: expected at least one argument
END
echo 'as found'
