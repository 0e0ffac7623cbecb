// The sign-in form, as a person sees it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import jsQR from 'jsqr';
import { fromBase64, toBase64 } from '../../web/client.js';
import { Console, qrPixels, script, signIn } from './support/browser.mjs';

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

test('what is typed before the connection is there stays', async (t) => {
  let connect;
  const page = await site.window(t, {
    prepare: (page) =>
      page.routeWebSocket(/\/ws/, (socket) => {
        const early = [];
        socket.onMessage((text) => early.push(text));
        connect = () => {
          const server = socket.connectToServer();
          early.forEach((text) => server.send(text));
          socket.onMessage((text) => server.send(text));
        };
      }),
  });
  await page.locator('#where', { hasText: 'Connecting' }).waitFor();
  await page.getByLabel('Phone number').fill('9996620001');
  connect();
  await page.locator('#where', { hasText: 'Sandbox' }).waitFor();
  await page.locator('.offered button').first().waitFor();
  assert.equal(await page.getByLabel('Phone number').inputValue(), '9996620001');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'phone');
  await page.keyboard.press('Enter');
  await page.getByLabel('Code', { exact: true }).waitFor();
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
  const { accounts } = await (await site.person(t, 'ada')).server();
  await page.getByRole('button', { name: 'Bot', exact: true }).click();
  await page.getByLabel('Bot token').fill('nonsense');
  await page.getByRole('button', { name: 'Sign in as this bot' }).click();
  assert.match(await problemOf(page, 'Bot token'), /ACCESS_TOKEN/);
  await page.getByLabel('Bot token').fill(accounts.find((one) => one.bot_token).bot_token);
  await page.keyboard.press('Enter');
  await signedIn(page, 'Echo');
});

test('the code can be sent again once its time has run out', async (t) => {
  const page = await site.window(t, { prepare: (page) => page.clock.install() });
  await askCode(page, '9996620001');
  const again = page.getByRole('button', { name: /^Send it/ });
  assert.match(await again.textContent(), /by SMS in (1:00|0:5\d)/);
  assert.ok(await again.isDisabled());
  await page.clock.fastForward(61_000);
  await page.getByRole('button', { name: 'Send it by SMS', exact: true }).click();
  await page.locator('.lead', { hasText: 'by SMS to +9996620001' }).waitFor();
  assert.equal(await again.count(), 0);
  await page.getByLabel('Code').fill('22222');
  await signedIn(page, 'Ada');
});

const drawn = async (page) => {
  await page.locator('svg.qr').waitFor();
  const { pixels, width } = await qrPixels(page);
  const text = jsQR(pixels, width, width)?.data ?? '';
  assert.match(text, /^tg:\/\/login\?token=[\w-]+$/);
  return text;
};
const accept = (person, text) =>
  person.call('auth.acceptLoginToken', { token: toBase64(fromBase64(text.split('token=')[1])) });

test("a QR code is drawn, and signs in once another account's session accepts it", async (t) => {
  const page = await site.window(t);
  await page.getByRole('button', { name: 'QR code' }).click();
  await page.getByText('Point it at this code').waitFor();
  await accept(await site.person(t, 'ada'), await drawn(page));
  await signedIn(page, 'Ada');
  await page.locator('.dialogs a').first().waitFor();
});

test('who scanned and has a password is asked for it', async (t) => {
  const page = await site.window(t);
  await page.getByRole('button', { name: 'QR code' }).click();
  await accept(await site.person(t, 'grace'), await drawn(page));
  await page.getByLabel('Two-step password').fill('sandbox');
  await page.keyboard.press('Enter');
  await signedIn(page, 'Grace');
});

test('a QR code that is pushed takes the place of the one before', async (t) => {
  let pushed;
  const page = await site.window(t, {
    prepare: script((request, push) => (request.signin?.qr && (pushed = push), null)),
  });
  await page.getByRole('button', { name: 'QR code' }).click();
  const first = await drawn(page);
  const url = 'tg://login?token=AnotherOneThatIsFresh';
  pushed({ signin: { state: 'qr', url, expires: Math.floor(Date.now() / 1000) + 30 } });
  for (let tries = 0; (await drawn(page)) === first; tries++) assert.ok(tries < 50);
  assert.equal(await drawn(page), url);
  await page.getByRole('button', { name: /Start again/ }).click();
  await page.getByLabel('Phone number').waitFor();
});

