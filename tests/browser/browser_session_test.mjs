// The session in the console: taken from one window to another, kept or forgotten; and the wire.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Console, signIn } from './support/browser.mjs';

let site;
before(async () => (site = await Console.start()));
after(() => site.close());

const to = (page, view) =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
const signedIn = (page, name) => page.locator('.user', { hasText: name }).waitFor();

test('exported in one window, imported in another', async (t) => {
  const one = await site.window(t, { permissions: ['clipboard-read', 'clipboard-write'] });
  await signIn(one, 'Ada');
  await to(one, 'Session');
  await one.getByRole('button', { name: 'Copy the line' }).click();
  await one.getByText('Session copied').waitFor();
  const line = await one.evaluate(() => navigator.clipboard.readText());
  assert.match(line, /^\{"id":1,"session":\{.*"auth_key":"[^"]{344}"/);
  const two = await site.window(t, { at: '#session' });
  await two.getByLabel('A session line').fill('not a session at all');
  await two.getByRole('button', { name: 'Use this session' }).click();
  await two.locator('.field .problem:not([hidden])').waitFor();
  await two.getByLabel('A session line').fill('{"session":{"auth_key":"AAAA"}}');
  await two.getByRole('button', { name: 'Use this session' }).click();
  await two.locator('.field .problem', { hasText: '256 bytes' }).waitFor();
  await two.getByLabel('A session line').fill(line);
  await two.getByRole('button', { name: 'Use this session' }).click();
  await signedIn(two, 'Ada');
});

test('session.json is the line, and opens the account in another client', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await to(page, 'Session');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save session.json' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'session.json');
  const { readFileSync } = await import('node:fs');
  const { connect } = await import('../../web/client.js');
  const tg = await connect(site.url, {
    session: readFileSync(await download.path(), 'utf8'),
    WebSocket: (await import('ws')).default,
  });
  t.after(() => tg.close());
  assert.equal((await tg.call('users.getUsers', { id: ['me'] }))[0].first_name, 'Ada');
});

test('a reload forgets, unless it was ticked to keep', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await page.reload();
  await page.getByLabel('Phone number').waitFor();
  assert.doesNotMatch(
    await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
    /auth_key/,
  );
  await page.getByLabel(/Stay signed in/).check();
  await signIn(page, 'Ada');
  await page.reload();
  await signedIn(page, 'Ada');
  await to(page, 'Session');
  await page.getByLabel(/Keep it in this browser/).uncheck();
  await page.reload();
  await page.getByLabel('A session line').waitFor();
  assert.equal(await page.locator('.user').count(), 0);
});

test('forgetting leaves nothing behind and the key good; signing out ends it', async (t) => {
  const page = await site.window(t);
  await page.getByLabel(/Stay signed in/).check();
  await signIn(page, 'Ada');
  await to(page, 'Session');
  await page.getByRole('button', { name: 'Forget it here' }).click();
  await page.getByLabel('Phone number').waitFor();
  assert.doesNotMatch(
    await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
    /auth_key/,
  );
  await signIn(page, 'Ada');
  await to(page, 'Session');
  await page.getByRole('button', { name: 'Sign out of Telegram' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await signedIn(page, 'Ada');
  await page.getByRole('button', { name: 'Sign out of Telegram' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Phone number').waitFor();
});

test('a session that is ended elsewhere ends here', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Grace');
  const grace = await site.person(t, 'grace');
  await grace.call('auth.resetAuthorizations');
  await page.locator('.dialogs a').first().click();
  await page.getByLabel('Phone number').waitFor();
  await page.locator('.signin .problem', { hasText: /AUTH_KEY_UNREGISTERED|SESSION_REVOKED/ }).waitFor();
  await signIn(page, 'Grace');
});

test('a sandbox that is started anew is noticed, and signed in to again', async (t) => {
  const other = await Console.start();
  t.after(() => other.close());
  const page = await other.window(t, { tolerate: (text) => /WebSocket connection/.test(text) });
  await page.getByLabel(/Stay signed in/).check();
  await signIn(page, 'Ada');
  await other.restart();
  await page.locator('.signin .problem', { hasText: 'started anew' }).waitFor();
  await signIn(page, 'Ada');
  assert.equal(await page.locator('.problem').count(), await page.locator('.problem[hidden]').count());
  await page.reload();
  await signedIn(page, 'Ada');
});

test('the wire shows what went both ways, filters, pauses, and keeps keys covered', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await to(page, 'Wire');
  const rows = page.locator('.wire-row');
  await page.locator('.wire-row .what', { hasText: 'messages.dialogs' }).waitFor();
  await page.getByLabel('Filter').fill('getdialogs');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.wire-row .what')].every((one) => /dialogs/i.test(one.textContent)),
  );
  assert.equal(await rows.count(), 2);
  await rows.last().locator('summary').first().click();
  await rows.last().locator('.tree').waitFor();
  await page.getByLabel('Filter').fill('');
  assert.doesNotMatch(await page.locator('.wire-list').textContent(), /[A-Za-z0-9+/]{300}/);
  await page.getByRole('button', { name: 'Pause' }).click();
  const before = await rows.count();
  await page.evaluate(async () => (await import('/gateway.js')).tg.call('help.getConfig'));
  await page.getByRole('button', { name: /Go on \(2 new\)/ }).waitFor();
  assert.equal(await rows.count(), before);
  await page.getByRole('button', { name: /Go on/ }).click();
  assert.equal(await rows.count(), before + 2);
  await page.getByRole('button', { name: 'Clear' }).click();
  assert.equal(await rows.count(), 0);
});

test("the client is one line away in the browser's own console", async (t) => {
  const page = await site.window(t);
  const answer = await page.evaluate(async () => {
    const tg = await (await import('/client.js')).connect();
    const dc = await tg.call('help.getNearestDc');
    tg.close();
    return dc._cons;
  });
  assert.equal(answer, 'nearestDc');
});
