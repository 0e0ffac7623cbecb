// Every netcat gets its answer and ends by itself, by the line that README.md gives for it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Gateway, folder, patience, run, top } from '../e2e/support/gateway.mjs';
import { ask, line, netcats } from './netcats.mjs';

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.close());

for (const netcat of netcats) {
  test(`${netcat.name}: \`${netcat.shown}\` prints the answer and ends`, async () => {
    const { answered, ended, status, stderr } = await ask(netcat, 'localhost', gateway.port, 15_000 * patience);
    assert.ok(answered, stderr);
    assert.ok(ended, 'it did not end');
    assert.equal(status, 0);
  });
}

test('README.md has the line of each', () => {
  const readme = fs.readFileSync(path.join(top, 'README.md'), 'utf8');
  for (const { shown, name } of netcats) assert.ok(readme.includes(shown), `README.md has no line for ${name}: ${shown}`);
});

// `script` gives the netcat a terminal, as a person has it.
test('a line that a terminal cuts is told so, and comes whole after stty -icanon', async (t) => {
  const file = path.join(folder(t), 'paste');
  fs.writeFileSync(file, `${line.replace('}}', `},"@extra":"${'x'.repeat(6000)}"}`)}\n`);
  const paste = async (before) => {
    const command = `script -qec '${before} nc.openbsd -q 3 -w 8 localhost ${gateway.port}' /dev/null`;
    const { stdout } = await run('bash', ['-c', `(sleep 1; cat ${file}; sleep 3) | ${command}`], { ms: 30_000 * patience });
    return stdout;
  };
  assert.match(await paste(''), /"JSONDecodeError","msg":"the text ends too early, just where terminals cut/);
  assert.match(await paste('stty -icanon;'), /"message":\{"_cons":"nearestDc"/);
});
