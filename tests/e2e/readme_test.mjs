// README.md, server/API.md and server/FROM_OTHER_LIBRARIES.md tell the truth: their examples are run.
// In a block of kind `json`, a line "→ …" is sent and a line "← …" is what must come back, where
// "…" stands for anything. `json as=PHONE` means a connection that signed in as that account. In a
// block of kind `console`, lines after "$ " are commands, "Code: 22222" is typed, others are shown.
// What follows events (`curl -sN`) does so for two seconds.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, build, run, signinCli, streamjson, top } from './support/gateway.mjs';

let gateway;
// As server/run starts it.
before(async () => (gateway = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:'])));
after(() => gateway.close());

const passwords = { 9996620002: 'sandbox' };
const pattern = (text) => new RegExp(`^${text.split('…')
  .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 's');

function blocks(file) {
  const found = [];
  let block = null;
  for (const [i, line] of fs.readFileSync(path.join(top, file), 'utf8').split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (!fence) block?.lines.push(line);
    else if (block) block = void found.push(block);
    else block = { where: `${file}:${i + 1}`, info: fence[1], lines: [] };
  }
  return found;
}

for (const file of ['README.md', 'server/API.md', 'server/FROM_OTHER_LIBRARIES.md']) {
  for (const { where, info, lines } of blocks(file)) {
    const kind = /^\w*/.exec(info)[0];
    const as = /as=(\d+)/.exec(info)?.[1];
    if (kind === 'json') test(`${where}: the exchange is as shown`, () => exchange(lines, as));
    if (kind === 'console') test(`${where}: the commands do what is shown`, () => commands(lines));
  }
}

async function exchange(lines, as) {
  const client = await Client.connect(gateway.port);
  try {
    if (as) await client.signIn(as, { password: passwords[as] });
    client.received.length = 0;
    for (const line of lines) {
      const sent = /^→ (.*)$/.exec(line)?.[1], expected = /^← (.*)$/.exec(line)?.[1];
      assert.ok(sent || expected, `neither → nor ←: ${line}`);
      if (sent) client.send(`${sent}\n`);
      else await client.line((_, text) => pattern(expected).test(text), `line like ${expected}`);
    }
  } finally {
    client.close();
  }
}

async function commands(lines) {
  const here = (text) => text.replaceAll('1543', `${gateway.port}`)
    .replace('build/signin-cli', `${build.replaceAll(' ', '\\ ')}/signin-cli --port ${gateway.port}`);
  const steps = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) steps.push({ command: here(line.slice(2)), input: '', expected: [] });
    else if (/^(Code|Password|Phone): /.test(line)) steps.at(-1).input += `${line.split(': ')[1]}\n`;
    else if (line) steps.at(-1).expected.push(here(line));
  }
  for (const { command, input, expected } of steps) {
    const follows = command.startsWith('curl -sN ');
    const { status, stdout, stderr } = await run('bash', ['-c', follows ? `timeout 2 ${command}` : command], { input, cwd: top });
    assert.equal(status, follows ? 124 : 0, `${command}\n${stderr}`);
    const shown = stdout.split('\n');
    for (const line of expected) {
      assert.ok(shown.some((text) => pattern(line).test(text)), `${command}\nshould show ${line}\nshowed ${stdout}${stderr}`);
    }
  }
}

test('the options in README.md are what --help prints', async () => {
  const readme = fs.readFileSync(path.join(top, 'README.md'), 'utf8');
  for (const program of [streamjson, signinCli]) {
    const { stdout } = await run(program, ['--help']);
    for (const [option] of stdout.matchAll(/--[a-z][a-z-]+/g)) {
      assert.ok(readme.includes(option), `README.md says nothing of ${path.basename(program)} ${option}`);
    }
    const known = new Set((await Promise.all([streamjson, signinCli].map((p) => run(p, ['--help']))))
      .flatMap(({ stdout: text }) => text.match(/--[a-z][a-z-]+/g)));
    for (const [, option] of readme.matchAll(/^ *`?(--[a-z][a-z-]+)/gm)) {
      assert.ok(known.has(option), `README.md invents ${option}`);
    }
  }
});
