// scheme/changes.mjs says what a new layer changes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../scheme/changes.mjs', import.meta.url));

function changes(t, before, after) {
  const folder = mkdtempSync(join(tmpdir(), 'changes-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [from, to] = [join(folder, 'old.tl'), join(folder, 'new.tl')];
  writeFileSync(from, before);
  writeFileSync(to, after);
  return execFileSync('node', [program, from, to], { encoding: 'utf8' }).trim().split('\n');
}

test('a new layer is told in words: what was added, removed and changed', (t) => {
  assert.deepEqual(changes(t, `// LAYER 1
user#1 id:long name:string = User;
chat#2 id:long = Chat;
---functions---
users.get#3 id:long = User;
users.drop#4 flags:# id:long = Bool;
`, `// LAYER 2
user#5 flags:# id:long name:flags.0?string = User;
note#6 text:string = Note;
---functions---
users.get#3 id:long = User;
users.drop#7 flags:# id:long = User;
notes.get#8 = Vector<Note>;
`), [
    'Layer 1 → 2',
    '1 method added:', '  notes.get',
    '1 method changed:', '  users.drop: it was a Bool and is a User',
    '1 constructor added:', '  note',
    '1 constructor removed:', '  chat',
    '1 constructor changed:', '  user: flags:# is new; name was string and is flags.0?string',
  ]);
});

test('where nothing has changed that is said', (t) => {
  const scheme = '// LAYER 3\nuser#1 id:long = User;\n';
  assert.deepEqual(changes(t, scheme, scheme), ['Layer 3 as before', 'Nothing in it has changed.']);
});

test('another order of fields is a change', (t) => {
  const [, , line] = changes(t, 'a#1 x:int y:int = A;\n', 'a#2 y:int x:int = A;\n');
  assert.equal(line, '  a: its fields stand in another order');
});
