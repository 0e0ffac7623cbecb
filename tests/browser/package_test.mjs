// The npm package of client.js as others use it: TypeScript's strictest, Node, Deno, Bun, and a page
// that Vite makes. The program is the one of web/README.md.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Gateway, folder, run, top } from '../e2e/support/gateway.mjs';

const modules = fileURLToPath(new URL('node_modules', import.meta.url));
const bin = (name) => path.join(modules, '.bin', name);
// As it is without its installer, which npm ci does not run here.
const bun = path.join(modules, `@oven/bun-linux-${process.arch === 'arm64' ? 'aarch64' : 'x64'}/bin/bun`);
const at = folder({ after });
const written = (name, text) => fs.writeFileSync(path.join(at, name), text);
let gateway, program;

// What Vite makes, from an origin of its own.
const site = http.createServer((request, response) => {
  const file = path.join(at, 'dist', request.url === '/' ? 'index.html' : path.normalize(request.url));
  response.setHeader('Content-Type', file.endsWith('.js') ? 'text/javascript' : 'text/html');
  fs.createReadStream(file).on('error', () => response.writeHead(404).end()).pipe(response);
});
const origin = () => `http://localhost:${site.address().port}`;

before(async () => {
  await once(site.listen(0, '127.0.0.1'), 'listening');
  gateway = await Gateway.start(['--sandbox', '--allow-origin', origin()]);
  const packed = await run(process.execPath, [path.join(top, 'web/pack.mjs'), `http://127.0.0.1:${gateway.port}`], { cwd: at });
  assert.equal(packed.status, 0, packed.stderr);
  written('package.json', '{"type":"module"}');
  const [file] = fs.readdirSync(at).filter((name) => name.endsWith('.tgz'));
  const installed = await run('npm', ['install', '--offline', '--no-audit', `./${file}`], { cwd: at });
  assert.equal(installed.status, 0, installed.stderr);
  program = /```ts\n\/\/ hello\.ts\n([^]*?)```/.exec(fs.readFileSync(path.join(top, 'web/README.md'), 'utf8'))[1];
  written('hello.ts', program.replace('connect<Methods>()', `connect<Methods>('tcp://127.0.0.1:${gateway.port}')`));
});
after(() => Promise.all([gateway.close(), new Promise((resolve) => site.close(resolve))]));

async function compiled(text, ...more) {
  written('use.ts', text);
  const args = ['--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext', ...more];
  return (await run(bin('tsc'), [...args, 'use.ts'], { cwd: at })).stdout;
}

test("the layer's types hold under --strict, and tell what is wrong", async () => {
  assert.equal(await compiled(program, '--noEmit'), '');
  const wrong = await compiled(program.replace('dc.this_dc.toFixed()', 'dc.this_dc.toLowerCase()').replace('help.getNearestDc', 'help.getNearestDC'), '--noEmit');
  assert.match(wrong, /use\.ts\(\d+,\d+\): error TS2345/);
});

for (const [name, command] of Object.entries({
  Node: [process.execPath, 'hello.js'],
  Deno: [bin('deno'), 'run', '--allow-net', '--allow-env', 'hello.js'],
  Bun: [bun, 'hello.ts'],
})) {
  test(`${name} runs it`, async () => {
    if (command.at(-1) === 'hello.js') {
      assert.equal(await compiled(fs.readFileSync(path.join(at, 'hello.ts'), 'utf8')), '');
      fs.renameSync(path.join(at, 'use.js'), path.join(at, 'hello.js'));
    }
    const { status, stdout, stderr } = await run(command[0], command.slice(1), { cwd: at, env: { DENO_NO_UPDATE_CHECK: '1', DENO_DIR: path.join(at, 'deno') } });
    assert.deepEqual([status, stdout], [0, 'aq 2\n'], stderr);
  });
}

test('a page that Vite makes of it calls through a gateway elsewhere', async (t) => {
  written('index.html', '<!doctype html><title>one moment</title><script type="module" src="/page.ts"></script>');
  written('page.ts', program.replace('connect<Methods>()', `connect<Methods>('ws://localhost:${gateway.port}/ws')`)
    .replace('console.log(', 'document.title = ['). replace('toFixed());', "toFixed()].join(' ');"));
  const built = await run(bin('vite'), ['build', '--logLevel', 'error'], { cwd: at });
  assert.equal(built.status, 0, built.stderr + built.stdout);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking'] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${origin()}/`);
  await page.waitForFunction(() => document.title === 'aq 2', null, { timeout: 20_000 });
});
