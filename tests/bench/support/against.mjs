// A row of this build and of another one, measured in turn, so that what the machine does meanwhile
// happens to both.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from '../../e2e/support/gateway.mjs';
import { median } from './numbers.mjs';

const table = fileURLToPath(new URL('../table.mjs', import.meta.url));
const sizes = { ns: 1e-9, 'µs': 1e-6, ms: 1e-3, s: 1, KiB: 1024, KB: 1e3, MB: 1e6, 'GB/s': 1e9 };

// What a row says first: "13.8 µs (73,400 a second)" is 0.0000138.
export function quantity(text) {
  const [, number, unit] = /([\d.,]*\d)(?: ([^\s,(]+))?/.exec(text) ?? [];
  return number === undefined ? NaN : Number(number.replaceAll(',', '')) * (sizes[unit] ?? 1);
}

export function checkFolder(folder) {
  const missing = ['streamjson', 'scheme/api.tl', 'tests/bench/load'].find((name) => !fs.existsSync(path.join(folder, name)));
  if (missing) throw new Error(`--against ${folder}: that is a folder in which the target 'bench' was built; it has no ${missing}.`);
}

async function rowsOf(folder, name, flags) {
  const { stdout } = await promisify(execFile)(process.execPath, [table, '--json', ...flags, name],
    { env: { ...process.env, STREAMJSON_BUILD: folder }, maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

// As many runs of each; the row shown is this build's last, `old` and `change` are medians.
export async function against(folder, name, flags, rounds = 3) {
  const runs = [];
  for (let i = 0; i < rounds; i += 1) {
    const old = await rowsOf(path.resolve(folder), name, flags);
    runs.push({ old, ours: await rowsOf(build, name, flags) });
  }
  return runs.at(-1).ours.map((row) => {
    const all = (which) => runs.flatMap((run) => run[which].filter(({ what }) => what === row.what).map(({ measured }) => quantity(measured)));
    const before = median(all('old')), now = median(all('ours'));
    const shown = runs.flatMap(({ old }) => old.filter(({ what }) => what === row.what)).find(({ measured }) => quantity(measured) === before);
    return { ...row, old: shown?.measured ?? '', change: now / before };
  });
}
