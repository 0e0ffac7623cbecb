// The console of a gateway to a Telegram that is no sandbox, and without an api_id of its own.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Gateway, folder } from '../e2e/support/gateway.mjs';
import { Console } from './support/browser.mjs';

const place = folder();
let sandbox, site;
before(async () => {
  const pem = path.join(place, 'key.pem');
  sandbox = await Gateway.start(['--sandbox', '--sandbox-public-key', pem]);
  site = await Console.start(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', pem]);
});
after(async () => {
  await site.close();
  await sandbox.close();
  fs.rmSync(place, { recursive: true });
});

async function signIn(page) {
  await page.getByLabel('api_id').fill('12345');
  await page.getByLabel('api_hash').fill('0123456789abcdef0123456789abcdef');
  await page.getByRole('button', { name: 'Use these' }).click();
  await page.getByLabel('Phone number').fill('9996620001');
  await page.keyboard.press('Enter');
  await page.getByLabel('Code', { exact: true }).fill('22222');
  await page.locator('.user', { hasText: 'Ada' }).waitFor();
}

test('the header says that this is no sandbox, and the form asks for api_id and api_hash', async (t) => {
  const page = await site.window(t);
  await page.locator('#where', { hasText: 'Custom server' }).waitFor();
  assert.equal(await page.getByLabel('Phone number').count(), 0);
  await page.getByLabel('api_id').fill('twelve');
  await page.getByRole('button', { name: 'Use these' }).click();
  await page.locator('.problem', { hasText: 'a number' }).waitFor();
  await page.getByLabel('api_id').fill('12345');
  await page.getByLabel('api_hash').fill('short');
  await page.getByRole('button', { name: 'Use these' }).click();
  await page.locator('.problem', { hasText: '32 hexadecimal' }).waitFor();
  await signIn(page);
  assert.equal(await page.locator('.offered').count(), 0);
});

test('Run asks first for what cannot be taken back', async (t) => {
  const page = await site.window(t);
  await signIn(page);
  await page.goto(`${site.url}#explorer/auth.logOut`);
  await page.getByRole('button', { name: 'Run' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Run auth.logOut?').waitFor();
  assert.match(await dialog.textContent(), /Custom server, as Ada/);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.locator('.result *').count(), 0);
  // What is wrapped is asked about too.
  await page
    .getByLabel('The request as JSON')
    .fill('{"_cons":"invokeWithoutUpdates","query":{"_cons":"auth.logOut"}}');
  await page.locator('h2', { hasText: 'invokeWithoutUpdates' }).waitFor();
  await page.getByRole('button', { name: 'Run' }).click();
  await dialog.getByText('Run auth.logOut?').waitFor();
  await dialog.getByRole('button', { name: 'Run it' }).click();
  await page.locator('.result .cons', { hasText: 'auth.loggedOut' }).waitFor();
});

test('Run does not ask for what only reads', async (t) => {
  const page = await site.window(t);
  await signIn(page);
  await page.goto(`${site.url}#explorer/help.getConfig`);
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.result .cons', { hasText: /^config$/ }).waitFor();
});
