// The life in the languages that cost little to install, in every notation that fits them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { combinations, due, notations } from './combinations.mjs';
import { Lives, programs } from './life.mjs';
import { top } from '../e2e/support/gateway.mjs';

let lives;
before(async () => (lives = await Lives.begin()));
after(() => lives.end());

// Half of all session ids are so large that some libraries lose them.
const times = 3;

for (const combination of combinations.filter(({ cheap }) => cheap)) {
  for (const notation of notations) {
    const fine = due(combination, notation);
    if (!fine) continue;
    test(`${combination.name} in ${notation}: ${fine.join(' or ')}`, async () => {
      const command = await lives.prepare(combination);
      for (let i = 0; i < times; i++) {
        const end = await lives.live(command, notation);
        assert.ok(fine.includes(end), end);
      }
    });
  }
}

test('the programs are short enough to be read', () => {
  for (const name of fs.readdirSync(programs)) {
    const lines = fs.readFileSync(path.join(programs, name), 'utf8').trimEnd().split('\n').length;
    assert.ok(lines <= 40, `${name} has ${lines} lines`);
  }
});

test('server/API.md has a row for each language and library, whose lines are its program\'s', () => {
  const rows = fs.readFileSync(path.join(top, 'server/API.md'), 'utf8').split('\n').filter((line) => line.startsWith('| '));
  for (const combination of combinations) {
    const row = rows.find((line) => line.startsWith(`| ${combination.name} |`));
    assert.ok(row, combination.name);
    const [, program, notation, lines] = /\| \[`(.*?)`\]\(.*?\) \| `(\w+)` \| (.*) \|$/.exec(row);
    assert.ok(due(combination, notation).includes('written'), `${combination.name} in ${notation}`);
    const text = fs.readFileSync(path.join(programs, program), 'utf8');
    for (const line of lines.split('<br>')) {
      const code = line.replace(/^(`+) ?(.*?) ?\1$/, '$2').replaceAll('\\|', '|');
      assert.ok(text.includes(code), `${program} has no ${code}`);
    }
  }
});
