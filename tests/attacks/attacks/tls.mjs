// Attacks on TLS: handshakes that stop, handshakes that are done with and followed by nothing, the
// largest records, lines that never end.
import path from 'node:path';
import { huge, shape, times } from '../support/texts.mjs';

// The record of a ClientHello that is 16 KB long and lacks its last bytes.
const hello = Buffer.alloc(16_300, 1);
hello.set([0x16, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc, 3, 3]);

export const tls = {
  about: '500 half handshakes, many whole ones, lines of 15 MB that never end',
  args: ({ dir }) => ['--tls-cert', path.join(dir, 'server.pem'), '--tls-key', path.join(dir, 'server.key')],
  run: async (stage) => {
    const { ca } = stage.world;
    await Promise.all(Array.from({ length: 500 }, async () => {
      const one = await stage.open({ mortal: true });
      await one.pour(hello);
    }));
    const open = Math.min(1000, 100 + stage.count(1_000_000));
    const lines = Math.max(4, stage.count(huge));
    const opened = [];
    for (let at = 0; at < Math.max(open, lines) && !stage.enough; at += 50) { // a handshake is work for both
      opened.push(...await Promise.all(Array.from({ length: 50 }, () => stage.open({ ca, mortal: true }))));
    }
    await Promise.all(opened.slice(0, lines).map(async (one, i) => {
      one.mortal = false;
      const { begin, part } = shape(i);
      await one.pour(begin);
      await one.pour(part, times(huge, part));
    }));
  },
};
