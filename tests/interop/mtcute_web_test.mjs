// @mtcute/web in headless Chromium: WebSocket from a browser, the session kept there.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { Client } from '../e2e/support/client.mjs';
import { packages, withVersion } from './support/packages.mjs';
import { Sandbox } from './support/sandbox.mjs';
import { mtcuteWebLayer } from './support/schemes.mjs';
import { Table } from './support/table.mjs';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const table = new Table();
const transport = 'WebSocket, intermediate, obfuscated';
const row = table.row(withVersion('@mtcute/web'), mtcuteWebLayer, transport);
let sandbox, site, browser, address;

before(async () => {
  sandbox = await Sandbox.start();
  const { outputFiles: [script] } = await build({
    entryPoints: [fileURLToPath(new URL('support/page.js', import.meta.url))],
    bundle: true, format: 'esm', platform: 'browser', write: false, logLevel: 'error' });
  const wasm = path.join(packages, '@mtcute/web/node_modules/@mtcute/wasm');
  const files = {
    '/': ['text/html', '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'],
    '/page.js': ['text/javascript', Buffer.from(script.contents)],
    '/mtcute.wasm': ['application/wasm', readFileSync(path.join(wasm, 'mtcute.wasm'))],
    '/mtcute-simd.wasm': ['application/wasm', readFileSync(path.join(wasm, 'mtcute-simd.wasm'))],
  };
  site = createServer((request, response) => {
    const [type, body] = files[request.url] ?? ['text/plain', ''];
    response.writeHead(files[request.url] ? 200 : 404, { 'Content-Type': type }).end(body);
  });
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
  address = `http://localhost:${site.address().port}/`;
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu',
    '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--disable-extensions'] });
});
after(async () => {
  await browser?.close();
  site?.close();
  await sandbox?.close();
  table.close('mtcute_web');
});

// A browser profile of its own, closed at the end of the test.
async function profile(t) {
  const context = await browser.newContext();
  t.after(() => context.close());
  return context;
}

async function outsider(context, options = {}) {
  const page = await context.newPage();
  page.on('pageerror', (error) => console.log(`page: ${error.stack}`));
  await page.goto(address);
  await page.waitForFunction(() => window.outsider);
  const call = (method, arg) => page.evaluate(([name, given]) => window.outsider[name](given), [method, arg]);
  await call('open', { port: sandbox.dcs[2], key: sandbox.publicKey, session: 'outsider', ...options });
  return { page, call };
}

async function live(t) {
  const context = await profile(t);
  const { page, call } = await outsider(context);
  assert.equal(await call('signIn', { phone: '9996620001' }), 'Ada');
  row.did('code');
  const names = await call('dialogs');
  assert.ok(names.length >= 3, names.join());
  row.did('dialogs');
  assert.deepEqual(await call('echo', 'hello from a page'), { sent: 'hello from a page', heard: 'echobot' });
  row.did('send', 'update');
  await page.close();

  const again = await outsider(context);
  assert.equal(await again.call('whoAmI'), 'Ada');
  row.did('come back');
  await again.call('signOut');
  await again.page.close();
  const gone = await outsider(context);
  await assert.rejects(gone.call('whoAmI'), /The key is not registered in the system/);
  row.did('sign out');
}

test('a session from sign-in to sign-out', { timeout: 40_000 }, async (t) => {
  assert.deepEqual(await sandbox.listen(() => live(t)), [transport]);
});

test('signs in with a two-step password', { timeout: 40_000 }, async (t) => {
  const { call } = await outsider(await profile(t));
  assert.equal(await call('signIn', { phone: '9996620002', password: 'sandbox' }), 'Grace');
  row.did('password');
});

test('comes to the test environment by its place', { timeout: 40_000 }, async (t) => {
  for (const testMode of [false, true]) {
    const { call } = await outsider(await profile(t), { testMode });
    assert.deepEqual(await call('config'), { thisDc: 2, testMode });
  }
});

test('signs in as a bot', { timeout: 40_000 }, async (t) => {
  const { call } = await outsider(await profile(t));
  assert.equal(await call('signInAsBot', '1000001:sandbox-echobot'), 'echobot');
  row.did('bot');
});

test('shows a code that the gateway\'s client scans', { timeout: 40_000 }, async (t) => {
  const scanner = await Client.connect(sandbox.gateway.port);
  t.after(() => scanner.close());
  await scanner.signIn('9996620001');
  const { page, call } = await outsider(await profile(t));
  await page.exposeFunction('scan', async (url) => {
    const token = Buffer.from(url.split('token=')[1], 'base64url').toString('base64');
    await scanner.call({ _cons: 'auth.acceptLoginToken', token });
  });
  assert.equal(await call('signInQr'), 'Ada');
  row.did('QR');
});
