#!/bin/sh
# telegram-send 0.34 (Debian 12) with two --config sends the file to the first chat, and an empty one to the second.
#
# --config may be given several times, to send to several chats; a message and a location do reach all. One would
# expect the same of files. But a file is opened once, when the options are read, and python-telegram-bot (13.15) reads
# it to its end for the first chat; for the second it is read from there: a file of the right name, of 0 bytes.
# Pictures, videos and the others are alike. Here its requests are shown instead of sent.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q telegram-send=0.34-2 python3-appdirs=1.4.4-3 python3-colorama=0.4.6-2 \
  python3-python-telegram-bot=13.15-1 python3-urllib3=1.26.12-1+deb12u4 python3-certifi=2022.9.24-1 \
  python3-six=1.16.0-4 python3-tz=2022.7.1-4 >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done

for chat in 5 6; do printf '[telegram]\ntoken = 123:token\nchat_id = %s\n' $chat >$chat.conf; done
echo 'ten bytes' >report.txt
cat >send.py <<'END'
import warnings

warnings.simplefilter('ignore')
from telegram import InputFile
from telegram.utils.request import Request
from telegram_send import telegram_send


def post(self, url, data, timeout=None):
    def describe(value):
        return f'{value.filename}, {len(value.input_file_content)} bytes' if isinstance(value, InputFile) else value

    shown = {name: describe(data[name]) for name in ('text', 'latitude', 'longitude', 'document') if name in data}
    print(f'chat {data["chat_id"]}:', url.rsplit('/', 1)[1], shown)
    return {'message_id': 1, 'date': 1, 'chat': {'id': data['chat_id'], 'type': 'private'}}


Request.post = post
telegram_send.main()
END
send() { PYTHONPATH=root/usr/lib/python3/dist-packages python3 send.py --config 5.conf --config 6.conf "$@"; }
{
  send hello
  send --location 52.5,13.4
  send --file report.txt
} >out
cat out
diff - out <<'END'
chat 5: sendMessage {'text': 'hello'}
chat 6: sendMessage {'text': 'hello'}
chat 5: sendLocation {'latitude': 52.5, 'longitude': 13.4}
chat 6: sendLocation {'latitude': 52.5, 'longitude': 13.4}
chat 5: sendDocument {'document': 'report.txt, 10 bytes'}
chat 6: sendDocument {'document': 'report.txt, 0 bytes'}
END
echo 'as found'
