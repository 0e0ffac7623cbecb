// Schemes of many layers, out of the packages of other libraries: each parses, its ids are what its
// texts give, and all its objects come there and back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const top = join(here, '..', '..');
const build = process.env.STREAMJSON_BUILD ?? join(top, 'build');
const kept = join(here, 'node_modules');  // where git and editors expect what others wrote

const packages = JSON.parse(readFileSync(join(here, 'packages.json'), 'utf8'));

function fetched({ package: name, integrity }) {
  const file = join(kept, `${name.replace(/^@/, '').replace(/[/@]/g, '-')}.tgz`);
  if (!existsSync(file)) {
    mkdirSync(kept, { recursive: true });
    execFileSync('npm', ['pack', name, '--silent', '--pack-destination', kept], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const hash = createHash('sha512').update(readFileSync(file)).digest('base64');
  assert.equal(`sha512-${hash}`, integrity, `${file} is not the package that was pinned`);
  const folder = file.replace(/\.tgz$/, '');
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['xzf', file, '-C', folder, '--strip-components=1']);
  return folder;
}

// GramJS keeps the scheme as text, in a module or in a file, and its layer beside it.
function fromGramjs(folder, output) {
  const file = join(folder, 'tl', 'static', 'api.tl');
  const text = existsSync(file)
    ? readFileSync(file, 'utf8') : createRequire(import.meta.url)(join(folder, 'tl', 'apiTl.js'));
  const [, layer] = /exports\.LAYER = (\d+)/.exec(readFileSync(join(folder, 'tl', 'AllTLObjects.js'), 'utf8'));
  writeFileSync(join(output, 'api.tl'), `// LAYER ${layer}\n${text}`);
}

// mtcute keeps it as JSON, some ids among it that nobody computes.
function fromMtcute(folder, output) {
  if (!existsSync(join(folder, 'tl'))) {
    mkdirSync(join(folder, 'tl'));
    writeFileSync(join(folder, 'tl', 'api-schema.json'), readFileSync(join(folder, 'api-schema.json')));
  }
  execFileSync('node', [join(top, 'scheme', 'make_api_tl.mjs'), folder, output, '--keep-ids']);
}

for (const entry of packages) {
  test(`layer ${entry.layer}, of ${entry.package}`, () => {
    const folder = fetched(entry);
    const output = join(folder, 'made');
    mkdirSync(output, { recursive: true });
    (entry.package.startsWith('telegram@') ? fromGramjs : fromMtcute)(folder, output);
    const said = execFileSync(join(build, 'tests', 'scheme-check'), [join(output, 'api.tl')], { encoding: 'utf8' });
    const [, layer, ids, others, objects] =
      /layer (\d+), (\d+) ids from their texts, (\d+) others, (\d+) objects there and back/.exec(said).map(Number);
    assert.equal(layer, entry.layer);
    assert.ok(ids > 1300 && others < 10, said);
    // In two notations, with all flags and with none; Bool and true have words of their own.
    assert.ok(objects >= 4 * (ids + others - 3), said);
  });
}
