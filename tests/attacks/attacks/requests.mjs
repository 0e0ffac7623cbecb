// Attacks with whole requests whose answers don't come.
import { huge, nearest, repeat, times } from '../support/texts.mjs';

const asking = (id, more = '') => `{"id":${id},"timeout":600,"message":${nearest}${more}`;
const letters = repeat('x'), numbers = repeat('1,');

// A connection to a data centre that says nothing, or that answers this only in ten minutes.
async function open(stage, silent, options) {
  const one = await stage.open(options);
  const { world } = stage;
  if (silent) await one.pour(`{"id":1,"server":${JSON.stringify(world.elsewhere(world.silent.port))}}\n`);
  return one;
}

async function pourExtra(one, line, i) {
  const [begin, part, end] = i % 2 ? ['[', numbers, '1]'] : ['"', letters, '"'];
  await one.pour(`${line},"@extra":${begin}`);
  await one.pour(part, times(huge, part));
  await one.pour(`${end}}\n`);
}

// Besides: a million ids in `after`, and 1,024 of 250 bytes in each of a thousand requests.
const million = `,"after":[${'1,'.repeat(999_999)}1]}\n`;
const thousand = `,"after":[${Array.from({ length: 1024 }, (_, i) => `"${String(i).padStart(250, '0')}"`).join()}]}\n`;

export const inFlight = {
  about: 'requests in flight with @extra of 15 MB, or many ids in `after`',
  run: (stage) => Promise.all(Array.from({ length: 8 }, async (_, i) => {
    const one = await open(stage, i % 2 === 0);
    const [begin, end] = [Buffer.from(asking(3)), Buffer.from(i === 6 ? million : thousand)];
    const lines = i < 6 ? Math.ceil(stage.count(huge) / 3) : Math.min(900, Math.ceil(stage.count(end.length) / 2));
    for (let n = 0; n < lines && !stage.enough && !one.over; ++n) {
      if (i < 6) await pourExtra(one, asking(2 + n), n);
      else await one.pour(Buffer.concat([begin, end]));
    }
  })),
};

// Replies that are ready, and wait for one under their id that is not. A client whose replies come
// to 64 MiB is given up.
export const heldReplies = {
  about: 'replies of 15 MB that wait behind an unanswered one of their id',
  run: (stage) => Promise.all(Array.from({ length: 4 }, async (_, i) => {
    const one = await open(stage, i % 2 === 0, { mortal: true });
    await one.pour(`${asking(7)}}\n`);
    for (let n = 0; n < Math.ceil(stage.count(huge) / 2) && !stage.enough && !one.over; ++n) {
      await pourExtra(one, '{"id":7,"options":{}', n);
    }
  })),
};

// Each unknown field is known by its whole path, if it is listed.
const wrappers = 100, fields = 100_000;
const nested = (name) => `${'{"_cons":"invokeWithoutUpdates","query":'.repeat(wrappers)}{"_cons":"help.getNearestDc",` +
  `${Array.from({ length: fields }, (_, i) => name(i)).join()}}${'}'.repeat(wrappers)}`;

export const ignoredFields = {
  about: '`unknown: ignore`: 100,000 unknown fields in 100 wrappers',
  run: async (stage) => {
    const texts = [nested(() => '"a":1'), nested((i) => `"f${i}":[]`)].map((text) => Buffer.from(text));
    await Promise.all(Array.from({ length: 4 }, async (_, i) => {
      const one = await open(stage, true);
      await one.pour('{"id":1,"options":{"unknown":"ignore"}}\n');
      const text = texts[i % texts.length];
      for (let n = 0; n < Math.min(1000, stage.count(text.length * 8)); ++n) {
        await one.pour(`{"id":${2 + n},"timeout":600,"message":`);
        await one.pour(text);
        await one.pour('}\n');
      }
    }));
  },
};