const code = { state: 'code', phone: '9996620009', phone_code_hash: 'aa', length: 6 };
const done = { state: 'done', user: { _cons: 'user', self: true, id: '9', first_name: 'Zoë' } };

test('an e-mail address is set up where Telegram wants one', async (t) => {
  const steps = [];
  const page = await site.window(t, {
    prepare: script(({ signin }) => {
      if (!signin) return null;
      steps.push(signin);
      if (signin.email) return { signin: { ...code, type: 'email', email_pattern: 'z***@example.org' } };
      if (signin.email_code === '123456') return { signin: done };
      if (signin.email_code)
        return {
          signin: {
            ...code,
            type: 'email',
            error: {
              _cons: 'rpc_error',
              error_code: 400,
              error_message: 'EMAIL_CODE_INVALID',
              _name: 'EMAIL_CODE_INVALID',
            },
          },
        };
      if (signin.phone) return { signin: { ...code, state: 'email', reason: 'set_up_required' } };
      return null;
    }),
  });
  await page.getByLabel('Phone number').fill('9996620009');
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('E-mail address').fill('nonsense');
  await page.getByRole('button', { name: 'Continue' }).click();
  assert.match(await problemOf(page, 'E-mail address'), /no e-mail/);
  await page.getByLabel('E-mail address').fill('zoe@example.org');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('.lead', { hasText: 'z***@example.org' }).waitFor();
  await page.getByLabel('Code', { exact: true }).fill('111111');
  assert.match(await problemOf(page, 'Code'), /not the code from the e-mail/);
  await page.getByLabel('Code', { exact: true }).fill('123456');
  await signedIn(page, 'Zoë');
  assert.deepEqual(
    steps.slice(1).map(({ phone_code_hash: _, phone: __, ...step }) => step),
    [{ email: 'zoe@example.org' }, { email_code: '111111' }, { email_code: '123456' }],
  );
});

test('a forgotten password is recovered by mail', async (t) => {
  const password = { state: 'password', hint: 'none', has_recovery: true };
  const page = await site.window(t, {
    prepare: script(({ signin }) => {
      if (signin?.recover) return { signin: { ...password, email_pattern: 'z***@example.org' } };
      if (signin?.recovery_code === '654321') return { signin: done };
      return signin?.phone ? { signin: password } : null;
    }),
  });
  await page.getByLabel('Phone number').fill('9996620009');
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByRole('button', { name: 'I have forgotten it' }).click();
  await page.locator('.lead', { hasText: 'z***@example.org' }).waitFor();
  await page.getByLabel('Recovery code').fill('654321');
  await page.getByRole('button', { name: 'Recover and sign in' }).click();
  await signedIn(page, 'Zoë');
});

test('markup in what Telegram says shows as text', async (t) => {
  const mark = '<img src=x onerror="document.title=1"><b>bold</b>';
  const page = await site.window(t, {
    prepare: script(({ signin }) => {
      if (signin?.phone && !signin.code) return { signin: { ...code, type: mark, next_type: mark } };
      if (signin?.code)
        return {
          signin: {
            ...code,
            type: mark,
            error: { _cons: 'rpc_error', error_code: 400, error_message: mark },
          },
        };
      return null;
    }),
  });
  await askCode(page, '9996620009');
  await page.getByLabel('Code', { exact: true }).fill('111111');
  assert.ok((await problemOf(page, 'Code')).includes(mark));
  assert.ok((await page.locator('.signin').textContent()).includes(`(${mark})`));
  assert.equal(await page.locator('main :is(img, b)').count(), 0);
});

