// The explorer: finding a method, filling in what the scheme asks for, running it, copying it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Console, signIn } from './support/browser.mjs';

let site;
before(async () => (site = await Console.start()));
after(() => site.close());

async function method(page, name) {
  await page.goto(site.url + '#explorer');
  await page.getByLabel('Find a method').fill(name);
  await page.keyboard.press('Enter');
  await page.locator('h2', { hasText: name }).waitFor();
}
const request = async (page) => JSON.parse(await page.getByLabel('The request as JSON').inputValue());

test('users.getUsers: found, filled in, run', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'users.getUsers');
  await page.getByRole('button', { name: 'Add to id' }).click();
  await page.getByLabel('id 1', { exact: true }).selectOption('me');
  assert.deepEqual(await request(page), { _cons: 'users.getUsers', id: ['me'] });
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.result .text', { hasText: /^"Ada"$/ }).waitFor();
  await page.getByRole('button', { name: 'Fold', exact: true }).click();
  assert.equal(await page.locator('.result .text', { hasText: /^"Ada"$/ }).isVisible(), false);
  await page.getByRole('button', { name: 'Unfold' }).click();
  await page.locator('.result .text', { hasText: /^"Ada"$/ }).waitFor();
});

test('nested constructors, optional fields and numbers make the JSON, and run', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'messages.sendMessage');
  await page.getByLabel('peer', { exact: true }).selectOption('@name');
  await page.getByLabel('peer: a name').fill('echobot');
  await page.getByLabel('message', { exact: true }).fill('from the explorer');
  await page.getByLabel('silent', { exact: true }).check();
  await page.getByLabel('entities', { exact: true }).check();
  await page.getByRole('button', { name: 'Add to entities' }).click();
  await page.getByLabel('entities 1', { exact: true }).selectOption('messageEntityBold');
  await page.getByLabel('offset', { exact: true }).fill('0');
  await page.getByLabel('length', { exact: true }).fill('4');
  assert.deepEqual(await request(page), {
    _cons: 'messages.sendMessage',
    peer: '@echobot',
    message: 'from the explorer',
    silent: true,
    entities: [{ _cons: 'messageEntityBold', offset: 0, length: 4 }],
  });
  await page.keyboard.press('Control+Enter');
  await page.locator('.result .tree .cons').first().waitFor();
  assert.match(await page.locator('.result .cons').first().textContent(), /^update/);
});

test("typing JSON makes the form, and another method's name opens that one", async (t) => {
  const page = await site.window(t, { at: '#explorer/users.getUsers' });
  const json = page.getByLabel('The request as JSON');
  await json.fill(
    '{"_cons":"users.getUsers","id":[{"_cons":"inputUser","user_id":9007199254740993,"access_hash":"-1"}]}',
  );
  assert.equal(await page.getByLabel('user_id', { exact: true }).inputValue(), '9007199254740993');
  assert.equal(await page.getByLabel('access_hash', { exact: true }).inputValue(), '-1');
  await json.fill('{"_cons":');
  await page.getByText('Not JSON yet').waitFor();
  await json.fill('{"message":{"_cons":"help.getAppConfig","hash":5}}');
  await page.locator('h2', { hasText: 'help.getAppConfig' }).waitFor();
  assert.equal(await page.getByLabel('hash', { exact: true }).inputValue(), '5');
});

test('bytes come from a file', async (t) => {
  const page = await site.window(t, { at: '#explorer/upload.saveFilePart' });
  await page
    .getByLabel('bytes from a file')
    .setInputFiles({ name: 'a.bin', mimeType: 'application/octet-stream', buffer: Buffer.from([1, 2, 255]) });
  await page.waitForFunction(() => document.querySelector('.json').value.includes('AQL/'));
});

test('what is refused is said at its field', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'users.getUsers');
  await page.getByLabel('The request as JSON').fill('{"_cons":"users.getUsers"}');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.failure').waitFor();
  await page.locator('.row-field .problem:not([hidden])').waitFor();
});

test('what is copied reads session.json and never holds a key', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'help.getConfig');
  await page.locator('summary', { hasText: 'Copy as' }).click();
  for (const [label, words] of [
    ['nc', /cat session\.json.*\n?.*nc -N localhost \d+/s],
    ['Python', /open\("session\.json"\)/],
    ['JavaScript', /readFileSync\("session\.json"/],
    ['curl', /curl .*\/json/s],
  ]) {
    await page.getByRole('button', { name: label, exact: true }).click();
    const text = await page.getByLabel('The request to copy').textContent();
    assert.match(text, words);
    assert.doesNotMatch(text, /auth_key|[A-Za-z0-9+/]{60}/);
  }
});

