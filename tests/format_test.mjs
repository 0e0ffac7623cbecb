// The formatting is clang-format's, wherever that is installed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('..', import.meta.url));
const there = spawnSync('clang-format', ['--version']).status === 0;

test('C++ files are formatted by .clang-format', { skip: !there && 'no clang-format here' }, () => {
  const sources = (folder) => fs.readdirSync(`${top}${folder}`, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .flatMap((entry) => entry.isDirectory() ? sources(`${folder}/${entry.name}`) : `${folder}/${entry.name}`)
    .filter((name) => /\.[ch]pp$/.test(name));
  const files = ['tl', 'mtproto', 'server', 'tests'].flatMap(sources);
  const { status, stderr } = spawnSync('clang-format', ['--dry-run', '--Werror', ...files],
    { cwd: top, encoding: 'utf8', maxBuffer: 64 << 20 });
  assert.equal(status, 0, [...new Set(stderr.match(/^[^:\n]+(?=:)/gm))].join('\n'));
});
