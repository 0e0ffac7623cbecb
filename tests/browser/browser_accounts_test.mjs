// Accounts that the gateway keeps, in the console: as a person switches, signs in, signs out, looks at
// one of them and has its updates sent somewhere.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { api, keep, receiver, say, until } from '../e2e/support/named.mjs';
import { folder } from '../e2e/support/gateway.mjs';
import { connect } from '../../web/client.js';
import { axeSource, Console, signIn } from './support/browser.mjs';

let site;
before(async () => {
  site = await Console.start(['--sandbox', '--store', 'sqlite::memory:', '--allow-webhook', '127.0.0.1']);
  await keep(site.gateway, 'ada');
});
after(() => site.close());

const names = async () => (await api(site.gateway, '')).result.map(({ name }) => name);
const menu = (page) => page.locator('button.user');
const dialog = (page) => page.getByRole('dialog', { name: 'Accounts' });
async function openMenu(page) {
  await menu(page).click();
  await dialog(page).locator('.account').first().waitFor();
}
// Speaks as `name` from here on, out of the menu.
async function speakAs(page, name) {
  await openMenu(page);
  await dialog(page).locator('.account', { has: page.locator('.name', { hasText: new RegExp(`^${name}$`) }) }).click();
  await dialog(page).waitFor({ state: 'detached' });
}
const isSpokenAs = (page, name) => page.locator('.user-name', { hasText: name }).waitFor();
async function begin(page, name) {
  await openMenu(page);
  await page.getByLabel('Sign in to a new account').fill(name);
  await page.getByRole('button', { name: 'Go on' }).click();
}
// A window that speaks as `ada`, with the chats on it.
async function asAda(t, options = {}) {
  const page = await site.window(t, options);
  await speakAs(page, 'ada');
  await page.locator('.dialogs a').first().waitFor();
  return page;
}
const chatWith = (page, name) => page.locator('.dialogs a', { has: page.locator('.name', { hasText: new RegExp(`^${name}$`) }) });
const stored = (page) => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));

test('where no accounts are kept there is nothing of them', async (t) => {
  const other = await Console.start();
  t.after(() => other.close());
  const asked = [];
  const page = await other.window(t, {
    prepare: (page) => page.on('request', (request) => asked.push(new URL(request.url()).pathname)),
  });
  await signIn(page, 'Ada');
  assert.equal(await menu(page).count(), 0);
  assert.equal(await page.locator('a.user').textContent(), 'Ada Lovelace');
  assert.deepEqual(asked.filter((path) => /accounts|api\/v1/.test(path)), []);
});

test('somebody signs in to a new account under its name, and a reload goes on as it', async (t) => {
  const page = await site.window(t);
  await openMenu(page);
  const field = page.getByLabel('Sign in to a new account');
  for (const wrong of ['', 'Grace', 'a b', '../x', 'ada']) {
    await field.fill(wrong);
    await page.getByRole('button', { name: 'Go on' }).click();
    await dialog(page).locator('.field .problem:not([hidden])').waitFor();
    assert.equal(await field.getAttribute('aria-invalid'), 'true', wrong);
  }
  await field.fill('grace');
  await page.keyboard.press('Enter');
  await page.getByText('will keep this account under the name grace').waitFor();
  assert.equal(await page.getByRole('button', { name: 'File', exact: true }).count(), 0);
  assert.equal(await page.getByLabel(/Stay signed in/).count(), 0);
  await page.getByLabel('Phone number').fill('9996620002');
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('Code', { exact: true }).waitFor();
  await page.reload(); // in the middle of it
  await page.getByLabel('Code', { exact: true }).fill('22222');
  await page.getByLabel('Two-step password').fill('sandbox');
  await page.keyboard.press('Enter');
  await page.locator('.dialogs a').first().waitFor();
  assert.deepEqual((await names()).includes('grace'), true);
  await page.reload();
  await page.locator('.dialogs a').first().waitFor();
  await isSpokenAs(page, 'grace');
  assert.match(await menu(page).getAttribute('title'), /Grace Hopper/);
  assert.doesNotMatch(await stored(page), /auth_key|phone_code_hash|sandbox|[A-Za-z0-9+/]{80}/);
});

