// The architecture: which room may include what. CMake's link lines hold most of these walls; this
// reads the #include lines and holds all.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('..', import.meta.url));

// What is not ours.
const std = /^<[a-z_0-9]+>$/;
const json = /^<boost\/(json|system)[./]/;
const error = /^<boost\/system\//;
const asio = /^<boost\/(asio|system|beast|optional)[./]/;
const posix = /^<((sys|netinet|arpa|net|linux|linux\/sched)\/)?[a-z_]+\.h>$/;
const openssl = /^<openssl\//;
const sqlite = /^<sqlite3\.h>$/;
const libpq = /^<libpq-fe\.h>$/;
const log = /^<spdlog\//;

// From the ground up: a room may include those it names, which stand above it in this table, and
// itself. `ours`: rooms, or single files of one.
const any = [std, asio, json, posix, openssl];
const rooms = [
  { room: 'tl', ours: '', others: [std, json, /^<[et]mmintrin\.h>$/] },
  { room: 'mtproto', ours: 'tl', others: [std, error, openssl, /^<(libdeflate|zlib|sys\/mman|unistd|cpuid|immintrin)\.h>$/] },

  // What every room below counts with and speaks in.
  { room: 'server/metering', ours: '', others: [std] },
  { room: 'server/protocol', ours: 'tl mtproto server/metering', others: [std] },

  // Bytes to and from Telegram; the operator's logs, doors and options.
  { room: 'server/upstream', ours: 'tl mtproto server/metering', others: [std, asio, posix] },
  { room: 'server/logs', ours: 'tl mtproto/time.hpp server/protocol/long_text.hpp server/upstream', others: [std, json, posix, log] },
  { room: 'server/access', ours: 'tl mtproto server/logs server/protocol', others: any },
  { room: 'server/store', ours: 'tl mtproto/crypto/auth_key.hpp mtproto/crypto/secret.hpp mtproto/crypto/system_random.hpp ' +
      'server/access/regular_file.hpp server/access/secret_file.hpp', others: [std, asio, posix, openssl, sqlite, libpq] },
  { room: 'server/webhooks', ours: 'tl mtproto/crypto/hmac.hpp mtproto/crypto/secret.hpp mtproto/crypto/sha.hpp ' +
      'server/access/authority.hpp server/logs server/protocol server/store server/upstream', others: [std, asio] },
  { room: 'server/cluster', ours: 'mtproto/time.hpp server/logs/logger.hpp server/store server/upstream/pump.hpp', others: [std, asio] },
  { room: 'server/config', ours: 'tl mtproto server/access server/upstream', others: [std, asio, posix] },

  // An account's half, a client's half, and what is made of a scheme.
  { room: 'server/account', ours: 'tl mtproto server/config/options.hpp server/logs/logger.hpp server/metering ' +
      'server/protocol server/upstream', others: any },
  { room: 'server/named', ours: 'tl mtproto server/account server/cluster server/logs server/metering server/protocol ' +
      'server/store server/upstream/event_loop_turn.hpp server/webhooks', others: any },
  { room: 'server/connection', ours: 'tl mtproto server/account server/config server/logs server/metering server/named server/protocol ' +
      'server/store/account_table.hpp server/store/store_error.hpp server/upstream', others: any },
  { room: 'server/docs', ours: 'tl server/account/migration.hpp server/config/schemes.hpp server/protocol/only_reads.hpp', others: [std, json] },
  { room: 'server/site', ours: 'tl mtproto server/config server/docs server/metering', others: [std, posix] },

  // All of that in one process, and how clients speak with it.
  { room: 'server/gateway', ours: 'tl mtproto server/access server/account server/cluster/node_leases.hpp server/cluster/share.hpp server/config server/connection server/logs ' +
      'server/metering server/named server/protocol server/site server/store/store_thread.hpp server/store/unix_ms.hpp server/upstream', others: any },
  { room: 'server/channel', ours: 'tl mtproto server/access server/gateway server/logs server/metering server/protocol server/upstream', others: any },
  { room: 'server/importer', ours: 'mtproto/crypto/secret.hpp server/metering', others: [std, asio, posix] },
  { room: 'server/http', ours: 'tl mtproto/crypto/sha.hpp mtproto/time.hpp server/access server/account server/channel server/config/schemes.hpp server/connection/account_attribute.hpp server/store/account_table.hpp server/store/unix_ms.hpp server/store/webhook_table.hpp server/webhooks/standard_webhook.hpp server/webhooks/webhook_address.hpp server/gateway ' +
      'server/importer server/logs server/protocol server/site server/upstream', others: [...any, /^<qrencode\.h>$/] },

  // The programs; what other people's programs left on disk.
  { room: 'server/session_files', ours: 'tl mtproto server/access/regular_file.hpp', others: [std, posix, openssl, sqlite] },
  { room: 'server/signin_cli', ours: 'tl mtproto/crypto/secret.hpp server/access/token_file.hpp server/account/session_line.hpp ' +
      'server/config server/logs/terminal_text.hpp server/session_files',
    others: [std, asio, posix, openssl] },
  { room: 'server/store_cli', ours: 'tl server/access server/account/session_line.hpp server/config server/logs/terminal_text.hpp ' +
      'server/store', others: [std, posix] },
  { room: 'server/sandbox', ours: 'tl mtproto server/config/options.hpp server/channel/memory_stream.hpp ' +
      'server/logs/logger.hpp server/upstream/pump.hpp server/upstream/token.hpp server/upstream/work_pool.hpp', others: any },
  { room: 'server/process', ours: 'tl mtproto server/access server/account server/channel server/cluster/node_leases.hpp server/config server/gateway server/http ' +
      'server/logs server/store server/upstream', others: any },
  { room: 'server/main.cpp', ours: 'server/access server/config server/gateway server/logs server/process server/sandbox server/store_cli', others: any },
];

