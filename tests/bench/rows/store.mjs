// A log of updates in SQLite: how many it takes a second, each of 200 bytes.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { figure } from '../support/numbers.mjs';
import { binary } from '../support/servers.mjs';

async function store(quick) {
  // On the disk of the build: a folder for temporary files may be in memory.
  const folder = fs.mkdtempSync(path.join(path.dirname(binary('store-bench')), 'store-bench-'));
  try {
    const { stdout } = await promisify(execFile)(binary('store-bench'), [folder, quick ? '0.5' : '3']);
    const found = stdout.trim().split('\n').map((line) => JSON.parse(line));
    const of = (synchronous, batch) => found.find((one) => one.synchronous === synchronous && one.batch === batch).updates_a_second;
    return [0, 1, 10, 100].map((batch) => ({ what: `updates a second into a log, ${batch || 'by the journal as many as wait'} a commit, synchronous=normal`,
      measured: figure(of('normal', batch)), beside: `synchronous=full ${figure(of('full', batch))}`,
      ratio: of('normal', batch) / of('full', batch),
      ...(batch <= 1 ? { target: '≥ 5,000', met: of('normal', batch) >= 5000 } : { target: '' }) }));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

export const rows = { store };
