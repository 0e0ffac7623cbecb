// Attacks through WebSocket frames.
import zlib from 'node:zlib';
import { MB, fragments, frame, huge, shape, times } from '../support/texts.mjs';

// What a message of 15 MB is as one compressed frame, by the wire some kilobytes.
function packed({ begin, part }) {
  const text = Buffer.concat([Buffer.from(begin), ...Array(times(huge, part)).fill(part)]);
  return frame(1, zlib.deflateRawSync(text, { level: 9, finishFlush: zlib.constants.Z_SYNC_FLUSH }), { fin: false, rsv1: true });
}

// Those that only hold a compressor come first, then messages that are long when unpacked.
const offer = { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } };
const compressor = 128 * 1024;

export const unfinishedDeflate = {
  about: 'with --ws-compression: messages of 15 MB in 15 KB that never end, and idle sockets',
  args: () => ['--ws-compression'],
  run: async (stage) => {
    const frames = Array.from({ length: 4 }, (_, i) => packed(shape(i)));
    const idle = Math.min(1000, Math.ceil(stage.count(compressor) / 4));
    await Promise.all(Array.from({ length: idle + Math.max(8, stage.count(huge)) }, async (_, i) => {
      const one = await stage.open({ mortal: true });
      const said = await one.upgrade(offer);
      if (i < idle || !/^HTTP\/1.1 101 /.test(said)) return;
      one.mortal = false;
      if (/permessage-deflate/.test(said)) return one.pour(frames[i % frames.length]);
      const { begin, part } = shape(i); // it did without
      await one.pour(frame(1, begin, { fin: false }));
      const piece = frame(0, part, { fin: false });
      await one.pour(piece, times(huge, piece));
    }));
  },
};

// Messages in very many pieces, with pings between them whose pongs nobody reads.
export const webSocketFragments = {
  about: 'messages of 15 MB in fragments of 1, 64 and 16,000 bytes; pings with pongs unread',
  run: async (stage) => {
    const sizes = [16_000, 64, 16_000, 1];
    const pings = Buffer.concat(Array(400).fill(frame(9, 'p'.repeat(125))));
    const pieces = shapesAt(sizes);
    await Promise.all(Array.from({ length: Math.max(12, stage.count(huge)) }, async (_, i) => {
      const pinging = i % 4 === 3;
      const one = await stage.open({ reads: !pinging, mortal: pinging });
      await one.upgrade();
      const { begin, part } = shape(i);
      await one.pour(frame(1, begin, { fin: false }));
      if (pinging) return one.pour(pings, times(20 * MB, pings));
      const piece = pieces(i, part);
      await one.pour(piece, times(sizes[i % sizes.length] === 1 ? 4 * huge : huge, piece));
    }));
  },
};

function shapesAt(sizes) {
  const made = new Map();
  return (i, part) => {
    const key = `${i % sizes.length} ${i % 6}`;
    if (!made.has(key)) made.set(key, fragments(part.subarray(0, 30_000 - (30_000 % 6)), sizes[i % sizes.length]));
    return made.get(key);
  };
}
