// What few people meet when they sign in, played by the sandbox: a reCAPTCHA, a code that costs, an
// e-mail address or a password that is out of reach; and a session as a QR code.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import jsQR from 'jsqr';
import { folder } from '../e2e/support/gateway.mjs';
import { Console, qrPixels, signIn } from './support/browser.mjs';

const KEY = '6LdcRsEqAAAAAHUaNCc1GUe47g5jKlO-bJJiy_Zt';
const place = folder();
async function sandbox(name, faults) {
  const file = path.join(place, `${name}.json`);
  fs.writeFileSync(file, JSON.stringify(faults));
  return Console.start(['--sandbox', '--sandbox-faults', file]);
}
let site;
let guarded; // wants a reCAPTCHA
before(async () => {
  site = await sandbox('resets', { reset_wait_s: 600 });
  guarded = await sandbox('guarded', { rules: [{ method: 'auth.sendCode', error: `RECAPTCHA_CHECK_signup__${KEY}` }] });
});
after(async () => {
  await site.close();
  await guarded.close();
  fs.rmSync(place, { recursive: true });
});

const pictures = process.env.STREAMJSON_PICTURES;
async function look(page, name) {
  if (pictures) await page.screenshot({ path: `${pictures}/rare-${name}.png` });
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= window, `${name} scrolls sideways: ${wide} > ${window}`);
}
async function ask(page, phone) {
  await page.getByLabel('Phone number').fill(phone);
  await page.getByRole('button', { name: 'Send code' }).click();
}
const narrow = { viewport: { width: 360, height: 740 } };

test('where Telegram wants a reCAPTCHA its key is told, and the token is entered', async (t) => {
  const page = await guarded.window(t, narrow);
  await ask(page, '9996620001');
  const form = page.getByRole('region', { name: 'reCAPTCHA' });
  await form.waitFor();
  assert.match(await form.textContent(), new RegExp(`signup.*${KEY}`));
  await page.waitForFunction(() => document.activeElement.closest('.card'));
  await look(page, 'recaptcha');
  await form.getByRole('button', { name: 'Go on with the token' }).click();
  await form.locator('.problem:not([hidden])', { hasText: 'first' }).waitFor();
  await form.getByLabel('Token of the reCAPTCHA').fill('03AFcWeA');
  await page.keyboard.press('Enter');
  await page.getByLabel('Code', { exact: true }).fill('22222');
  await page.locator('.user', { hasText: 'Ada' }).waitFor();
});

test('or one signs in by scanning, which wants none', async (t) => {
  const page = await guarded.window(t);
  await ask(page, '9996620001');
  await page.getByRole('button', { name: 'Sign in by QR code' }).click();
  await page.locator('svg.qr').waitFor();
  assert.equal(await page.getByRole('region', { name: 'reCAPTCHA' }).count(), 0);
});

test('a code that costs says how much, and comes once it is paid for', async (t) => {
  const page = await site.window(t, narrow);
  await ask(page, '9996620402');
  const form = page.getByLabel(/payment form/);
  await form.waitFor();
  assert.match(await page.locator('.signin').textContent(), /1\.99/);
  assert.match(await page.locator('a[href^="mailto:"]').getAttribute('href'), /subject=/);
  await look(page, 'payment');
  await form.fill('nothing');
  await page.getByRole('button', { name: 'It is paid' }).click();
  await page.locator('.field .problem:not([hidden])').waitFor();
  await form.fill('77');
  await page.keyboard.press('Enter');
  await page.getByText('Telegram has not been paid').waitFor();
  await page.getByLabel(/payment form/).fill('1');
  await page.keyboard.press('Enter');
  await page.getByLabel('Code', { exact: true }).fill('22222');
  await page.getByLabel('First name').waitFor();
});

test('an e-mail address that is out of reach is given up, later', async (t) => {
  const ada = await site.person(t, 'ada');
  const purpose = { _cons: 'emailVerifyPurposeLoginChange' };
  await ada.call('account.sendVerifyEmailCode', { purpose, email: 'ada@example.org' });
  await ada.call('account.verifyEmail', { purpose, verification: { _cons: 'emailVerificationCode', code: '222222' } });
  const page = await site.window(t);
  await ask(page, '9996620001');
  await page.getByText('a*a@example.org').waitFor();
  await page.getByRole('button', { name: 'I cannot read that e-mail' }).click();
  await page.getByRole('button', { name: /^Give up the address, from / }).click();
  await page.locator('.problem:not([hidden])', { hasText: 'TASK_ALREADY_EXISTS' }).waitFor();
});

test('a forgotten password is taken off by who is signed in, and kept after all', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Grace');
  await page.goto(`${site.url}#session`);
  const forgotten = page.getByRole('button', { name: 'I have forgotten my two-step password' });
  await forgotten.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await forgotten.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it off' }).click();
  await page.getByText(/^Noted\. Ask once more after/).waitFor();
  await look(page, 'forgotten');

  const other = await site.window(t);
  await ask(other, '9996620002');
  await other.getByLabel('Code', { exact: true }).fill('22222');
  await other.getByText(/was asked to take this password off, from/).waitFor();

  await page.getByRole('button', { name: 'Keep the password after all' }).click();
  await page.getByText('The password stays.').waitFor();
  await forgotten.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it off' }).click();
  await page.getByText(/cannot be asked for again until/).waitFor();
});

test('who came by SMS is urged to set up a password', async (t) => {
  const page = await site.window(t, { prepare: (page) => page.clock.install() });
  await ask(page, '9996610003');
  await page.getByLabel('Code', { exact: true }).waitFor();
  await page.clock.fastForward(61_000);
  await page.getByRole('button', { name: 'Send it by SMS' }).click();
  await page.locator('.lead', { hasText: 'by SMS to' }).waitFor();
  await page.getByLabel('Code', { exact: true }).fill('11111');
  await page.locator('.toast', { hasText: 'only after 7 days' }).waitFor();
});

test('a session is taken to another browser by its QR code, which is shown when asked for alone', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Grace');
  await page.goto(`${site.url}#session`);
  assert.equal(await page.locator('svg.qr').count(), 0);
  await page.getByRole('button', { name: 'As a QR code' }).click();
  await page.locator('svg.qr').waitFor();
  await look(page, 'code');
  const { pixels, width } = await qrPixels(page);
  const line = jsQR(pixels, width, width)?.data;
  await page.goto(`${site.url}#wire`);
  await page.locator('.view.wire:not([hidden])').waitFor();
  await page.goto(`${site.url}#session`);
  assert.equal(await page.locator('svg.qr').count(), 0, 'whoever leaves the page takes it along');
  const other = await site.window(t, { at: '#session' });
  await other.getByLabel('A session line').fill(line);
  await other.getByRole('button', { name: 'Use this session' }).click();
  await other.locator('.user', { hasText: 'Grace' }).waitFor();
});
