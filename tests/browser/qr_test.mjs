// The console's QR encoder against somebody else's reader.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import jsQR from 'jsqr';
import { qr } from '../../web/qr.js';

function read(cells) {
  const scale = 4;
  const side = (cells.length + 8) * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const dark = cells[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4];
      if (dark) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return jsQR(pixels, side, side)?.data;
}

test('texts of every version that it knows are read back', () => {
  const text = 'tg://login?token=' + 'Ab9_-zQ7'.repeat(90);
  const sides = new Set();
  for (let length = 1; length <= 666; length += length < 100 ? 7 : 23) {
    const cells = qr(text.slice(0, length));
    sides.add(cells.length);
    assert.equal(read(cells), text.slice(0, length));
  }
  assert.ok(sides.size >= 17);
});

test('what is not ASCII is written as UTF-8', () => assert.equal(read(qr('Zoë 🌇')), 'Zoë 🌇'));

test('what is too long is refused', () => {
  assert.equal(qr('x'.repeat(666)).length, 97);
  assert.throws(() => qr('x'.repeat(667)), RangeError);
});
