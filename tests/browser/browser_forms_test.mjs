// Forms that help: whom a field names, files, dates, messages, and where a mistake is shown.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Console, jpegOf, signIn } from './support/browser.mjs';

let site;
before(async () => (site = await Console.start()));
after(() => site.close());

const request = async (page) => JSON.parse(await page.getByLabel('The request as JSON').inputValue());
const run = (page) => page.getByRole('button', { name: 'Run', exact: true }).click();
async function method(page, name) {
  await page.goto(`${site.url}#explorer/${name}`);
  await page.locator('h2', { hasText: name }).waitFor();
}

test('a peer is picked from chats and contacts; constructors stand behind them', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'messages.getHistory');
  const peer = page.getByLabel('peer', { exact: true });
  await page.locator('optgroup[label="Chats"] option').first().waitFor({ state: 'attached' });
  const groups = await peer.locator('optgroup').evaluateAll((all) => all.map(({ label }) => label));
  assert.deepEqual(groups.slice(0, 1), ['Chats']);
  assert.deepEqual(groups.slice(-2), ['By name', 'Constructors']);
  await peer.selectOption({ label: 'Grace Hopper (@grace_hopper)' });
  assert.equal((await request(page)).peer, '@grace_hopper');
  await peer.selectOption({ label: 'Sandbox' }); // a group without a name
  assert.equal((await request(page)).peer._cons, 'inputPeerChat');
  assert.equal(await peer.evaluate((one) => one.selectedOptions[0].label), 'Sandbox');
  await run(page);
  await page.locator('.result .tree').waitFor();
});

test('JSON that names a chat shows that chat', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'messages.getHistory');
  await page.locator('optgroup[label="Chats"] option').first().waitFor({ state: 'attached' });
  await page.getByLabel('The request as JSON').fill('{"_cons":"messages.getHistory","peer":"@echobot"}');
  const label = () =>
    page.getByLabel('peer', { exact: true }).evaluate((one) => one.selectedOptions[0].label);
  assert.match(await label(), /^Echo/);
});

test('a file that is chosen goes up and fills in what names it', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'messages.sendMedia');
  await page.getByLabel('peer', { exact: true }).selectOption('me');
  await page.getByLabel('media', { exact: true }).selectOption('inputMediaUploadedDocument');
  const jpeg = await jpegOf(page);
  await page
    .getByLabel('file: a file')
    .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: jpeg });
  await page.waitForFunction(() => /"md5_checksum"/.test(document.querySelector('.json').value));
  const { media } = await request(page);
  assert.equal(media.file.name, 'a.jpg');
  assert.equal(media.file.parts, 1);
  assert.equal(media.mime_type, 'image/jpeg');
  assert.deepEqual(media.attributes, [{ _cons: 'documentAttributeFilename', file_name: 'a.jpg' }]);
  await page.getByLabel('message', { exact: true }).fill('as a file');
  await run(page);
  await page
    .locator('.result .cons', { hasText: /^update/ })
    .first()
    .waitFor();
});

test('a file can be dropped', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'photos.uploadProfilePhoto');
  await page.getByLabel('file', { exact: true }).check();
  await page.locator('.drop').first().waitFor();
  await page
    .locator('.drop')
    .first()
    .evaluate((zone) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(900_000)], 'dropped.bin'));
      zone.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    });
  await page.waitForFunction(() => /"parts": 2/.test(document.querySelector('.json').value));
});

test('a date is a date, a message is picked from its chat', async (t) => {
  const page = await site.window(t, { timezoneId: 'UTC' });
  await signIn(page, 'Ada');
  await method(page, 'messages.getHistory');
  await page.getByLabel('offset_date as a date').fill('2026-01-02T03:04');
  assert.equal((await request(page)).offset_date, Date.UTC(2026, 0, 2, 3, 4) / 1000);
  await page.getByLabel('offset_date', { exact: true }).fill('1767322980');
  assert.equal(await page.getByLabel('offset_date as a date').inputValue(), '2026-01-02T03:03');
  await page.getByLabel('peer', { exact: true }).selectOption({ label: 'Grace Hopper (@grace_hopper)' });
  await page.getByLabel('offset_id: a message').focus();
  const option = page.getByLabel('offset_id: a message').locator('option', { hasText: 'business' });
  await option.waitFor({ state: 'attached' });
  await page.getByLabel('offset_id: a message').selectOption(await option.getAttribute('value'));
  assert.equal((await request(page)).offset_id, Number(await option.getAttribute('value')));
});

test('what must be said is marked, and what everybody takes is there already', async (t) => {
  const page = await site.window(t, { at: '#explorer/messages.search' });
  const marked = page.locator('.row-field', { has: page.locator('.needed') }).locator('.head label');
  await marked.first().waitFor();
  const names = await marked.allTextContents();
  assert.ok(names.includes('peer') && names.includes('q'), names.join());
  assert.ok(!names.includes('limit') && !names.includes('from_id'), names.join());
  assert.deepEqual((await request(page)).filter, { _cons: 'inputMessagesFilterEmpty' });
  assert.equal(await page.locator('option', { hasText: 'mtcute' }).count(), 0);
});

