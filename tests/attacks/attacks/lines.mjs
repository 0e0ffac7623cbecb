// Attacks with JSON lines that nobody is asked to answer.
import { MB, head, huge, repeat, shape, times } from '../support/texts.mjs';

// Lines of every shape that never end.
export const unfinishedLines = {
  about: 'lines of 15 MB, all shapes, that never end',
  run: (stage) => Promise.all(Array.from({ length: Math.max(4, stage.count(huge)) }, async (_, i) => {
    const { begin, part } = shape(i);
    const one = await stage.open();
    await one.pour(begin);
    await one.pour(part, times(huge, part));
  })),
};

// Whatever an error might quote, 15 MB long; the answers are not read.
const quoted = ['{"', '{"id":"', '{"message":{"_cons":"', '{"message":{"_cons":"help.getConfig","', '{"options":{"',
  '{"options":{"json":"', '{"session":{"string":"', '{"server":{"host":"', '{"signin":{"', '{"dc":"', '{"after":["'];
const closing = (begin) => (/[:[]"$/.test(begin) ? '"' : '":1') +
  [...begin.replace(/"[^"]*"?/g, '')].reverse().map((c) => ({ '{': '}', '[': ']' })[c] ?? '').join('');

export const longNames = {
  about: 'names and words of 15 MB where others are due, answers not read',
  run: (stage) => Promise.all(Array.from({ length: Math.max(4, stage.count(huge)) }, async (_, i) => {
    const begin = quoted[i % quoted.length], part = repeat(i % 2 ? 'n' : 'a/~'), name = times(huge, part);
    const one = await stage.open({ reads: false });
    for (let lines = 0; lines < 3; ++lines) {
      await one.pour(begin);
      await one.pour(part, name);
      await one.pour(`${closing(begin)}\n`);
    }
  })),
};

// A thousand that stop halfway, each with its part of three times the limit: in a line, in the head
// of an HTTP request, in its body.
export const halfRequests = {
  about: '1,000 requests that stop halfway: lines, HTTP heads, bodies',
  run: async (stage) => {
    const each = Math.min(huge, stage.count(1000 / 1.5));
    const field = repeat('X-Long: 0123456789abcdef0123456789abcdef\r\n', 15_000);
    await Promise.all(Array.from({ length: 1000 }, async (_, i) => {
      const { begin, part } = shape(i);
      const small = part.subarray(0, part.length - (part.length % 6));
      const most = Math.max(1, Math.floor(each / small.length));
      if (i % 3 === 0) {
        const one = await stage.open();
        await one.pour(begin);
        await one.pour(small, most);
      } else if (i % 3 === 1) {
        const one = await stage.open({ mortal: true });
        await one.pour('POST /json HTTP/1.1\r\nHost: localhost\r\n');
        await one.pour(field);
      } else {
        const one = await stage.open({ mortal: true });
        await one.pour(head(`Content-Length: ${16 * MB}`) + begin);
        await one.pour(small, most);
      }
    }));
  },
};
