// Recipes on the page: found, filled in, run step by step, copied.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Console, jpegOf, signIn } from './support/browser.mjs';

let site;
before(async () => (site = await Console.start()));
after(() => site.close());

const run = (page) => page.getByRole('button', { name: 'Run', exact: true }).click();
const stepsDone = (page, count) =>
  page
    .locator('.step-state.good')
    .nth(count - 1)
    .waitFor();

test('a photo is sent by the recipe, and another one downloads it', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await page.goto(site.url + '#explorer');
  await page.getByLabel('Find a method').fill('send a picture');
  await page.keyboard.press('Enter');
  await page.locator('h2', { hasText: 'Send a photo' }).waitFor();
  await run(page);
  await page.locator('.recipe .problem', { hasText: 'Choose a file first' }).waitFor();
  const jpeg = await jpegOf(page);
  await page.getByLabel('Photo').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: jpeg });
  await run(page);
  await stepsDone(page, 2);
  await page.goto(site.url + '#explorer/recipe:download');
  const [download] = await Promise.all([page.waitForEvent('download'), run(page)]);
  assert.equal(download.suggestedFilename(), 'downloaded.jpg');
  await stepsDone(page, 3);
});

test('a recipe runs from the keyboard, and a step opens in its form', async (t) => {
  const page = await site.window(t, { at: '#explorer' });
  await page.goto(site.url);
  await signIn(page, 'Ada');
  await page.goto(site.url + '#explorer/recipe:forward');
  await page.getByLabel('From').focus();
  await page.keyboard.press('Control+Enter');
  await stepsDone(page, 2);
  await page.getByRole('button', { name: 'Open this call in its form' }).last().press('Enter');
  await page.locator('h2', { hasText: 'messages.forwardMessages' }).waitFor();
  const request = JSON.parse(await page.getByLabel('The request as JSON').inputValue());
  assert.equal(request.from_peer, '@grace_hopper');
  assert.equal(typeof request.id[0], 'number');
});

test('what a step lacks is said in words', async (t) => {
  const page = await site.window(t);
  await page.locator('.offered button', { hasText: 'Alan' }).click();
  await page.locator('.dialogs a').first().waitFor();
  await page.goto(site.url + '#explorer/recipe:download');
  await run(page);
  await page.locator('.recipe .problem', { hasText: 'no photo in this chat yet' }).waitFor();
});

test('what is copied holds what was filled in, and never a key', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await page.goto(site.url + '#explorer/recipe:group');
  await page.getByLabel('Name of the group').fill('Compilers');
  await page.locator('.recipe summary').last().click();
  for (const label of ['nc', 'curl', 'JavaScript', 'Python']) {
    await page.getByRole('button', { name: label, exact: true }).click();
    const text = await page.getByLabel('The recipe to copy').textContent();
    assert.match(text, /Compilers/);
    assert.match(text, /session\.json/);
    assert.doesNotMatch(text, /auth_key|[A-Za-z0-9+/]{60}/);
  }
});
