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

// `rules`: what axe-core looks for; none where another tour has looked already.
async function look(page, name, rules) {
  if (pictures) {
    await page.waitForTimeout(200);
    await page.screenshot({ path: `${pictures}/${name}.png` });
  }
  if (rules) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(
      (options) => globalThis.axe.run({ resultTypes: ['violations'], ...options }),
      rules,
    );
    assert.deepEqual(
      violations.map(
        ({ id, nodes }) => `${name}: ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
      ),
      [],
    );
  }
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= window, `${name} scrolls sideways: ${wide} > ${window}`);
}

// Every view in turn, in the state in which a person works with it.
async function tour(page, name, rules) {
  await page.locator('.offered button').first().waitFor();
  await look(page, `${name}-signin`, rules);
  await page.getByLabel('Phone number').fill('9996620001');
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('Code', { exact: true }).fill('1');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('.problem:not([hidden])').waitFor();
  await look(page, `${name}-code`, rules);
  await page.getByRole('button', { name: /Start again/ }).click();
  await signIn(page, 'Ada');
  await look(page, `${name}-dialogs`, rules);
  await page.locator('.dialogs a', { hasText: /Grace/ }).first().click();
  await page.locator('.message').first().waitFor();
  await look(page, `${name}-chat`, rules);
  await page.goto(site.url + '#explorer');
  await page.locator('.results a').first().waitFor();
  await look(page, `${name}-explorer`, rules);
  await page.getByLabel('Find a method').fill('send'); // axe-core need not see 800 links again
  await page.goto(site.url + '#explorer/messages.sendMessage');
  await page.getByLabel('peer', { exact: true }).selectOption('inputPeerUser');
  await page.locator('summary', { hasText: 'Copy as' }).click();
  await page.locator('summary', { hasText: 'Possible errors' }).click();
  await look(page, `${name}-method`, rules);
  await page.goto(site.url + '#explorer/users.getUsers');
  await page.getByRole('button', { name: 'Add to id' }).click();
  await page.getByLabel('id 1', { exact: true }).selectOption('me');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.result .tree').waitFor();
  await look(page, `${name}-answer`, rules);
  await page.goto(site.url + '#explorer/messages.getDialogs');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.method:visible .result .tree').waitFor();
  await page.locator('.method:visible').getByLabel('Show as').selectOption('users');
  await look(page, `${name}-table`, rules);
  await page.goto(site.url + '#explorer/recipe:history');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.step-state.good').nth(1).waitFor();
  await page.locator('.recipe summary', { hasText: 'Copy as' }).click();
  await look(page, `${name}-recipe`, rules);
  await page.goto(site.url + '#explorer/runs');
  for (const at of [0, 1]) await page.locator('.runs input').nth(at).check();
  await page.getByRole('button', { name: 'Compare two' }).click();
  await page.locator('.compared table').waitFor();
  await look(page, `${name}-runs`, rules);
  await page.goto(site.url + '#explorer/type:InputPeer');
  await page.locator('.cons-card').first().waitFor();
  await look(page, `${name}-type`, rules);
  await page.goto(site.url + '#wire');
  await page.locator('.wire-row summary').last().click();
  await look(page, `${name}-wire`, rules);
  await page.goto(site.url + '#session');
  await page.locator('.card dl').waitFor();
  await look(page, `${name}-session`, rules);
  await page.getByRole('button', { name: 'Sign out of Telegram' }).click();
  await look(page, `${name}-confirm`, rules);
}

const EVERYTHING = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};
const CONTRAST = { runOnly: ['color-contrast'] };
const LAYOUT = { ...EVERYTHING, rules: { 'color-contrast': { enabled: false } } };
const phone = { width: 360, height: 740 };

for (const [name, rules, options] of [
  ['light', EVERYTHING, { colorScheme: 'light' }],
  ['dark', CONTRAST, { colorScheme: 'dark' }],
  ['narrow', LAYOUT, { colorScheme: 'light', viewport: phone }],
  ...(pictures ? [['narrow-dark', null, { colorScheme: 'dark', viewport: phone }]] : []),
])
  test(`every view is readable: ${name}`, async (t) => tour(await site.window(t, options), name, rules));

// The README's: tests/browser/console.png is this one.
test('the explorer, with a filled form and its answer', async (t) => {
  const page = await site.window(t, { colorScheme: 'light', viewport: { width: 1080, height: 720 } });
  await signIn(page, 'Ada');
  await page.goto(site.url + '#explorer/users.getUsers');
  await page.getByLabel('Find a method').fill('get users');
  for (const [at, who] of ['me', '@name'].entries()) {
    await page.getByRole('button', { name: 'Add to id' }).click();
    await page.getByLabel(`id ${at + 1}`, { exact: true }).selectOption(who);
  }
  await page.getByLabel('id: a name').fill('echobot');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.result .text', { hasText: '"Ada"' }).waitFor();
  assert.equal(await page.locator('.result .cons', { hasText: /^user$/ }).count(), 2);
  await page
    .locator('.result .node .node .node summary, .result .branch > .node:last-child > summary')
    .last()
    .click();
  await page.mouse.move(345, 60);
  await look(page, 'console');
});

test('the whole console is at most 300 KB before the scheme, everything opened', async (t) => {
  const sizes = new Map(); // bytes on the wire, heads and all
  const page = await site.window(t, {
    prepare: async (page) => {
      const devtools = await page.context().newCDPSession(page);
      const urls = new Map();
      devtools.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
      devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
        sizes.set(urls.get(requestId) ?? requestId, encodedDataLength),
      );
      await devtools.send('Network.enable');
    },
  });
  await signIn(page, 'Ada');
  for (const view of ['explorer', 'wire', 'session']) {
    await page.goto(`${site.url}#${view}`);
    await page.locator(`.view.${view}:not([hidden]) h1`).waitFor({ state: 'attached' });
  }
  await page.goto(`${site.url}#explorer/help.getConfig`);
  await page.locator('.method').waitFor();
  const own = [...sizes].filter(([url]) => !/scheme\.json|^blob:/.test(url));
  assert.ok(own.length > 20, [...sizes.keys()].join(' '));
  const bytes = own.reduce((sum, [, size]) => sum + size, 0);
  t.diagnostic(`${bytes} bytes in ${own.length} files`);
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
