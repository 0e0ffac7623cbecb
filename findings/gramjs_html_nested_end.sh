#!/bin/sh
# GramJS 2.26.22 and teleproto 214.1.7 (npm): nested formatting that ends in a blank reaches beyond the end of the text.
#
# Blanks at the ends of a text are taken off in the HTML parse mode, and entities get shorter by them. One would expect
# that all do that end there, as in Telethon (1.25.1), which it was taken from. Here only the last entity of the list
# does: in "<b><i>hi </i></b>" the bold has two letters, the italics three, where there are two. The same happens to an
# entity of blanks alone, and in front, where a bold grows. What Telegram's documents call ENTITY_BOUNDS_INVALID.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q python3-telethon=1.25.1-1 python3-rsa=4.8-1 python3-pyaes=1.6.1-4 \
  python3-pyasn1=0.4.8-3+deb12u3 >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done
npm install --ignore-scripts --no-audit --no-fund --silent telegram@2.26.22 teleproto@214.1.7 || exit 77

cat >cases <<'END'
<b>hi </b>
<b><i>hi </i></b>
<b>a <i> </i></b>
<i> </i><b> hi</b>
END
cat >parse.cjs <<'END'
const { readFileSync } = require('fs');
const { HTMLParser } = require(`${process.argv[2]}/extensions/html`);
for (const line of readFileSync('cases', 'utf8').trim().split('\n')) {
  const [text, entities] = HTMLParser.parse(line);
  const kinds = entities.map(({ className, offset, length }) => `${className.slice(13)} ${offset}+${length}`);
  console.log(`${process.argv[2]}: ${line} is "${text}" with ${kinds.join(', ')}`);
}
END
cat >parse.py <<'END'
from telethon.extensions import html

for line in open('cases'):
    text, entities = html.parse(line.strip())
    kinds = [f'{type(one).__name__[13:]} {one.offset}+{one.length}' for one in entities]
    print(f'telethon: {line.strip()} is "{text}" with {", ".join(kinds)}')
END
for library in telegram teleproto; do node parse.cjs $library; done >out
PYTHONPATH=root/usr/lib/python3/dist-packages python3 parse.py >>out
cat out
diff - out <<'END'
telegram: <b>hi </b> is "hi" with Bold 0+2
telegram: <b><i>hi </i></b> is "hi" with Italic 0+3, Bold 0+2
telegram: <b>a <i> </i></b> is "a" with Italic 2+1, Bold 0+1
telegram: <i> </i><b> hi</b> is "hi" with Bold 0+3
teleproto: <b>hi </b> is "hi" with Bold 0+2
teleproto: <b><i>hi </i></b> is "hi" with Italic 0+3, Bold 0+2
teleproto: <b>a <i> </i></b> is "a" with Italic 2+1, Bold 0+1
teleproto: <i> </i><b> hi</b> is "hi" with Bold 0+3
telethon: <b>hi </b> is "hi" with Bold 0+2
telethon: <b><i>hi </i></b> is "hi" with Italic 0+2, Bold 0+2
telethon: <b>a <i> </i></b> is "a" with Bold 0+1
telethon: <i> </i><b> hi</b> is "hi" with Bold 0+2
END
echo 'as found'
