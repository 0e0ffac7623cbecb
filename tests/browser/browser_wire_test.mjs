// The wire: what a line says, opening it from the keyboard, and taking it away.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folder, run } from '../e2e/support/gateway.mjs';
import { Console, signIn } from './support/browser.mjs';

let site;
before(async () => (site = await Console.start()));
after(() => site.close());

const rows = (page) => page.locator('.wire-row summary');

test('an update says which it is and of which chat', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await page.goto(site.url + '#wire');
  const grace = await site.person(t, 'grace');
  await grace.call('messages.sendMessage', { peer: '@ada_lovelace', message: 'on the wire' });
  await rows(page)
    .filter({ hasText: /updateNewMessage · Grace Hopper|updateShortMessage · Grace Hopper/ })
    .first()
    .waitFor();
  assert.equal(await page.locator('.wire-row .what', { hasText: /^updates$/ }).count(), 0);
});

test('rows are walked and opened from the keyboard', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await page.goto(site.url + '#wire');
  await rows(page).first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const second = page.locator('.wire-row').nth(1);
  await second.locator('.tree').waitFor();
  assert.equal(await second.evaluate((row) => row.open), true);
  assert.equal(
    await page
      .locator('.wire-row')
      .first()
      .evaluate((row) => row.open),
    false,
  );
});

test('what was asked is saved as lines that nc replays, without secrets', async (t) => {
  const page = await site.window(t, { permissions: ['clipboard-read', 'clipboard-write'] });
  await signIn(page, 'Ada');
  await page.goto(site.url + '#explorer/help.getNearestDc');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('.result .tree').waitFor();
  await page.goto(site.url + '#session');
  const [session] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save session.json' }).click(),
  ]);
  await page.goto(site.url + '#wire');
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  const cwd = folder(t);
  await session.saveAs(path.join(cwd, 'session.json'));
  await saved.saveAs(path.join(cwd, 'wire.jsonl'));
  const text = fs.readFileSync(path.join(cwd, 'wire.jsonl'), 'utf8');
  assert.match(text, /help\.getNearestDc/);
  assert.doesNotMatch(text, /auth_key|signin|22222/);
  await page.locator('#toast.shown', { hasText: 'Copied, to replay it: (cat' }).waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  const { stdout, status } = await run('bash', ['-c', command], { cwd });
  assert.equal(status, 0);
  assert.match(stdout, /"_cons":"nearestDc"/);
  assert.doesNotMatch(stdout, /"error":/);
});
