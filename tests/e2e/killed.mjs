// Kills a gateway at random moments in traffic, as often as is asked (200): `node tests/e2e/killed.mjs
// [KILLS] [STORE]`. No update may be missing, come twice or out of order, wherever one listens. Takes
// minutes, so it is no part of the tests.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { killed } from './support/killed.mjs';

const kills = Number(process.argv[2] ?? 200);
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'killed-'));
const store = process.argv[3] ?? `sqlite:${path.join(dir, 'tg.db')}`;
const atEnd = [() => fs.rmSync(dir, { recursive: true })];
try {
  const out = await killed({ after: (what) => atEnd.unshift(what) }, { kills, store, key: path.join(dir, 'key'),
    say: (kill, said) => process.stderr.write(`\r${kill} of ${kills} kills, ${said} messages`) });
  console.log(`\n${kills} kills on ${store.split(':')[0]}: ${out.said} messages in ${out.updates} updates, each once and in order ` +
    `in the log, as events and in ${out.calls} calls of a webhook`);
} finally {
  for (const end of atEnd) await end();
}
