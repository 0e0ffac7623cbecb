// Whether chaos.mjs finds what it is made to find: `node tests/e2e/chaos_planted.mjs [FAULT…]` copies the
// tree, plants a fault in the copy, builds that and runs the short form against it, which has to fail.
// Takes minutes for each, so it is no part of the tests. The compiler's cache helps where it is set up to
// serve other folders (TMPDIR says where the copy goes).
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { top } from './support/gateway.mjs';

const planted = {
  // An owner that counts a lease from when it heard of it, and longer than the table does.
  'kept-too-long': {
    file: 'server/cluster/lease_keeper.hpp',
    from: /return sent \+ ttl_ \* 2 \/ 3;/, to: 'return sent + ttl_ * 20;',
    finds: /AUTH_KEY_DUPLICATED|at a time/, only: 'storeHeld,storeCut,sleep', mean: 1000,
  },
  // What was on its way to the log when the lease ended is written all the same.
  'unnamed-epoch': {
    file: 'server/store/update_log.cpp',
    from: /const auto newest = locked_number\(transaction, account, now, mark\);/,
    to: 'const auto newest = locked_number(transaction, account, now, LeaseMark{}); static_cast<void>(mark);',
    finds: /is not what|times in the log|came behind/, only: 'storeHeld', mean: 300,
  },
};

function copied(to) {
  const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: top, maxBuffer: 1 << 26 }).toString().split('\0');
  for (const name of names.filter(Boolean)) {
    const from = path.join(top, name), at = path.join(to, name);
    if (!fs.existsSync(from) || fs.lstatSync(from).isSymbolicLink()) continue;
    fs.mkdirSync(path.dirname(at), { recursive: true });
    fs.copyFileSync(from, at);
  }
}

function built(dir, { file, from, to }) {
  const at = path.join(dir, file), text = fs.readFileSync(at, 'utf8');
  if (!from.test(text)) throw new Error(`${file} does not have ${from}`);
  fs.writeFileSync(at, text.replace(from, to));
  for (const args of [['cmake', '--preset', 'release'], ['ninja', '-C', 'build', '-j2', 'streamjson']]) {
    execFileSync('nice', ['-n', '5', ...args], { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return path.join(dir, 'build');
}

let missed = 0;
const wanted = process.argv.slice(2);
for (const name of wanted.length ? wanted : Object.keys(planted)) {
  const fault = planted[name], dir = fs.mkdtempSync(path.join(os.tmpdir(), `planted-${name}-`));
  try {
    copied(dir);
    const STREAMJSON_BUILD = built(dir, fault);
    const args = ['chaos.mjs', '--minutes', 3, '--seed', 1, '--accounts', 24, '--clients', 60, '--mean', fault.mean, '--only', fault.only];
    const { status, stdout } = spawnSync('node', args.map(String), { cwd: path.join(top, 'tests/e2e'), env: { ...process.env, STREAMJSON_BUILD }, maxBuffer: 1 << 26 });
    const found = status !== 0 && fault.finds.test(stdout);
    console.log(`${name}: ${found ? 'found' : 'NOT FOUND'}\n${stdout.toString().split('\n').slice(-12).map((line) => `  ${line.slice(0, 300)}`).join('\n')}`);
    missed += found ? 0 : 1;
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}
process.exit(missed ? 1 : 0);