test('bots and QR codes sign in to an account, too', async (t) => {
  const page = await site.window(t);
  const { accounts } = await (await site.person(t, 'ada')).server();
  await begin(page, 'echo');
  await page.getByRole('button', { name: 'Bot', exact: true }).click();
  await page.getByLabel('Bot token').fill(accounts.find((one) => one.bot_token).bot_token);
  await page.keyboard.press('Enter');
  await until(async () => (await names()).includes('echo'), 'the bot is kept');
  await begin(page, 'scanned');
  await page.getByRole('button', { name: 'QR code' }).click();
  await page.locator('svg.qr').waitFor();
  await page.getByRole('button', { name: /Start again/ }).click();
  await page.getByRole('button', { name: 'Back to your own session' }).click();
  await isSpokenAs(page, 'Accounts');
  assert.equal((await names()).includes('scanned'), false);
});

test('one switches between accounts and back to the own session, and each sees its own', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Grace');
  await isSpokenAs(page, 'Grace');
  await chatWith(page, 'Echo').click();
  await page.locator('.composer textarea').waitFor();
  await speakAs(page, 'ada');
  await isSpokenAs(page, 'ada');
  await chatWith(page, 'Echo').click();
  await page.locator('.composer textarea').fill('from ada');
  await page.keyboard.press('Enter');
  await page.locator('.message:not(.out) .words', { hasText: 'from ada' }).waitFor();
  await page.goto(`${site.url}#explorer/users.getUsers`);
  await page.getByRole('button', { name: 'Add to id' }).click();
  await page.getByLabel('id 1', { exact: true }).selectOption('me');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.result .text', { hasText: /^"Ada"$/ }).waitFor();
  await page.goto(`${site.url}#explorer/recipe:history`);
  await page.locator('.recipe').getByRole('button', { name: 'Run' }).click();
  await page.locator('.step-state.good').nth(1).waitFor();
  await page.goto(`${site.url}#wire`);
  await page.locator('.what', { hasText: /updateNewMessage.* · Echo/ }).first().waitFor();

  await speakAs(page, 'Your own session');
  await isSpokenAs(page, 'Grace');
  await page.goto(`${site.url}#chats`);
  await page.locator('.dialogs a', { hasText: 'Ada Lovelace' }).waitFor();
  assert.equal(await page.locator('.dialogs a', { hasText: 'from ada' }).count(), 0);
  await page.goto(`${site.url}#session`);
  await page.locator('.card dd', { hasText: 'Grace Hopper' }).waitFor();
});

test('what is copied to a terminal names the account, and no session', async (t) => {
  const page = await asAda(t);
  await page.goto(`${site.url}#explorer/help.getConfig`);
  await page.locator('summary', { hasText: 'Copy as' }).click();
  for (const [language, word] of [['nc', '{"account":"ada"}'], ['curl', '{"account":"ada"}'],
    ['JavaScript', 'account: "ada"'], ['Python', '"account": "ada"']]) {
    await page.getByRole('button', { name: language, exact: true }).click();
    const text = await page.getByLabel('The request to copy').textContent();
    assert.ok(text.includes(word) && !text.includes('session.json'), text);
  }
});

test('an account stays connected when that is ticked', async (t) => {
  const page = await asAda(t);
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  await page.locator('.account-page dd', { hasText: 'Ada Lovelace, user 1000101' }).waitFor();
  await page.locator('.account-page dd', { hasText: 'signed in' }).waitFor();
  const kept = async () => (await api(site.gateway, '')).result.find(({ name }) => name === 'ada').keep;
  for (const [is, keep] of [[true, 'always'], [false, 'attached']]) {
    await page.getByLabel(/Stay connected/).click();
    await until(async () => (await kept()) === keep, `keep is ${keep}`);
    await until(async () => (await page.getByLabel(/Stay connected/).isChecked()) === is, 'the box says so');
  }
});

