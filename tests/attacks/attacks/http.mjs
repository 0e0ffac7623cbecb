// Attacks by POST: bodies that never end, in one piece or in chunks, and bodies full of requests.
// HTTP closes what it refuses.
import { head, huge, nearest, repeat, shape, times } from '../support/texts.mjs';

const chunked = (bytes) => Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
const inChunks = (part, size) => Buffer.concat(Array.from({ length: Math.floor(part.length / size) },
  (_, i) => chunked(part.subarray(i * size, (i + 1) * size))));

// A thousand requests that are not answered, with 15 KB of @extra each.
const extra = 'x'.repeat(15_000);
const thousand = Array.from({ length: 1000 },
  (_, i) => `{"id":${i + 1},"timeout":600,"message":${nearest},"@extra":"${extra}"}\n`).join('');

export const postBodies = {
  about: 'POST bodies of 15 MB that never end, chunked too, or hold 1,000 requests in flight',
  run: (stage) => Promise.all(Array.from({ length: Math.max(6, stage.count(huge)) }, async (_, i) => {
    const one = await stage.open({ mortal: true });
    const { begin, part } = shape(i);
    if (i % 3 === 0) {
      await one.pour(head(`Content-Length: ${huge + 1_000_000}`) + begin);
      await one.pour(part, times(huge, part));
    } else if (i % 3 === 1) {
      await one.pour(head('Transfer-Encoding: chunked'));
      await one.pour(chunked(Buffer.from(begin)));
      const size = i % 2 ? 6 : 6000, pieces = inChunks(part, size);
      await one.pour(pieces, Math.ceil(huge / (Math.floor(part.length / size) * size)));
    } else {
      await one.pour(head(`Content-Length: ${thousand.length + 1}`));
      const bytes = Buffer.from(thousand);
      for (let at = 0; at < bytes.length; at += 60_000) await one.pour(bytes.subarray(at, at + 60_000));
    }
  })),
};

// Who asks and does not read: lines and WebSocket messages given back, pages asked for again and
// again. It is given up where 64 MiB wait for it, or less at the bound of memory.
const text = repeat('x');

export const slowReaders = {
  about: 'answers that nobody reads: @extra of 15 MB given back, pages of the scheme',
  run: (stage) => Promise.all(Array.from({ length: Math.max(30, 2 * stage.count(huge)) }, async (_, i) => {
    const one = await stage.open({ reads: false, mortal: true });
    if (i % 3 === 2) {
      const page = ['/scheme.json', '/types.d.ts', '/scheme.tl', '/client.js'][i % 4];
      return one.pour(`GET ${page} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(50));
    }
    for (let n = 0; n < 5 && !one.over && !stage.enough; ++n) {
      await one.pour(`{"id":${n + 1},"options":{},"@extra":"`);
      await one.pour(text, times(i % 3 ? huge : huge / 15, text));
      await one.pour('"}\n');
    }
  })),
};
