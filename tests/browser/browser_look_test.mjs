// How the console looks to everybody: axe-core, narrow windows, both colours, weight.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axeSource, Console, signIn } from './support/browser.mjs';

let site;
before(async () => (site = await Console.start()));
after(() => site.close());

const axe = readFileSync(axeSource, 'utf8');
const pictures = process.env.STREAMJSON_PICTURES; // a folder for what a person would see
if (pictures) mkdirSync(pictures, { recursive: true });

async function look(page, name, t) {
  await page.waitForTimeout(200);
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  assert.deepEqual(
    violations.map(
      ({ id, nodes }) => `${name}: ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
    ),
    [],
  );
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= window, `${name} scrolls sideways: ${wide} > ${window}`);
}

// Every view in turn, in the state in which a person works with it.
async function tour(page, name, t) {
  await page.locator('.offered button').first().waitFor();
  await look(page, `${name}-signin`, t);
  await page.getByLabel('Phone number').fill('9996620001');
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('Code', { exact: true }).fill('1');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('.problem:not([hidden])').waitFor();
  await look(page, `${name}-code`, t);
  await page.getByRole('button', { name: /Start again/ }).click();
  await signIn(page, 'Ada');
  await look(page, `${name}-dialogs`, t);
  await page.locator('.dialogs a', { hasText: /Grace/ }).first().click();
  await page.locator('.message').first().waitFor();
  await look(page, `${name}-chat`, t);
  await page.goto(site.url + '#explorer');
  await page.locator('.results a').first().waitFor();
  await look(page, `${name}-explorer`, t);
  await page.goto(site.url + '#explorer/messages.sendMessage');
  await page.getByLabel('peer', { exact: true }).selectOption('inputPeerUser');
  await page.locator('summary', { hasText: 'Copy as' }).click();
  await page.locator('summary', { hasText: 'Possible errors' }).click();
  await look(page, `${name}-method`, t);
  await page.goto(site.url + '#explorer/users.getUsers');
  await page.getByRole('button', { name: 'Add to id' }).click();
  await page.getByLabel('id 1', { exact: true }).selectOption('me');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.result .tree').waitFor();
  await look(page, `${name}-answer`, t);
  await page.goto(site.url + '#explorer/type:InputPeer');
  await page.locator('.cons-card').first().waitFor();
  await look(page, `${name}-type`, t);
  await page.goto(site.url + '#wire');
  await page.locator('.wire-row summary').last().click();
  await look(page, `${name}-wire`, t);
  await page.goto(site.url + '#session');
  await page.locator('.card dl').waitFor();
  await look(page, `${name}-session`, t);
  await page.getByRole('button', { name: 'Sign out of Telegram' }).click();
  await look(page, `${name}-confirm`, t);
}

for (const [name, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { colorScheme: 'light', viewport: { width: 360, height: 740 } }],
  ['narrow-dark', { colorScheme: 'dark', viewport: { width: 360, height: 740 } }],
])
  test(`every view is readable: ${name}`, async (t) => tour(await site.window(t, options), name, t));

test('the whole console is at most 300 KB before the scheme', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  for (const view of ['explorer', 'wire', 'session']) {
    await page.goto(`${site.url}#${view}`);
    await page.locator(`.view.${view}:not([hidden]) h1`).waitFor({ state: 'attached' });
  }
  const files = await page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
      ({ name, decodedBodySize }) => [name, decodedBodySize],
    ),
  );
  const bytes = files
    .filter(([name]) => !/scheme\.json|^blob:/.test(name))
    .reduce((sum, [, size]) => sum + size, 0);
  assert.ok(bytes > 50_000 && bytes < 300 * 1024, `${bytes} bytes`);
});

test('the colours can be chosen, and stay chosen', async (t) => {
  const page = await site.window(t, { colorScheme: 'light' });
  const paper = () => page.evaluate(() => getComputedStyle(document.body.parentElement).backgroundColor);
  const light = await paper();
  await page.getByRole('button', { name: /^Colours/ }).click();
  await page.getByRole('button', { name: /^Colours/ }).click();
  assert.notEqual(await paper(), light);
  await page.reload();
  await page.getByRole('button', { name: /Colours: dark/ }).waitFor();
  assert.notEqual(await paper(), light);
});