test('a webhook is set up, shows its secret once and what was delivered, and is removed', async (t) => {
  const hook = await receiver(t);
  const page = await asAda(t);
  await page.goto(`${site.url}#account/ada`);
  await page.locator('summary', { hasText: 'Add a webhook' }).click();
  const form = page.locator('.webhooks-part form');
  await form.getByLabel('Name').fill('Mine');
  await form.getByRole('button', { name: 'Add' }).click();
  await form.locator('.problem:not([hidden])').waitFor();
  await form.getByLabel('Name').fill('mine');
  await form.getByLabel('URL').fill(hook.url);
  await form.getByLabel(/Types/).fill('updateNewMessage, updateNotThere');
  const refused = page.waitForResponse((response) => response.status() === 400);
  page.removeAllListeners('console');
  await form.getByRole('button', { name: 'Add' }).click();
  await refused;
  await form.locator('.problem:not([hidden])', { hasText: 'updateNotThere' }).waitFor();
  await form.getByLabel(/Types/).fill('updateNewMessage');
  await form.getByRole('button', { name: 'Add' }).click();
  const secret = await page.locator('.secret .url').textContent();
  assert.match(secret, /^whsec_[\w+/]{32,}=*$/);
  await page.getByRole('button', { name: 'I have kept it' }).click();

  await say(site.gateway, 'to be delivered');
  await until(() => hook.calls.length, 'a call');
  const { updates } = JSON.parse(hook.calls.at(-1).body);
  await until(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    return (await page.locator('.webhook').textContent()).includes('the last answer was 204');
  }, 'what was delivered last');
  await page.locator('.webhook button', { hasText: `#${updates.at(-1).update_seq}` }).click();
  await page.locator('.updates .wire-row[open] .tree', { hasText: `update_seq${updates.at(-1).update_seq}` }).waitFor();

  await page.reload();
  await page.locator('.webhook h3', { hasText: 'mine' }).waitFor();
  assert.ok(!(await page.content()).includes(secret));
  await page.getByRole('button', { name: 'Remove mine' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await api(site.gateway, '/ada/webhooks')).result.length, 1);
  await page.getByRole('button', { name: 'Remove mine' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('There is none. With one').waitFor();
  assert.deepEqual((await api(site.gateway, '/ada/webhooks')).result, []);
});

test('of a webhook that fails the last error is told, and it is put again', async (t) => {
  const hook = await receiver(t, (request, response) => response.writeHead(410).end());
  await api(site.gateway, '/ada/webhooks/gone', { method: 'PUT', body: { url: hook.url } });
  t.after(() => api(site.gateway, '/ada/webhooks/gone', { method: 'DELETE' }));
  await say(site.gateway, 'nobody takes this');
  await until(async () => (await api(site.gateway, '/ada/webhooks/gone')).result.state === 'failed', 'failed');
  const page = await asAda(t);
  await page.goto(`${site.url}#account/ada`);
  const item = page.locator('.webhook');
  await item.locator('.pill', { hasText: 'failed' }).waitFor();
  assert.match(await item.locator('.problem').textContent(), /Given up since .*410/);
  await item.getByRole('button', { name: 'Try again' }).click();
  await until(() => hook.calls.length > 1, 'it is called again');
});

test('updates are read by number: those that come, older ones, each opened as on the Wire', async (t) => {
  for (let n = 0; n < 30; n++) await say(site.gateway, `one of many ${n}`);
  const newest = async () => (await api(site.gateway, '/ada')).result.update_seq;
  const page = await site.window(t, { at: '#account/ada' });
  const rows = page.locator('.updates .wire-row');
  await page.locator('.updates').getByText(/^The newest 20/).waitFor();
  const first = async () => Number((await rows.first().locator('.number').textContent()).slice(1));
  await until(async () => (await first()) === (await newest()), 'the newest is the first');
  assert.ok((await rows.count()) >= 20);
  const numbers = async () => (await page.locator('.updates .number').allTextContents()).map((text) => Number(text.slice(1)));
  while (await page.getByRole('button', { name: 'Older' }).isVisible()) {
    const before = await rows.count();
    await page.getByRole('button', { name: 'Older' }).click();
    await until(async () => (await rows.count()) > before, 'older ones');
  }
  const all = await numbers();
  assert.deepEqual(all, Array.from(all, (_, at) => all.length - at), 'each once, down to the first');
  await say(site.gateway, 'just now');
  await until(async () => (await first()) > all[0], 'it comes by itself');
  await rows.first().locator('summary').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('.updates .wire-row[open] .tree').waitFor();
});

test('who signs out is asked first, and is forgotten', async (t) => {
  await keep(site.gateway, 'leaver');
  const page = await site.window(t);
  await speakAs(page, 'leaver');
  await page.locator('.dialogs a').first().waitFor();
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  await page.getByRole('button', { name: 'Sign out and forget' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  assert.ok((await names()).includes('leaver'));
  await page.getByRole('button', { name: 'Sign out and forget' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out and forget' }).click();
  await page.getByLabel('Phone number').waitFor();
  await isSpokenAs(page, 'Accounts');
  assert.equal((await names()).includes('leaver'), false);
  await openMenu(page);
  assert.equal(await dialog(page).locator('.account', { hasText: 'leaver' }).count(), 0);
});

test('an account that is ended elsewhere is signed in to again under its name', async (t) => {
  const page = await site.window(t);
  await begin(page, 'ended');
  await signIn(page, 'Alan');
  await (await site.person(t, { phone: '9996610003', code: '11111' })).call('auth.resetAuthorizations');
  await page.locator('.dialogs a').first().click();
  await page.locator('.signin .problem', { hasText: /AUTH_KEY_UNREGISTERED|SESSION_REVOKED|Not signed in|ended/i }).waitFor();
  await page.getByText('under the name ended').waitFor();
  await signIn(page, 'Alan');
  await isSpokenAs(page, 'ended');
});

test('where the gateway has the account no more, the own session is gone on with', async (t) => {
  const other = await Console.start(['--sandbox', '--store', 'sqlite::memory:']);
  t.after(() => other.close());
  await keep(other.gateway, 'ada');
  const page = await other.window(t, { tolerate: (text) => /WebSocket connection|Failed to load/.test(text) });
  await speakAs(page, 'ada');
  await page.locator('.dialogs a').first().waitFor();
  await other.restart();
  await page.locator('.signin .problem', { hasText: 'there is no account ada' }).waitFor();
  await isSpokenAs(page, 'Accounts');
  await signIn(page, 'Grace');
});

test('by keyboard alone: the menu, an account, its page, and out again', async (t) => {
  const page = await site.window(t);
  await page.locator('.offered button').first().waitFor();
  const focus = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
  const tabTo = async (wanted, key = 'Tab') => {
    for (let n = 0; n < 60; n++) {
      await page.keyboard.press(key);
      if (wanted.test(await focus())) return;
    }
    assert.fail(`${key} does not come to ${wanted}`);
  };
  await tabTo(/^Accounts: Accounts/);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.matches('.account[aria-current]'));
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  assert.match(await focus(), /^Accounts: /);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.matches('.account[aria-current]'));
  await tabTo(/^ada/);
  await page.keyboard.press('Enter');
  await page.locator('.dialogs a').first().waitFor();
  await tabTo(/^Account$/);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.tagName === 'H1');
  await page.locator('.updates').waitFor();
  await tabTo(/^Back to your own session$/);
  await page.keyboard.press('Enter');
  await isSpokenAs(page, 'Accounts');
});

// --- tokens ---

const token = (name) => `${name}-${name}-${name}-${name}-${name}`;
async function withTokens(t) {
  const dir = folder(t);
  const file = `${dir}/tokens`;
  const lines = [`root:${token('root')} accounts=* admin`, `reader:${token('reader')} read-only accounts=ada,team-*`,
    `plain:${token('plain')} methods=messages.*,users.*,help.*,auth.*,!messages.delete*`];
  fs.writeFileSync(file, lines.join('\n'), { mode: 0o600 });
  const other = await Console.start(['--sandbox', '--store', 'sqlite::memory:', '--token-file', file]);
  t.after(() => other.close());
  const root = await connect(`tcp://127.0.0.1:${other.gateway.port}`, { token: token('root') });
  t.after(() => root.close());
  for (const account of ['ada', 'bob']) {
    await root.request({ account, signin: { phone: '9996620001' } });
    await root.request({ account, signin: { code: '22222' } });
  }
  return other;
}
async function unlock(page, name) {
  await page.getByRole('dialog').getByLabel('Token').fill(token(name));
  await page.keyboard.press('Enter');
  await page.locator('.offered button').first().waitFor();
}

test('a token sees its own accounts alone, and is told in words what it may do', async (t) => {
  const other = await withTokens(t);
  const page = await other.window(t, { colorScheme: 'dark' });
  await unlock(page, 'reader');
  await openMenu(page);
  assert.deepEqual(await dialog(page).locator('.account .name').allTextContents(), ['Your own session', 'ada']);
  const scope = await page.locator('.scope').textContent();
  for (const words of ['Call methods that change nothing.', 'Use these accounts, and sign in to them: ada, team-*.', 'set no webhooks'])
    assert.ok(scope.includes(words), scope);
  await look(page, 'scope');
  await page.getByLabel('Sign in to a new account').fill('bob');
  await page.getByRole('button', { name: 'Go on' }).click();
  await dialog(page).locator('.problem:not([hidden])', { hasText: 'does not allow an account of that name' }).waitFor();
  await page.keyboard.press('Escape');
  await speakAs(page, 'ada');
  await page.locator('.dialogs a').first().waitFor();
  await page.goto(`${other.url}#account/ada`);
  await page.locator('.updates').waitFor();
  assert.ok(await page.getByLabel(/Stay connected/).isDisabled());
  assert.ok(await page.getByRole('button', { name: 'Sign out and forget' }).isDisabled());
  assert.equal(await page.locator('summary', { hasText: 'Add a webhook' }).count(), 0);
  await page.goto(`${other.url}#account/bob`);
  await page.getByText('Nobody has signed in to this account yet').waitFor();
  await page.goto(`${other.url}#chats`);
  await page.evaluate(() => sessionStorage.setItem('account', '"bob"'));
  await page.reload();
  await page.getByLabel('Phone number').waitFor();
  await isSpokenAs(page, 'Accounts');
});

test('a token for no account hears nothing of them, and what else it may do on the page of its session', async (t) => {
  const other = await withTokens(t);
  const page = await other.window(t);
  await unlock(page, 'plain');
  assert.equal(await menu(page).count(), 0);
  await page.goto(`${other.url}#session`);
  const scope = await page.locator('.scope').textContent();
  assert.match(scope, /Call messages\.\*, users\.\*, help\.\*, auth\.\*, but not messages\.delete\*\./);
  assert.match(scope, /Use none of the accounts/);
});

// --- how it looks, and what it weighs ---

const pictures = process.env.STREAMJSON_PICTURES;
if (pictures) fs.mkdirSync(pictures, { recursive: true });
async function look(page, name) {
  await page.waitForTimeout(250); // colours that change take a moment
  if (pictures) await page.screenshot({ path: `${pictures}/accounts-${name}.png` });
  await page.evaluate(fs.readFileSync(axeSource, 'utf8'));
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map((node) => node.target.join(' '))}`), []);
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= window, `${name} scrolls sideways: ${wide} > ${window}`);
}

for (const [name, options] of [['light', { colorScheme: 'light' }],
  ['narrow-dark', { colorScheme: 'dark', viewport: { width: 360, height: 740 } }]])
  test(`menu and page are readable: ${name}`, async (t) => {
    await api(site.gateway, '/ada/webhooks/seen', { method: 'PUT', body: { url: 'http://10.0.0.1/hook', types: ['updateNewMessage'] } });
    t.after(() => api(site.gateway, '/ada/webhooks/seen', { method: 'DELETE' }));
    await say(site.gateway, 'hello');
    await until(async () => (await api(site.gateway, '/ada/webhooks/seen')).result.last_error, 'it fails');
    const page = await asAda(t, options);
    await openMenu(page);
    await look(page, `${name}-menu`);
    await page.getByRole('link', { name: 'Settings of ada' }).click();
    await page.locator('.updates .wire-row').first().waitFor();
    await page.locator('summary', { hasText: 'Add a webhook' }).click();
    await look(page, `${name}-page`);
    await page.locator('.webhooks-part').scrollIntoViewIfNeeded();
    await look(page, `${name}-webhooks`);
    await page.locator('.updates').scrollIntoViewIfNeeded();
    await look(page, `${name}-updates`);
    await begin(page, 'another');
    await page.getByText('under the name another').waitFor();
    await look(page, `${name}-signin`);
  });

test('accounts, webhooks and rare steps of sign-in add at most 40 KB', async (t) => {
  const sizes = new Map(); // bytes on the wire, heads and all
  const page = await site.window(t, {
    prepare: async (page) => {
      const devtools = await page.context().newCDPSession(page);
      const paths = new Map();
      devtools.on('Network.requestWillBeSent', ({ requestId, request }) => paths.set(requestId, new URL(request.url).pathname));
      devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(paths.get(requestId), encodedDataLength));
      await devtools.send('Network.enable');
    },
  });
  await page.locator('.offered button').first().waitFor();
  await signIn(page, 'Ada');
  for (const view of ['explorer', 'wire', 'session']) {
    await page.goto(`${site.url}#${view}`);
    await page.locator(`.view.${view}:not([hidden]) h1`).waitFor({ state: 'attached' });
  }
  await page.waitForLoadState('networkidle');
  const before = new Set(sizes.keys());
  assert.deepEqual([...before].filter((path) => /accounts|api\/v1|qr\.js|rare/.test(path)), []);
  await page.getByRole('button', { name: 'As a QR code' }).click();
  await page.locator('svg.qr').waitFor();
  await speakAs(page, 'ada');
  await page.goto(`${site.url}#account/ada`);
  await page.locator('.updates').waitFor();
  const code = sizes.get('/qr.js'); // which signing in by scanning loads as well
  const own = [...sizes].filter(([path]) => !before.has(path) && /\.(js|css)$/.test(path) && path !== '/qr.js');
  const bytes = own.reduce((sum, [, size]) => sum + size, 0);
  t.diagnostic(`${bytes} bytes in ${own.length} files, and ${code} for QR codes`);
  assert.ok(own.length >= 8, own.join(' '));
  assert.ok(bytes > 10_000 && bytes < 40 * 1024 && code < 10 * 1024, `${bytes} and ${code} bytes`);
});
