// A gateway that wants a token: the console asks for it and then works, all of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folder } from '../e2e/support/gateway.mjs';
import { Console, signIn } from './support/browser.mjs';

const token = 'a-token-for-the-browser-tests-0123456789';
let site;
const place = folder();
before(async () => {
  const file = path.join(place, 'tokens');
  fs.writeFileSync(file, `browser:${token}\n`, { mode: 0o600 });
  site = await Console.start(['--sandbox', '--token-file', file]);
});
after(async () => {
  await site.close();
  fs.rmSync(place, { recursive: true });
});

const field = (page) => page.getByRole('dialog').getByLabel('Token');

test('a wrong token is told so, the right one opens everything', async (t) => {
  const page = await site.window(t);
  await field(page).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.type), 'password');
  await page.keyboard.press('Escape'); // nothing is behind it
  await field(page).fill('not-the-token');
  await page.keyboard.press('Enter');
  await page.locator('dialog .problem:not([hidden])').waitFor();
  assert.match(await page.locator('dialog .problem').textContent(), /token/i);
  await field(page).fill(token);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await signIn(page, 'Ada');
  await page.goto(`${site.url}#explorer/help.getConfig`);
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.result .cons', { hasText: /^config$/ }).waitFor();
  for (const name of ['nc', 'curl', 'JavaScript']) {
    if (name === 'nc') await page.locator('summary', { hasText: 'Copy as' }).click();
    await page.getByRole('button', { name, exact: true }).click();
    const text = await page.getByLabel('The request to copy').textContent();
    assert.match(text, /STREAMJSON_TOKEN/);
    assert.ok(!text.includes(token));
  }
});

test('the token lasts as long as the tab and is never in an address', async (t) => {
  const asked = [];
  const page = await site.window(t, {
    prepare: (page) => page.on('request', (request) => asked.push(request.url())),
  });
  await field(page).fill(token);
  await page.keyboard.press('Enter');
  await page.locator('.offered button').first().waitFor();
  await page.reload();
  await page.locator('.offered button').first().waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
  assert.ok(!(await page.evaluate(() => JSON.stringify({ ...localStorage }))).includes(token));
  assert.ok(asked.every((url) => !url.includes(token)));
  const other = await site.window(t);
  await field(other).waitFor();
});

test('the wire does not show the token', async (t) => {
  const page = await site.window(t);
  await field(page).fill(token);
  await page.keyboard.press('Enter');
  await page.locator('.offered button').first().waitFor();
  await page.goto(`${site.url}#wire`);
  await page.locator('.wire-row summary').first().click();
  assert.ok(!(await page.locator('.wire-list').textContent()).includes(token));
});
