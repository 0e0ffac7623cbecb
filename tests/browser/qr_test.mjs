// The console's QR encoder against somebody else's reader.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import jsQR from 'jsqr';
import { Gateway } from '../e2e/support/gateway.mjs';
import { api, keep } from '../e2e/support/named.mjs';
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

// Rows of booleans out of an <svg> whose dark modules are rectangles of one path.
function cells(svg) {
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)[1]) - 8;
  const rows = Array.from({ length: side }, () => Array(side).fill(false));
  const modules = /<path d="([^"]*)"\/>/.exec(svg)[1];
  for (const [, x, y, length] of modules.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    rows[y - 4].fill(true, x - 4, Number(x) - 4 + Number(length));
  }
  return rows;
}

test('the code of a sign-in that the gateway draws is read back, and is there in state qr alone', async (t) => {
  const gateway = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:']);
  t.after(() => gateway.close());
  await keep(gateway, 'ada');
  const picture = (account, accept = 'image/avif,image/webp,image/svg+xml,image/*;q=0.8,*/*;q=0.5') =>
    fetch(`http://127.0.0.1:${gateway.port}/api/v1/${account}/signin`, { headers: { Accept: accept } });
  const none = await picture('ada');
  assert.deepEqual([none.status, (await none.json()).error], [406, 'NotAcceptable']);
  const { result } = await api(gateway, '/grace/signin', { body: { qr: true } });
  assert.equal(result.state, 'qr');
  const drawn = await picture('grace');
  assert.deepEqual([drawn.status, drawn.headers.get('content-type')], [200, 'image/svg+xml']);
  assert.equal(read(cells(await drawn.text())), result.url);
  for (const accept of ['*/*', 'application/json', 'image/svg+xml, application/json']) {
    assert.equal((await (await picture('grace', accept)).json()).result.state, 'qr', accept);
  }
});
