// A named account's updates in a page: the browser's own EventSource.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keep, say } from '../e2e/support/named.mjs';
import { Relay } from '../e2e/support/relay.mjs';
import { Console } from './support/browser.mjs';

let site;
before(async () => {
  site = await Console.start(['--sandbox', '--store', 'sqlite::memory:']);
  await keep(site.gateway);
});
after(() => site.close());

// Listens in the page; what it has heard is read from there.
const listen = (page, at) => page.evaluate((url) => {
  window.heard = [];
  const source = new EventSource(url);
  source.addEventListener('update', ({ data, lastEventId }) => window.heard.push([Number(lastEventId), JSON.parse(data)]));
  return new Promise((resolve) => source.addEventListener('open', resolve, { once: true })).then(() => true);
}, at);
const texts = (heard) => heard.flatMap(([, { message }]) => message.updates ?? [])
  .filter((u) => u._cons === 'updateNewMessage').map((u) => u.message.message);
async function hears(page, count) {
  await page.waitForFunction((n) => window.heard.flatMap(([, { message }]) => message.updates ?? [])
    .filter((u) => u._cons === 'updateNewMessage').length >= n, count);
  return page.evaluate(() => window.heard);
}

test('an EventSource in a page of the gateway hears what comes', async (t) => {
  const page = await site.window(t);
  await listen(page, '/api/v1/ada/events');
  for (const text of ['one', 'two']) await say(site.gateway, text);
  const heard = await hears(page, 2);
  assert.deepEqual(texts(heard), ['one', 'two']);
  for (const [id, { update_seq }] of heard) assert.equal(id, update_seq);
});

test('an EventSource that loses its connection comes again by itself and misses nothing', async (t) => {
  const relay = new Relay();
  await relay.listen(site.gateway.port);
  t.after(() => relay.close());
  const page = await site.browser.newPage(); // unwatched: its address is the relay's
  t.after(() => page.close());
  await page.goto(`http://localhost:${relay.port}/`);
  await listen(page, '/api/v1/ada/events');
  await say(site.gateway, 'before');
  await hears(page, 1);
  relay.cut();
  await say(site.gateway, 'meanwhile');
  assert.deepEqual(texts(await hears(page, 2)), ['before', 'meanwhile']);
});
