// The sign-in form, as a person sees it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import jsQR from 'jsqr';
import { connect, fromBase64, toBase64 } from '../../web/client.js';
import { Console, qrPixels, signIn } from './support/browser.mjs';

let site;
before(async () => (site = await Console.start()));
after(() => site.close());

const signedIn = (page, name) => page.locator('.user', { hasText: name }).waitFor();
async function askCode(page, phone) {
  await page.getByLabel('Phone number').fill(phone);
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('Code', { exact: true }).waitFor();
}
const problemOf = async (page, label) => {
  const field = page.locator('.field', { has: page.getByLabel(label, { exact: true }) });
  await field.locator('.problem:not([hidden])').waitFor();
  assert.equal(await page.getByLabel(label, { exact: true }).getAttribute('aria-invalid'), 'true');
  return field.locator('.problem').textContent();
};

test('phone, wrong code, right code', async (t) => {
  const page = await site.window(t);
  await page.locator('#where', { hasText: 'Sandbox' }).waitFor();
  await page.getByRole('button', { name: 'Send code' }).click();
  assert.match(await problemOf(page, 'Phone number'), /first/);
  await page.getByLabel('Phone number').fill('12');
  await page.getByRole('button', { name: 'Send code' }).click();
  assert.match(await problemOf(page, 'Phone number'), /PHONE_NUMBER_INVALID/);
  await askCode(page, '+999 66 20001');
  assert.match(await page.locator('.lead').first().textContent(), /sent a code/i);
  await page.getByLabel('Code').fill('11111');
  assert.match(await problemOf(page, 'Code'), /not the code.*PHONE_CODE_INVALID/);
  await page.getByLabel('Code').fill('22222');
  await signedIn(page, 'Ada');
  await page.locator('.dialogs a').first().waitFor();
});

test('a two-step password, with its hint, wrong and right', async (t) => {
  const page = await site.window(t);
  await askCode(page, '9996620002');
  await page.getByLabel('Code').fill('22222');
  const field = page.getByLabel('Two-step password');
  await field.waitFor();
  assert.match(await page.locator('.signin').textContent(), /the obvious one/);
  await field.fill('nonsense');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  assert.match(await problemOf(page, 'Two-step password'), /PASSWORD_HASH_INVALID/);
  await field.fill('sandbox');
  await field.press('Enter');
  await signedIn(page, 'Grace');
});

test('a number without an account signs up', async (t) => {
  const page = await site.window(t);
  await askCode(page, `999662${String(Date.now()).slice(-4)}`);
  await page.getByLabel('Code').fill('22222');
  await page.getByLabel('First name').waitFor();
  await page.getByRole('button', { name: /sign up/i }).click();
  assert.match(await problemOf(page, 'First name'), /needed/);
  await page.getByLabel('First name').fill('<b>New</b>');
  await page.getByRole('button', { name: /sign up/i }).click();
  await page.locator('.user').waitFor();
});

test('an offered account is one click, password and all', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Grace');
  await signedIn(page, 'Grace');
});

test('a bot token, wrong and right', async (t) => {
  const page = await site.window(t);
  await page.getByRole('button', { name: 'Bot', exact: true }).click();
  await page.getByLabel('Bot token').fill('nonsense');
  await page.getByRole('button', { name: 'Sign in as this bot' }).click();
  assert.match(await problemOf(page, 'Bot token'), /ACCESS_TOKEN/);
});

test('the code can be sent again once its time has run out', async (t) => {
  const page = await site.window(t);
  await askCode(page, '9996620001');
  const again = page.getByRole('button', { name: /^Send it/ });
  if (!(await again.count())) return t.skip('this Telegram knows no second way');
  if (await again.isDisabled()) assert.match(await again.textContent(), /in \d+:\d\d/);
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll('button')].some(
        (button) => /^Send it/.test(button.textContent) && !button.disabled,
      ),
    null,
    { timeout: 130_000 },
  );
  await again.click();
  await page.locator('.signin[aria-busy]').waitFor({ state: 'detached' });
  await page.getByLabel('Code').fill('22222');
  await signedIn(page, 'Ada');
});

test('a QR code is drawn, and signs in once another session accepts it', async (t) => {
  const page = await site.window(t);
  await page.getByRole('button', { name: 'QR code' }).click();
  await page.locator('svg.qr').waitFor();
  const { pixels, width } = await qrPixels(page);
  const text = jsQR(pixels, width, width)?.data ?? '';
  assert.match(text, /^tg:\/\/login\?token=/);
  const ada = await connect(site.url, { WebSocket: (await import('ws')).default });
  t.after(() => ada.close());
  await ada.signIn({ phone: '9996620001', code: '22222' });
  await ada.call('auth.acceptLoginToken', { token: toBase64(fromBase64(text.split('token=')[1])) });
  await signedIn(page, 'Ada');
});

test('a reload after the code was sent goes on without a second one', async (t) => {
  const page = await site.window(t);
  await askCode(page, '9996620001');
  await page.reload();
  await page.getByLabel('Code', { exact: true }).waitFor();
  let asked = 0;
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => /"phone":"[^"]+"}/.test(payload) && asked++),
  );
  await page.getByLabel('Code').fill('22222');
  await signedIn(page, 'Ada');
  assert.equal(asked, 0);
});

test('a reload while the password is asked for goes on there', async (t) => {
  const page = await site.window(t);
  await askCode(page, '9996620002');
  await page.getByLabel('Code').fill('22222');
  await page.getByLabel('Two-step password').waitFor();
  await page.reload();
  await page.getByLabel('Two-step password').fill('sandbox');
  await page.keyboard.press('Enter');
  await signedIn(page, 'Grace');
});

test('start again leads back from every step', async (t) => {
  const page = await site.window(t);
  await askCode(page, '9996620002');
  await page.getByRole('button', { name: /Start again/ }).click();
  await askCode(page, '9996620002');
  await page.getByLabel('Code').fill('22222');
  await page.getByLabel('Two-step password').waitFor();
  await page.getByRole('button', { name: /Start again/ }).click();
  await page.getByLabel('Phone number').waitFor();
  await page.reload();
  await page.getByLabel('Phone number').waitFor();
});

test('by keyboard alone', async (t) => {
  const page = await site.window(t);
  await page.locator('.offered button').first().waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  await page.keyboard.press('Enter');
  for (let n = 0; n < 10 && (await page.evaluate(() => document.activeElement.name)) !== 'phone'; n++)
    await page.keyboard.press('Tab');
  await page.keyboard.type('9996620001');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.name === 'code');
  await page.keyboard.type('22222');
  await signedIn(page, 'Ada');
});
