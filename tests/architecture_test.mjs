// ARCHITECTURE.md, CONTRIBUTING.md and README.md name files and folders: each must be there, and
// ARCHITECTURE.md must name every room of the house.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('..', import.meta.url));
const documents = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md'];
const made = /^(build[\w-]*|tls|node_modules)(\/|$)/; // by a build, by commands that README shows
const notPaths = /^(\d+(\.\d+){3}\/\d+|run\/streamjson\/socket)$/; // a network, a socket elsewhere

function* tree(folder = '') {
  for (const entry of fs.readdirSync(path.join(top, folder), { withFileTypes: true })) {
    if (entry.name === '.git' || made.test(entry.name)) continue;
    yield folder + entry.name;
    if (entry.isDirectory()) yield* tree(`${folder}${entry.name}/`);
  }
}
const paths = new Set(tree());
const names = new Set([...paths].map((one) => path.basename(one)));
const folders = (of) => fs.readdirSync(path.join(top, of), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && paths.has(of + entry.name)).map((entry) => `${of}${entry.name}/`);

// Code spans, fenced and indented blocks, and where links lead: nothing else of a text names files.
function shown(text) {
  const blocks = [...text.matchAll(/^```\w*[^\n]*\n([^]*?)^```$/gm)].map((found) => found[1]);
  const prose = text.replace(/^```[^]*?^```$/gm, '');
  const indented = [...prose.matchAll(/^ {4}.*$/gm)].map(([line]) => line);
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map((found) => found[1]);
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((found) => found[1].replace(/#.*$/, ''))
    .filter((target) => target && !/^\w+:/.test(target));
  return { links, words: [...blocks, ...indented, ...spans].join(' ').split(/[\s`'"(),;|&<>]+/) };
}

// Of the words those that can only be paths of this tree: `folder/file`, or a name with an ending of
// ours. Addresses, routes such as /json, packages such as @mtcute/node are none.
const namesPath = (word) => /^[\w.-]+(\/[\w.*-]+)*\/?$/.test(word) && !made.test(word) && !notPaths.test(word) &&
  (word.includes('/') || /\w\.(cpp|hpp|mjs|cmake|md|sh)$/.test(word));

function isThere(word) {
  const name = word.replace(/^\.\//, '').replace(/\/$/, '');
  if (!name.includes('*')) return paths.has(name) || (!name.includes('/') && names.has(name));
  const pattern = new RegExp(`^${name.split('*').map((part) => part.replaceAll('.', '\\.')).join('[^/]*')}$`);
  return [...paths].some((one) => pattern.test(one));
}

function missing(text) {
  const { links, words } = shown(text);
  return [...new Set([...links, ...words.filter(namesPath)])].filter((word) => !isThere(word));
}

test('a file that is not there is found out, wherever it is named', () => {
  const text = 'A [link](server/gone.md#part), `tl/gone*.hpp`, `tl/gone.cpp`, `gone_test.mjs`, `gone/`,\n\n' +
    '    gone/run --option 10.0.0.0/8 https://example.org/a/b\n\n```sh\nbuild/streamjson tests/gone\n```\n' +
    'but `tl/*.hpp`, `tl/codec.hpp`, `codec.hpp`, `tests/run`, `/json`, `@mtcute/node` and gone/prose are not.';
  assert.deepEqual(missing(text).sort(),
    ['gone/', 'gone/run', 'gone_test.mjs', 'server/gone.md', 'tests/gone', 'tl/gone*.hpp', 'tl/gone.cpp']);
});

for (const document of documents) {
  test(`${document} names only what is there`, () => {
    assert.deepEqual(missing(fs.readFileSync(path.join(top, document), 'utf8')), []);
  });
}

test('ARCHITECTURE.md names every folder of the top level and of server/', () => {
  const text = fs.readFileSync(path.join(top, 'ARCHITECTURE.md'), 'utf8');
  const rooms = [...folders('').filter((folder) => !folder.startsWith('.')), ...folders('server/')];
  assert.deepEqual(rooms.filter((room) => !text.includes(`\`${room}\``)), []);
});
