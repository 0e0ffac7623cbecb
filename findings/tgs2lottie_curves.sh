#!/bin/sh
# tgs2lottie 1.0.13 (npm): a sticker that is made smaller keeps the bends of its paths at their old size.
#
# It turns an animated sticker of 512 by 512 into a Lottie file of another size, and scales position and size of each
# layer. A layer that moves in a straight line is right then, so that one would trust it. If it moves along a curve,
# Lottie has two handles for it next to the positions, `to` and `ti`, in the same units; those are not scaled. Halved,
# the curve is twice as high as it has to be, and what is to fly an arc may leave the picture. rlottie 0.1 (Debian 12),
# the renderer that Telegram's applications use, draws both here: where is the square's middle in frame 30 of 60?
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q librlottie0-1=0.1+dfsg-4+deb12u2 >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done
npm install --ignore-scripts --no-audit --no-fund --silent tgs2lottie@1.0.13 || exit 77

cat >sticker.json <<'END'
{"tgs": 1, "v": "5.5.2", "fr": 60, "ip": 0, "op": 61, "w": 512, "h": 512, "layers": [{"ty": 4, "ip": 0, "op": 61, "st": 0,
  "ks": {"p": {"a": 1, "k": [{"t": 0, "s": [100, 400, 0], "e": [400, 400, 0], "o": {"x": 0, "y": 0}, "i": {"x": 1, "y": 1},
    "to": [0, BEND, 0], "ti": [0, BEND, 0]}, {"t": 60}]}, "s": {"k": [100, 100]}, "o": {"k": 100}},
  "shapes": [{"ty": "gr", "it": [{"ty": "rc", "s": {"k": [40, 40]}, "p": {"k": [0, 0]}, "r": {"k": 0}},
    {"ty": "fl", "c": {"k": [1, 0, 0, 1]}, "o": {"k": 100}}, {"ty": "tr", "s": {"k": [100, 100]}, "o": {"k": 100}}]}]}]}
END
cat >halve.cjs <<'END'
const { readFileSync, writeFileSync } = require('fs');
writeFileSync('half.json', require('tgs2lottie').convert(readFileSync('whole.tgs'), 256));
END
cat >draw.py <<'END'
import ctypes
import sys

rlottie = ctypes.CDLL('root/usr/lib/x86_64-linux-gnu/librlottie.so.0-1')
rlottie.lottie_animation_from_data.restype = ctypes.c_void_p
rlottie.lottie_animation_render.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p] + [ctypes.c_size_t] * 3
for name, size in ('whole', 512), ('half', 256):
    animation = rlottie.lottie_animation_from_data(open(name + '.json', 'rb').read(), name.encode(), b'')
    pixels = (ctypes.c_uint32 * (size * size))()
    rlottie.lottie_animation_render(animation, 30, pixels, size, size, size * 4)
    drawn = [divmod(i, size) for i in range(size * size) if pixels[i] >> 24 > 127]
    x, y = (round(sum(place[axis] for place in drawn) / len(drawn)) for axis in (1, 0))
    print(f'bend {sys.argv[1]}, the {name} picture, {size} by {size}: {x},{y}')
END
for bend in 0 -150; do
  sed "s/BEND/$bend/g" sticker.json >whole.json
  gzip <whole.json >whole.tgs
  node halve.cjs
  python3 draw.py $bend
done >out
cat out
diff - out <<'END'
bend 0, the whole picture, 512 by 512: 250,400
bend 0, the half picture, 256 by 256: 124,200
bend -150, the whole picture, 512 by 512: 250,287
bend -150, the half picture, 256 by 256: 124,87
END
echo 'as found'
