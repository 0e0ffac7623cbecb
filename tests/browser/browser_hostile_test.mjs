// Pages of other origins against a gateway on loopback: they can neither reach it nor frame it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { Console } from './support/browser.mjs';

let site, evil, port;
before(async () => {
  site = await Console.start();
  // Whatever is asked of it, it answers with an empty page of its own origin.
  evil = http.createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>elsewhere</title>'),
  );
  evil.listen(0, '127.0.0.1');
  await once(evil, 'listening');
  port = evil.address().port;
});
after(async () => {
  evil.close();
  evil.closeAllConnections?.();
  await site.close();
});

const line = '{"id":1,"message":{"_cons":"help.getNearestDc"}}\n';
// What the gateway has carried out of anybody's.
const answered = async () => {
  const text = await (await fetch(`${site.url}metrics`)).text();
  return [...text.matchAll(/^streamjson_requests_total\{.*\} (\d+)$/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
};
// A page of another site; a second port of this machine is the nearest that there is to one.
async function page(t, host = '127.0.0.1') {
  const context = await site.browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`http://${host}:${port}/`);
  return page;
}

// That everything below is refused for where it comes from, and would be heard otherwise.
test("the console's own page can do all of it", async (t) => {
  const own = await site.window(t);
  const before = await answered();
  const text = await own.evaluate(
    async (body) => await (await fetch('/json', { method: 'POST', body })).text(),
    line,
  );
  assert.match(text, /nearestDc/);
  assert.ok((await answered()) > before);
});

for (const host of ['127.0.0.1', 'localhost'])
  test(`a WebSocket is refused to a page of another port of ${host}`, async (t) => {
    const other = await page(t, host);
    const before = await answered();
    const heard = await other.evaluate(
      ([url, body]) =>
        new Promise((resolve) => {
          const got = [];
          const socket = new WebSocket(url);
          socket.onopen = () => (got.push('open'), socket.send(body));
          socket.onmessage = ({ data }) => got.push(data);
          socket.onclose = () => resolve(got);
        }),
      [site.url.replace('http', 'ws') + 'ws', line],
    );
    assert.deepEqual(heard, []);
    assert.equal(await answered(), before);
  });

test('posting by fetch is refused, whatever it pretends to be', async (t) => {
  const other = await page(t);
  const before = await answered();
  for (const init of [
    { mode: 'no-cors', headers: { 'content-type': 'text/plain' } },
    { mode: 'cors', headers: { 'content-type': 'text/plain' } },
    { mode: 'cors', headers: { 'content-type': 'application/json' } },
    { mode: 'no-cors', keepalive: true },
  ]) {
    const got = await other.evaluate(
      async ([url, body, init]) => {
        try {
          return await (await fetch(url, { method: 'POST', body, ...init })).text();
        } catch (error) {
          return `refused: ${error.name}`;
        }
      },
      [site.url + 'json', line, init],
    );
    assert.match(got, /^$|^refused/, JSON.stringify(init)); // an opaque answer is empty
  }
  await other.evaluate(([url, body]) => navigator.sendBeacon(url, body), [site.url + 'json', line]);
  await other.waitForTimeout(300);
  assert.equal(await answered(), before);
});

test('posting by a form is refused', async (t) => {
  const other = await page(t);
  const before = await answered();
  // A text/plain form, written so that its body is a whole line of JSON.
  await other.evaluate(
    ([url, body]) => {
      document.body.innerHTML = `<form method="post" enctype="text/plain" action="${url}"><input name='${body.slice(0, -3)},"@extra":"' value='"}'></form>`;
      document.forms[0].submit();
    },
    [site.url + 'json', line],
  );
  await other.waitForURL(`${site.url}json`);
  assert.match(await other.content(), /"error":"Forbidden"/);
  assert.equal(await answered(), before);
});

test('a frame without an origin is refused', async (t) => {
  const other = await page(t);
  const before = await answered();
  const got = await other.evaluate(
    ([url, body]) =>
      new Promise((resolve) => {
        addEventListener('message', ({ data }) => resolve(data));
        const frame = document.createElement('iframe');
        frame.sandbox = 'allow-scripts allow-forms';
        const told = (promise) => `${promise}.then(() => 'answered', () => 'refused')`;
        frame.srcdoc = `<script>Promise.all([
          ${told(`fetch('${url}json', { method: 'POST', body: '${body}' })`)},
          ${told(`new Promise((yes, no) => {
            const socket = new WebSocket('${url.replace('http', 'ws')}ws');
            socket.onopen = yes; socket.onclose = no; })`)},
        ]).then((all) => parent.postMessage([origin, ...all], '*'))</script>`;
        document.body.append(frame);
      }),
    [site.url, line.trim()],
  );
  assert.deepEqual(got, ['null', 'refused', 'refused']);
  assert.equal(await answered(), before);
});

test('the console is not shown inside a frame', async (t) => {
  for (const host of ['127.0.0.1', 'localhost']) {
    const other = await page(t, host);
    const complaint = other.waitForEvent('console', (message) => /frame/i.test(message.text()));
    await other.evaluate((url) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      document.body.append(frame);
    }, site.url);
    assert.match((await complaint).text(), /frame-ancestors/);
    assert.equal(await other.frames().at(-1).locator('#main').count(), 0);
  }
});

test('scripts of the console are not for other pages', async (t) => {
  const other = await page(t);
  const got = await other.evaluate(
    (url) =>
      import(url).then(
        () => 'loaded',
        (error) => error.name,
      ),
    site.url + 'client.js',
  );
  assert.equal(got, 'TypeError');
  const read = await other.evaluate(
    (url) =>
      fetch(url).then(
        (response) => response.text(),
        (error) => error.name,
      ),
    site.url + 'scheme.json',
  );
  assert.equal(read, 'TypeError');
});
