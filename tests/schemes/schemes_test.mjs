// Schemes of many layers, out of the packages of other libraries: each parses, its ids are what its
// texts give, and all its objects come there and back.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { layerText, table } from '../../scheme/add_layer.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const top = join(here, '..', '..');
const build = process.env.STREAMJSON_BUILD ?? join(top, 'build');
const kept = join(here, 'node_modules');  // where git and editors expect what others wrote

// One of each way in which a package carries it, and those between which much changed.
const layers = [122, 135, 143, 160, 167, 189, 198, 204, 214, 223, 227, 228];

test('the table has each layer once, in their order, with what pins the package', () => {
  assert.ok(table.every(({ layer }, i) => i === 0 || table[i - 1].layer < layer));
  for (const { package: name, integrity } of table) {
    assert.match(name, /^(telegram|teleproto|@mtcute\/(tl|core))@\d+\.\d+\.\d+$/);
    assert.match(integrity, /^sha512-[\w+/]{86}==$/);
  }
});

for (const layer of layers) {
  const entry = table.find((one) => one.layer === layer);
  test(`layer ${layer}, of ${entry.package}`, () => {
    const text = layerText(entry, kept);
    mkdirSync(join(kept, 'layers'), { recursive: true });
    const file = join(kept, 'layers', `layer-${layer}.tl`);
    writeFileSync(file, text);
    const said = execFileSync(join(build, 'tests', 'scheme-check'), [file], { encoding: 'utf8' });
    const [, number, ids, others, objects] =
      /layer (\d+), (\d+) ids from their texts, (\d+) others, (\d+) objects there and back/.exec(said).map(Number);
    assert.equal(number, layer);
    assert.ok(ids > 1200 && others < 10, said);
    // In two notations, with all flags and with none; Bool and true have words of their own.
    assert.ok(objects >= 4 * (ids + others - 3), said);
  });
}

const addLayer = (...args) =>
  spawnSync(join(top, 'scheme', 'add-layer'), args, { encoding: 'utf8', timeout: 60_000 });

test('add-layer puts a layer where the sandbox of that build looks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  try {
    mkdirSync(join(folder, 'scheme'));
    const done = addLayer('198', '--build', folder);
    assert.equal(done.status, 0, done.stderr);
    assert.ok(existsSync(join(folder, 'scheme/layers/layer-198.tl')));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('add-layer names the layers that there are where one is not', () => {
  const done = addLayer('199', '--build', build);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /has layer 199; there are 122, .* 228\./);
});
