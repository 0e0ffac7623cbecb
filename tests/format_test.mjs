// The formatting is clang-format's, wherever the version of it is installed that we go by: each has rules of its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('..', import.meta.url));
const version = 14;
const there = new RegExp(`version ${version}\\.`).test(spawnSync('clang-format', ['--version'], { encoding: 'utf8' }).stdout);

test('C++ files are formatted by .clang-format', { skip: !there && `no clang-format ${version} here` }, () => {
  const sources = (folder) => fs.readdirSync(`${top}${folder}`, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .flatMap((entry) => entry.isDirectory() ? sources(`${folder}/${entry.name}`) : `${folder}/${entry.name}`)
    .filter((name) => /\.[ch]pp$/.test(name));
  const files = ['tl', 'mtproto', 'server', 'tests'].flatMap(sources);
  const { status, stderr } = spawnSync('clang-format', ['--dry-run', '--Werror', ...files],
    { cwd: top, encoding: 'utf8', maxBuffer: 64 << 20 });
  assert.equal(status, 0, [...new Set(stderr.match(/^[^:\n]+(?=:)/gm))].join('\n'));
});
