// client.js in a page from elsewhere, which Chromium keeps from its visitor's own device unless they
// allow it. The page is on loopback, too, and Chromium is told to take it for a public one.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Gateway } from '../e2e/support/gateway.mjs';
import { executable } from './support/browser.mjs';

const client = fs.readFileSync(new URL('../../web/client.js', import.meta.url));
let server, origin, gateway, browser;
before(async () => {
  server = http.createServer((request, response) => {
    const script = request.url === '/client.js';
    response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html');
    response.end(script ? client : '<!doctype html><title>far away</title>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  // Not by a name of loopback: client.js goes by the page's address, as it can't know what the browser was told.
  origin = `http://far.example:${port}`;
  gateway = await Gateway.start(['--sandbox', '--allow-origin', origin]);
  browser = await chromium.launch({
    executablePath: executable,
    args: ['--no-sandbox', '--disable-gpu', `--host-resolver-rules=MAP far.example 127.0.0.1`,
      `--ip-address-space-overrides=127.0.0.1:${port}=public`, `--unsafely-treat-insecure-origin-as-secure=${origin}`],
  });
});
after(async () => {
  await browser.close();
  await gateway.close();
  server.close();
});

async function open(t, prepare = async () => {}) {
  const context = await browser.newContext();
  t.after(() => context.close());
  await prepare(context);
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  return page;
}

// What connect() came to, and all that was told meanwhile.
const connecting = (page, options = {}) =>
  page.evaluate(async ([url, more]) => {
    const { connect } = await import('/client.js');
    const events = [];
    const on = { connection: ({ state, waits_for, reason }) => events.push({ state, waits_for, reason }) };
    const ended = connect(url, { ...more, on }).then((tg) => tg.call('help.getNearestDc'), (error) => ({ error: error.message }));
    const late = new Promise((resolve) => setTimeout(() => resolve('nothing yet'), 5000));
    return { came: await Promise.race([ended, late]), events };
  }, [`ws://localhost:${gateway.port}`, options]);

test('a page whose visitor refused is told in words what they have to allow', async (t) => {
  const page = await open(t);
  const { came } = await connecting(page);
  assert.match(came.error, /allow it in the settings of this site/);
});

test('a page whose visitor allows it reaches the gateway', async (t) => {
  const page = await open(t, (context) => context.grantPermissions(['local-network-access'], { origin }));
  const { came } = await connecting(page);
  assert.equal(came._cons, 'nearestDc');
});

test('while the visitor is asked, the page is told so, and the client does not give up', async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    navigator.permissions.query = async () => ({ state: 'prompt' });
    window.WebSocket = class {
      close() {}
    };
  });
  const { came, events } = await connecting(page, { timeout: 1 });
  assert.equal(came, 'nothing yet');
  assert.deepEqual(events.map(({ state, waits_for }) => [state, waits_for]), [['connecting', undefined], ['connecting', 'visitor']]);
  assert.match(events[1].reason, /other apps and services on this device/);
});

test('where nobody is asked, a gateway that is not there is told as before', async (t) => {
  const page = await open(t, (context) => context.grantPermissions(['local-network-access'], { origin }));
  const { came } = await page.evaluate(async () => {
    const { connect } = await import('/client.js');
    return { came: await connect('ws://localhost:9').catch((error) => error.message) };
  });
  assert.match(came, /no connection$/);
});