test('descriptions that hold HTML show as text, links in them are not links', async (t) => {
  const mark = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  const page = await site.window(t, {
    at: '#explorer/messages.sendMessage',
    prepare: (page) =>
      page.route('**/scheme.json*', async (route) => {
        const scheme = await (await route.fetch()).json();
        const method = scheme.methods.find(({ name }) => name === 'messages.sendMessage');
        method.doc = `<a href="https://core.telegram.org">Sends</a> a &lt;b&gt;message${mark} &amp;lt;`;
        method.fields[0].doc = mark;
        scheme.errors[method.errors[0][1]] = `refused ${mark}`;
        await route.fulfill({ json: scheme });
      }),
  });
  await page.locator('.method .doc').first().waitFor();
  await page.locator('summary', { hasText: 'Possible errors' }).click();
  assert.equal(await page.locator('.method .lead').textContent(), 'Sends a <b>messagedocument.title=1 &lt;');
  assert.equal(await page.locator('.explorer :is(img, script, .doc a, .lead a, .errors a, b)').count(), 0);
});

test('descriptions of the scheme that is loaded are read as text', async (t) => {
  const page = await site.window(t, { at: '#explorer/messages.sendMessage' });
  await page.locator('.method .doc').first().waitFor();
  assert.equal(await page.locator('.doc a, .doc img, .doc b').count(), 0);
  assert.doesNotMatch(await page.locator('.method').textContent(), /<a |<br|\{@link|&amp;/);
});

test('markup in an error shows as text', async (t) => {
  const mark = '<img src=x onerror=1><b>no</b>';
  const page = await site.window(t, { at: '#explorer/users.getUsers' });
  await page
    .getByLabel('The request as JSON')
    .fill(JSON.stringify({ _cons: 'users.getUsers', id: [{ _cons: mark }] }));
  await page.getByRole('button', { name: 'Run' }).click();
  await page.locator('.failure', { hasText: mark }).waitFor();
  assert.equal(await page.locator('.explorer :is(img, b)').count(), 0);
});

test('search is fuzzy, and the arrow keys walk what it finds', async (t) => {
  const page = await site.window(t, { at: '#explorer' });
  await page.getByLabel('Find a method').fill('mgd');
  assert.equal(await page.locator('.results a .mono').first().textContent(), 'messages.getDialogs');
  await page.getByLabel('Find a method').fill('send mess');
  assert.equal(await page.locator('.results a .mono').first().textContent(), 'messages.sendMessage');
  await page.keyboard.press('ArrowDown'); // the recipe
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.locator('h2', { hasText: 'messages.sendMessage' }).waitFor();
});

test('what is meant is found: by intent, by a constructor, by an error', async (t) => {
  const page = await site.window(t, { at: '#explorer' });
  const first = () => page.locator('.results a .mono').first().textContent();
  for (const [query, name] of [
    ['send photo', 'messages.sendMedia'],
    ['who am i', 'users.getUsers'],
    ['block user', 'contacts.block'],
    ['USERNAME_NOT_OCCUPIED', 'contacts.resolveUsername'],
  ]) {
    await page.getByLabel('Find a method').fill(query);
    assert.equal(await first(), name, query);
  }
  await page.getByLabel('Find a method').fill('inputMediaUploadedPhoto');
  assert.equal(await first(), 'messages.sendMedia');
  await page.locator('.results a', { hasText: 'A constructor of InputMedia' }).click();
  await page.locator('.pane h2', { hasText: 'InputMedia' }).waitFor();
  await page.getByLabel('Find a method').fill('zzqx');
  await page.getByText('Nothing found').waitFor();
});

test('whoever goes on before the view is there arrives where they went', async (t) => {
  const page = await site.window(t);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/explorer/view.js', (route) => held.then(() => route.continue()));
  await page.evaluate(() => (location.hash = '#explorer'));
  await page.locator('.view.explorer').waitFor({ state: 'attached' });
  await page.evaluate(() => (location.hash = '#explorer/help.getConfig'));
  release();
  await page.locator('.method h2', { hasText: 'help.getConfig' }).waitFor();
});

test("every method's form can be drawn", async (t) => {
  const page = await site.window(t, { at: '#explorer/help.getConfig' });
  await page.locator('.method').waitFor();
  const broken = await page.evaluate(async () => {
    const { load } = await import('/explorer/scheme.js');
    const { form } = await import('/explorer/form.js');
    const scheme = await load();
    const wrong = [];
    for (const one of [...scheme.methods.values(), ...scheme.constructors.values()]) {
      try {
        form(scheme, one, { _cons: one.name }, () => {});
      } catch (error) {
        wrong.push(`${one.name}: ${error}`);
      }
    }
    return { wrong, count: scheme.methods.size };
  });
  assert.deepEqual(broken.wrong, []);
  assert.ok(broken.count > 500);
});
