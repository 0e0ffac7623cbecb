#!/bin/sh
# Telethon 1.25.1 (Debian 12): decode_waveform gives back all of encode_waveform's values but the last.
#
# A voice note's waveform is a row of values of five bits each. One would expect what the documentation says of
# decode_waveform, that it is the inverse of encode_waveform. What is written is right: @mtcute/core 0.30.3 (npm) reads
# every value of it. But Telethon looks for the last value at the bit of its number, not of five times its number: of
# 100 values, which Telegram's own applications send, it reads the last from the bits 99 to 103 instead of 495 to 499.
# Only the waveform of a single value is always right.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q python3-telethon=1.25.1-1 python3-rsa=4.8-1 python3-pyaes=1.6.1-4 \
  python3-pyasn1=0.4.8-3+deb12u3 >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done
npm install --ignore-scripts --no-audit --no-fund --silent @mtcute/core@0.30.3 || exit 77

cat >wave.py <<'END'
from telethon.utils import decode_waveform, encode_waveform

for count in 1, 8, 16, 100:
    values = [(7 * i + 3) % 32 for i in range(count)]
    encoded = encode_waveform(bytes(values))
    seen = list(decode_waveform(encoded))
    before = 'well' if seen[:-1] == values[:-1] else 'badly'
    print(encoded.hex(), f'{count}: the last is {values[-1]}, Telethon reads {seen[-1]} and those before {before},')
END
cat >wave.mjs <<'END'
import { createInterface } from 'node:readline';
import { decodeWaveform } from '@mtcute/core/utils.js';

for await (const line of createInterface({ input: process.stdin })) {
  const [, encoded, told] = /^(\S+) (.*)$/.exec(line);
  console.log(told, `mtcute reads ${decodeWaveform(Buffer.from(encoded, 'hex')).at(-1)}`);
}
END
PYTHONPATH=root/usr/lib/python3/dist-packages python3 wave.py >written
node wave.mjs <written >out
cat out
diff - out <<'END'
1: the last is 3, Telethon reads 3 and those before well, mtcute reads 3
8: the last is 20, Telethon reads 10 and those before well, mtcute reads 20
16: the last is 12, Telethon reads 24 and those before well, mtcute reads 12
100: the last is 24, Telethon reads 30 and those before well, mtcute reads 24
END
echo 'as found'