test('all that is missing is told at once, each at its field', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'messages.sendMedia');
  const told = () =>
    page
      .locator('.row-field', { has: page.locator(':scope > .problem:not([hidden])') })
      .locator('> .head label');
  await run(page);
  await page.locator('.failure').waitFor();
  assert.deepEqual(await told().allTextContents(), ['peer', 'media', 'message']);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SELECT'); // the first of them
  await page.getByLabel('peer', { exact: true }).selectOption('me');
  await page.getByLabel('media', { exact: true }).selectOption('inputMediaUploadedPhoto');
  assert.deepEqual(await told().allTextContents(), ['message']);
  await run(page);
  await page.locator('.failure', { hasText: 'file' }).waitFor();
  assert.deepEqual(await told().allTextContents(), ['file', 'message']);
});

test("Telegram's error stands under the field that it names, and the JSON is marked", async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'messages.getHistory');
  await page
    .getByLabel('The request as JSON')
    .fill('{"_cons":"messages.getHistory","peer":{"_cons":"inputPeerUser","user_id":"5","access_hash":"5"}}');
  await run(page);
  await page.locator('.failure', { hasText: 'PEER_ID_INVALID' }).waitFor();
  const field = page.locator('.row-field', { has: page.locator('.problem:not([hidden])') }).first();
  assert.match(await field.locator('label').first().textContent(), /^peer$/);
  // The text was typed in one line, so there are no lines to mark; as the form writes it, there are.
  await page.getByLabel('user_id', { exact: true }).fill('6');
  await run(page);
  await page.locator('.json.marked').waitFor();
  assert.equal(await page.locator('.json').evaluate((one) => one.style.getPropertyValue('--from')), '2');
  await page.getByLabel('user_id', { exact: true }).fill('7');
  assert.equal(await page.locator('.json.marked').count(), 0);
});

test('the answer stands beside the form; on a phone Run stays in reach', async (t) => {
  const page = await site.window(t, { viewport: { width: 1280, height: 800 } });
  await signIn(page, 'Ada');
  await method(page, 'messages.getHistory');
  await page.getByLabel('peer', { exact: true }).selectOption('me');
  await run(page);
  await page.locator('.result .tree').waitFor();
  const [form, answer] = [
    await page.locator('.fields').first().boundingBox(),
    await page.locator('.result').boundingBox(),
  ];
  assert.ok(answer.x > form.x + form.width - 1 && answer.y < 600, JSON.stringify({ form, answer }));

  await page.setViewportSize({ width: 360, height: 740 });
  for (const name of ['messages.sendMessage', 'messages.getHistory']) {
    await method(page, name);
    await page.locator('.method:visible .run').click({ trial: true });
    const box = await page.locator('.method:visible .run').boundingBox();
    assert.ok(box.y + box.height < 740, `${name}: ${box.y}`);
  }
  await page.locator('.explorer .pane').evaluate((pane) => (pane.scrollTop = 0));
  await page.locator('.method:visible .run').click();
  await page.waitForFunction(() => {
    const top = document.querySelector('.result .tree')?.getBoundingClientRect().top;
    return top > 0 && top < innerHeight - 100;
  });
});

test('an answer is filtered, shown as a table and saved', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'messages.getDialogs');
  await run(page);
  await page.locator('.result .tree .node').first().waitFor();
  await page.getByLabel('Filter the answer').fill('turing');
  await page.locator('.result .text', { hasText: '"Turing"' }).waitFor();
  assert.equal(await page.locator('.result .text', { hasText: '"Hopper"' }).count(), 0);
  await page.getByLabel('Show as').selectOption('users');
  await page.locator('.result td', { hasText: /^Hopper$/ }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'messages.getDialogs.json');
});

test('back keeps what was filled in; the last runs outlive a reload where they shall', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await method(page, 'help.getAppConfig');
  await page.getByLabel('hash', { exact: true }).fill('7');
  await method(page, 'help.getConfig');
  await run(page);
  await page.locator('.result .tree').waitFor();
  await page.goBack();
  await page.locator('h2', { hasText: 'help.getAppConfig' }).waitFor();
  assert.equal(await page.getByLabel('hash', { exact: true }).inputValue(), '7');
  await run(page);
  await page.locator('.result .tree').waitFor();
  await page.goto(site.url + '#explorer/runs');
  await page.locator('.runs li').nth(1).waitFor();
  await page.getByLabel('Choose run 1 to compare').check();
  await page.getByLabel('Choose run 2 to compare').check();
  await page.getByRole('button', { name: 'Compare two' }).click();
  await page.locator('.compared h3', { hasText: 'differences' }).waitFor();
  await page.getByLabel('Keep them in this browser').check();
  await page.reload();
  await page.locator('.runs li').nth(1).waitFor();
  await page.getByRole('button', { name: /#2 help.getAppConfig/ }).click();
  await page.locator('h2', { hasText: 'help.getAppConfig' }).waitFor();
  assert.equal(await page.getByLabel('hash', { exact: true }).inputValue(), '7');
  await page.getByLabel('Find a method').focus();
});

test('on a phone the last runs are in reach, too', async (t) => {
  const page = await site.window(t, { viewport: { width: 360, height: 740 }, at: '#explorer' });
  await page.getByRole('link', { name: 'The last runs' }).click();
  await page.locator('h2', { hasText: 'Last runs' }).waitFor();
});

test('a slash finds, but is a slash where somebody types', async (t) => {
  const page = await site.window(t, { at: '#explorer/messages.sendMessage' });
  const message = page.getByLabel('message', { exact: true });
  await message.press('/');
  assert.equal(await message.inputValue(), '/');
  await page.locator('.method h2').focus();
  await page.keyboard.press('/');
  assert.ok(await page.getByLabel('Find a method').evaluate((one) => one === document.activeElement));
});
