// A session out of another program's file: chosen, dropped, asked about, and used.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from '../../web/client.js';
import { folder } from '../e2e/support/gateway.mjs';
import { telethonFile } from '../e2e/support/telethon_file.mjs';
import { axeSource, Console } from './support/browser.mjs';

const dir = folder({ after });
let site, telethon;
before(async () => {
  site = await Console.start();
  // The session of somebody who signed in elsewhere, as Telethon has it.
  const tg = await connect(`tcp://127.0.0.1:${site.gateway.port}`);
  await tg.signIn({ phone: '9996620001', code: '22222' });
  telethon = telethonFile(dir, await tg.session());
  tg.close();
});
after(() => site.close());

const axe = fs.readFileSync(axeSource, 'utf8');
const signedIn = (page, name) => page.locator('.user', { hasText: name }).waitFor();
const openFile = (page) => page.getByRole('button', { name: 'File', exact: true }).click();

async function looksWell(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  assert.deepEqual(violations.map(({ id }) => id), []);
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= window, `it scrolls sideways: ${wide} > ${window}`);
}

// Drops files and folders of this machine, the way a file manager does.
async function drop(page, ...names) {
  const devtools = await page.context().newCDPSession(page);
  const zone = page.locator('.signin .drop');
  await zone.scrollIntoViewIfNeeded();
  const { x, y } = await zone.boundingBox();
  const data = { items: [], files: names.map((name) => path.join(dir, name)), dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await devtools.send('Input.dispatchDragEvent', { type, x: x + 9, y: y + 9, data });
}
const write = (name, bytes) => {
  fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
  fs.writeFileSync(path.join(dir, name), bytes);
};

test('a file of Telethon is chosen by the keyboard, shown, and signs in', async (t) => {
  const page = await site.window(t, { viewport: { width: 360, height: 740 } });
  await openFile(page);
  await looksWell(page);
  const chooser = page.waitForEvent('filechooser');
  await page.getByLabel('A file', { exact: true }).focus();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles({ name: 'ada.session', mimeType: '', buffer: telethon });
  await page.getByText('A session of Telethon, data centre 2.').waitFor();
  await page.getByText(/Use it in one program at a time/).waitFor();
  await looksWell(page);
  await page.keyboard.press('Enter');
  await signedIn(page, 'Ada');
  await page.locator('.dialogs a').first().waitFor();
});

test('a file is dropped, and the session is kept where that is ticked', async (t) => {
  const page = await site.window(t);
  await openFile(page);
  await page.getByLabel(/Stay signed in/).check();
  write('ada.session', telethon);
  await drop(page, 'ada.session');
  await page.getByRole('button', { name: 'Use this session' }).click();
  await signedIn(page, 'Ada');
  await page.reload();
  await signedIn(page, 'Ada');
});

test('what is no session is said in words', async (t) => {
  const page = await site.window(t);
  await openFile(page);
  write('notes.txt', 'hello');
  await drop(page, 'notes.txt');
  await page.locator('.problem', { hasText: 'notes.txt: no session of a program' }).waitFor();
  await page.getByLabel('A file', { exact: true }).setInputFiles({
    name: 'large.bin', mimeType: '', buffer: Buffer.alloc((12 << 20) + 1) });
  await page.locator('.problem', { hasText: /large\.bin.*signin-cli --import/ }).waitFor();
  await looksWell(page);
});

test('of a tdata only what opens its accounts is sent', async (t) => {
  const page = await site.window(t);
  for (const name of ['key_datas', 'D877F783D5D3EF8Cs', 'D877F783D5D3EF8C/configs', 'D877F783D5D3EF8C/maps',
    'user_data/cache/0/x', 'settingss', 'countries']) write(`tdata/${name}`, 'TDF$');
  await openFile(page);
  for (const give of [
    () => page.getByLabel('A folder', { exact: true }).setInputFiles(path.join(dir, 'tdata')),
    () => drop(page, 'tdata'),
  ]) {
    const sent = page.waitForRequest('**/import');
    await give();
    const { files } = (await sent).postDataJSON();
    assert.deepEqual(Object.keys(files).sort(),
      ['tdata/D877F783D5D3EF8C/configs', 'tdata/D877F783D5D3EF8Cs', 'tdata/key_datas']);
    await page.locator('.problem', { hasText: 'tdata/key_datas' }).waitFor();
  }
});

// What the gateway answers about files that are made nowhere here.
const answering = (page, answers) => {
  const asked = [];
  return page.route('**/import', async (route) => {
    const { files, ...more } = route.request().postDataJSON();
    asked.push(more);
    await route.fulfill({ json: answers.shift() });
  }).then(() => asked);
};

test('a passcode is asked for, again where it is wrong, and then an account', async (t) => {
  const page = await site.window(t);
  const body = JSON.stringify({ files: { a: telethon.toString('base64') } });
  const { session } = await (await fetch(`${site.url}import`, { method: 'POST', body })).json();
  const wants = { error: 'SessionFileError', msg: 'That is not the passcode.', wants: 'passcode' };
  const asked = await answering(page, [
    { ...wants, msg: 'it has a passcode' }, wants,
    { error: 'SessionFileError', msg: 'several', choices: ['user 1, data centre 2', 'user 2, data centre 1'] },
    { session, library: 'Telegram Desktop', user_id: 1, notes: ['One at a time.'] }]);
  await openFile(page);
  write('key_datas', 'x');
  await drop(page, 'key_datas');
  const passcode = page.getByLabel('Its passcode');
  await passcode.fill('wrong');
  await page.keyboard.press('Enter');
  await page.locator('.problem', { hasText: 'That is not the passcode.' }).waitFor();
  await looksWell(page);
  await passcode.fill('right');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'user 2, data centre 1' }).click();
  await page.getByText('A session of Telegram Desktop, data centre 2, user 1.').waitFor();
  await page.getByText('One at a time.').waitFor();
  assert.deepEqual(asked, [{}, { passcode: 'wrong' }, { passcode: 'right' }, { passcode: 'right', choice: 2 }]);
  await page.getByRole('button', { name: 'Use this session' }).click();
  await signedIn(page, 'Ada');
});