test('a reload after the code was sent goes on without a second one', async (t) => {
  const sent = []; // by every socket of the page
  const page = await site.window(t, {
    prepare: (page) =>
      page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload)))),
  });
  const asked = () => sent.filter((text) => /"signin":\{"phone":"\d+"\}/.test(text)).length;
  await askCode(page, '9996620001');
  assert.equal(asked(), 1);
  await page.reload();
  await page.getByLabel('Code', { exact: true }).waitFor();
  await page.getByLabel('Code').fill('22222');
  await signedIn(page, 'Ada');
  assert.equal(asked(), 1, sent.join('\n'));
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

const focused = (page, of) => page.evaluate((name) => document.activeElement[name], of);
// Tab until what has the focus is called so; and whatever has it can be seen to.
async function tabTo(page, wanted) {
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press('Tab');
    const { name, ring } = await page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      return {
        name: element.getAttribute('aria-label') ?? (element.labels?.[0]?.textContent || element.textContent),
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
      };
    });
    assert.ok(ring, `no ring around ${name}`);
    if (wanted.test(name)) return;
  }
  assert.fail(`Tab does not come to ${wanted}`);
}

test('by keyboard alone: signing in, a chat, a method', async (t) => {
  const page = await site.window(t);
  await page.locator('.offered button').first().waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(page, 'textContent'), 'Skip to the content');
  await page.keyboard.press('Enter');
  await tabTo(page, /^Phone number/);
  await page.keyboard.type('9996620001');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.name === 'code');
  await page.keyboard.type('22222');
  await signedIn(page, 'Ada');
  await page.locator('.dialogs a').first().waitFor();

  await tabTo(page, /Echo/);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.tagName === 'TEXTAREA');
  await page.keyboard.type('by keyboard');
  await page.keyboard.press('Enter');
  await page.locator('.message:not(.out) .words', { hasText: 'by keyboard' }).waitFor();

  for (let n = 0; n < 40 && !/^Explorer$/.test(await focused(page, 'textContent')); n++)
    await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.type === 'search');
  await page.keyboard.type('get users');
  await page.keyboard.press('Enter');
  await page.locator('h2', { hasText: 'users.getUsers' }).waitFor();
  await page.waitForFunction(() => document.activeElement.tagName === 'H2');
  await tabTo(page, /^Add to id$/);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.tagName === 'SELECT');
  await page.keyboard.type('me');
  await page.keyboard.press('Control+Enter');
  await page.locator('.result .text', { hasText: /^"Ada"$/ }).waitFor();
});

test('a sandbox tells its code where it is asked for', async (t) => {
  const page = await site.window(t);
  await askCode(page, '9996620001');
  await page.getByText('In this sandbox the code is 22222.').waitFor();
  await page.getByRole('button', { name: /Start again/ }).click();
  await askCode(page, '9996631234'); // by its rule, for a number that it does not offer
  await page.getByText('In this sandbox the code is 33333.').waitFor();
});

test('a reload that signs out asks first, and offers the way back', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  const asked = [];
  page.on('dialog', (dialog) => (asked.push(dialog.type()), dialog.accept()));
  await page.reload();
  assert.deepEqual(asked, ['beforeunload']);
  await page.getByText('You were signed in as Ada Lovelace').waitFor();
  await page.getByRole('button', { name: 'Sign in as Ada Lovelace again' }).click();
  await page.getByLabel('Code', { exact: true }).fill('22222');
  await signedIn(page, 'Ada');
  await page.goto(site.url + '#session');
  await page.getByLabel('Keep it in this browser').check();
  await page.reload();
  await signedIn(page, 'Ada');
  assert.equal(asked.length, 1, 'what is kept is not asked about');
});

test('the first page says what this is, which version, and what to do first', async (t) => {
  const page = await site.window(t);
  const about = page.locator('.about');
  await about.waitFor();
  assert.match(await about.textContent(), /streamjson \d+\.\d+\.\d+ is a gateway/);
  for (const href of ['/client.js', '/types.d.ts', '/scheme.tl'])
    assert.equal((await page.request.get(new URL(href, site.url).href)).status(), 200);
  await about.getByRole('link', { name: 'Send a first message' }).click();
  await page.locator('h2', { hasText: 'Send a message' }).waitFor();
});
