// Chats in the console: sending, typing, what comes live, and that nothing in it is ever markup.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Console, signIn } from './support/browser.mjs';

let site;
before(async () => (site = await Console.start()));
after(() => site.close());

const open = async (page, name) => {
  await page.locator('.dialogs a', { hasText: name }).first().click();
  await page.locator('.chat-head h2', { hasText: name }).waitFor();
};
const say = async (page, text) => {
  await page.getByRole('textbox', { name: /^Message to/ }).fill(text);
  await page.keyboard.press('Enter');
};

test('the echo bot types and answers', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await open(page, 'Echo');
  const text = `hello ${Date.now()}`;
  await say(page, text);
  await page.locator('.message.out .words', { hasText: text }).waitFor();
  await page.locator('.chat-head', { hasText: 'typing' }).waitFor();
  await page.locator('.message:not(.out) .words', { hasText: text }).waitFor();
  assert.match(await page.locator('.dialogs li').first().textContent(), new RegExp(text));
});

test('the history goes back page by page, and photos come', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await open(page, 'Grace');
  await page.locator('.message').first().waitFor();
  const image = page.locator('.photo img').first();
  if (await image.count())
    await page.waitForFunction(() => document.querySelector('.photo img').naturalWidth > 0);
  const before = await page.locator('.message').count();
  const earlier = page.getByRole('button', { name: 'Earlier messages' });
  if (await earlier.isVisible()) {
    await earlier.click();
    await page.waitForFunction((count) => document.querySelectorAll('.message').length > count, before);
  }
});

test('two windows talk to each other, live', async (t) => {
  const ada = await site.window(t);
  const grace = await site.window(t);
  await signIn(ada, 'Ada');
  await signIn(grace, 'Grace');
  if (process.env.STREAMJSON_URL) return t.skip('the mock has no second person');
  await open(ada, 'Grace');
  const text = `live ${Date.now()}`;
  await ada.getByRole('textbox', { name: /^Message to/ }).pressSequentially('x');
  await say(ada, text);
  await grace.locator('.dialogs a', { hasText: text }).waitFor();
  assert.match(await grace.locator('.dialogs a', { hasText: text }).textContent(), /unread/);
});

test('markup and script in messages and names show as text', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await open(page, 'Echo');
  const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script><a href="javascript:alert(1)">x</a> ${Date.now()}`;
  await say(page, hostile);
  await page.locator('.message:not(.out) .words', { hasText: hostile }).waitFor();
  assert.equal(await page.locator('.words img, .words script, .words a').count(), 0);
  assert.notEqual(await page.title(), 'owned');
});

test('an empty message is not sent, a refused one stays in the box', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await open(page, 'Echo');
  await page.locator('.message').first().waitFor();
  const before = await page.locator('.message').count();
  await say(page, '   ');
  assert.equal(await page.locator('.message').count(), before);
});
