// The walls of the house: which folder may include what. CMake's link lines hold most of them; this
// reads the #include lines and holds all.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('..', import.meta.url));
const std = /^<[a-z_0-9]+>$/;
const json = /^<boost\/(json|system)[./]/;
const system = /^<((sys|netinet|arpa|net|linux|linux\/sched)\/)?[a-z_]+\.h>$/;
const own = (...folders) => new RegExp(`^"(${folders.join('|')})/`);

// The first folder that fits a file's path says what the file may include.
const walls = [
  ['tl/', [std, json, own('tl'), /^<[et]mmintrin\.h>$/]],
  ['mtproto/', [std, /^<boost\/system\//, own('tl', 'mtproto'), /^<openssl\//,
    /^<(libdeflate|cpuid|immintrin)\.h>$/]],
  ['server/account/', [std, json, own('tl', 'mtproto', 'server/account'),
    /^"server\/config\/options\.hpp"$/, /^<arpa\/inet\.h>$/]],  // which reads addresses, no more
  ['server/upstream/', [std, /^<boost\/(asio|system)[./]/, system, /^<spdlog\//,
    own('tl', 'mtproto', 'server/upstream'), /^"server\/memory_meter\.hpp"$/]],
  ['server/sandbox/', [std, /^<boost\//, system, /^<spdlog\//, /^<openssl\//,
    own('tl', 'mtproto', 'server/sandbox', 'server/upstream'),
    /^"server\/(config\/options|channel\/memory_stream)\.hpp"$/]],
  ['server/main.cpp', [/./]],
  ['server/', [std, system, /^<(boost|spdlog|CLI|openssl)\//, own('tl', 'mtproto', 'server')]],
];
const nobodyElse = [ // beyond the lists above
  { what: 'only server/main.cpp knows both gateway and sandbox', files: /^server\/(?!sandbox\/|main\.cpp)/, include: /^"server\/sandbox\// },
  { what: 'server/account has no socket', files: /^server\/account\//, include: /asio|beast|spdlog/ },
];

function* sources(folder) {
  for (const entry of fs.readdirSync(path.join(top, folder), { withFileTypes: true })) {
    const name = `${folder}${entry.name}`;
    if (entry.isDirectory()) yield* sources(`${name}/`);
    else if (/\.[ch]pp$/.test(name)) yield name;
  }
}

const all = ['tl/', 'mtproto/', 'server/'].flatMap((folder) => [...sources(folder)]);
const includes = (file) => [...fs.readFileSync(path.join(top, file), 'utf8')
  .matchAll(/^[ \t]*#[ \t]*include[ \t]*(["<][^">]+[">])/gm)].map((found) => found[1]);

for (const [folder, allowed] of walls) {
  test(`${folder} includes what it may`, () => {
    const files = all.filter((file) => walls.find(([prefix]) => file.startsWith(prefix))[0] === folder);
    assert.ok(files.length > 0);
    const wrong = files.flatMap((file) => includes(file)
      .filter((name) => !allowed.some((pattern) => pattern.test(name))).map((name) => `${file}: ${name}`));
    assert.deepEqual(wrong, []);
  });
}

for (const { what, files, include } of nobodyElse) {
  test(what, () => {
    const wrong = all.filter((file) => files.test(file))
      .flatMap((file) => includes(file).filter((name) => include.test(name)).map((name) => `${file}: ${name}`));
    assert.deepEqual(wrong, []);
  });
}

test('the sandbox uses nothing of the gateway but the pump, the pool, the stream in memory and the options', () => {
  const wrong = all.filter((file) => file.startsWith('server/sandbox/')).flatMap((file) => includes(file)
    .filter((name) => /^"server\/(?!sandbox\/|config\/options\.hpp|channel\/memory_stream\.hpp|upstream\/(pump|work_pool|borrowed_buffer)\.hpp)/.test(name))
    .map((name) => `${file}: ${name}`));
  assert.deepEqual(wrong, []);
});

test('a header is included once', () => {
  const headers = all.filter((file) => file.endsWith('.hpp'));
  const bare = headers.filter((file) => !/^#pragma once$/m.test(fs.readFileSync(path.join(top, file), 'utf8')));
  assert.deepEqual(bare, []);
});