function* sources(folder) {
  for (const entry of fs.readdirSync(path.join(top, folder), { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* entry.name === 'node_modules' ? [] : sources(name);
    else if (/\.[ch]pp$/.test(name)) yield name;
  }
}

const all = ['tl', 'mtproto', 'server'].flatMap((folder) => [...sources(folder)]);
const text = (file) => fs.readFileSync(path.join(top, file), 'utf8');
const includes = (file) => [...text(file).matchAll(/^[ \t]*#[ \t]*include[ \t]*(["<][^">]+[">])/gm)].map((found) => found[1]);
const words = (list = '') => list.split(' ').filter(Boolean);
const names = rooms.map(({ room }) => room);
const roomOf = (file) => names.filter((room) => `${file}/`.startsWith(`${room}/`)).sort((a, b) => b.length - a.length)[0];

// Rooms and files of ours that a room may include.
const allowed = ({ room, ours }) => [room, ...words(ours)];
const fits = (include, place) => (place.endsWith('.hpp') ? include === place : roomOf(include) === place);

for (const entry of rooms) {
  test(`${entry.room} includes what it may`, () => {
    const files = all.filter((file) => roomOf(file) === entry.room);
    assert.ok(files.length > 0);
    const wrong = files.flatMap((file) => includes(file).filter((name) => name.startsWith('"')
      ? !allowed(entry).some((place) => fits(name.slice(1, -1), place))
      : !entry.others.some((pattern) => pattern.test(name))).map((name) => `${file}: ${name}`));
    assert.deepEqual(wrong, []);
  });
  test(`${entry.room} needs all that it may include`, () => {
    const used = all.filter((file) => roomOf(file) === entry.room).flatMap(includes).map((name) => name.slice(1, -1));
    const idle = words(entry.ours).filter((place) => !used.some((name) => fits(name, place)));
    assert.deepEqual(idle, []);
  });
}

test('a room includes those above it in the table, so that no two include each other, nor three in a ring', () => {
  const wrong = rooms.flatMap(({ room, ours }, at) => words(ours)
    .filter((place) => !names.slice(0, at).includes(roomOf(place))).map((place) => `${room}: ${place}`));
  assert.deepEqual(wrong, []);
});

test('each folder of server/ with sources is a room of the table', () => {
  const folders = fs.readdirSync(path.join(top, 'server'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory()).map(({ name }) => `server/${name}`)
    .filter((folder) => !sources(folder).next().done);
  assert.deepEqual(folders.filter((folder) => !names.includes(folder)), []);
});

test('a header is included once', () => {
  const bare = all.filter((file) => file.endsWith('.hpp') && !/^#pragma once$/m.test(text(file)));
  assert.deepEqual(bare, []);
});

test('what tests take from Catch2 is in both of its versions', () => {
  const wrong = [...sources('tests')].filter((file) => file !== 'tests/support/contains.hpp' &&
    (includes(file).some((name) => name.startsWith('<catch2/') && name !== '<catch2/catch.hpp>' && !file.includes('/catch3/')) ||
      /\bCatch::(Matchers::(Contains|Message)|Contains|Equals|StartsWith|EndsWith|Matches|Message|Predicate)\b/.test(text(file))));
  assert.deepEqual(wrong, []);
});
