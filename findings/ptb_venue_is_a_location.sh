#!/bin/sh
# python-telegram-bot 13.15 (Debian 12): a message's effective_attachment and effective_message_type never say "venue".
#
# Of a message with an attachment one would expect the attachment that it was sent with; that is what is documented,
# telegram.Venue among the fourteen kinds. The Bot API sends a venue's place along as `location`, for old bots, as it
# sends an animation along as `document`. The latter is minded, and an animation is an animation. But location is asked
# for before venue, so that a venue's name and address never come out, and no bot that decides by the type sees one.
# message.venue has it all the time. A Web App's data have no type either, though the version knows them.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q python3-python-telegram-bot=13.15-1 python3-urllib3=1.26.12-1+deb12u4 \
  python3-certifi=2022.9.24-1 python3-six=1.16.0-4 python3-tz=2022.7.1-4 >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done

cat >attachments.py <<'END'
import warnings

warnings.simplefilter('ignore')
from telegram import Message
from telegram.utils.helpers import effective_message_type

file = {'file_id': 'A', 'file_unique_id': 'B'}
place = {'latitude': 52.5, 'longitude': 13.4}
venue = {'location': place, 'title': 'Museum', 'address': 'Street 1'}
for told, fields in {
    'a location': {'location': place},
    'a venue': {'location': place, 'venue': venue},
    'a document': {'document': file},
    'an animation': {'document': file, 'animation': {**file, 'width': 1, 'height': 1, 'duration': 1}},
    "a Web App's data": {'web_app_data': {'data': '1', 'button_text': 'Go'}},
}.items():
    message = Message.de_json({'message_id': 1, 'date': 1, 'chat': {'id': 5, 'type': 'private'}, **fields}, None)
    attachment = message.effective_attachment
    print(f'{told}: {effective_message_type(message)}, {type(attachment).__name__ if attachment else "nothing"};',
          'there are', ', '.join(name for name in ('location', 'venue', 'document', 'animation', 'web_app_data')
                                 if getattr(message, name)))
END
PYTHONPATH=root/usr/lib/python3/dist-packages python3 attachments.py >out
cat out
diff - out <<'END'
a location: location, Location; there are location
a venue: location, Location; there are location, venue
a document: document, Document; there are document
an animation: animation, Animation; there are document, animation
a Web App's data: None, nothing; there are web_app_data
END
echo 'as found'
