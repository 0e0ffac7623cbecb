// Chats in the console: sending, typing, what comes live, and that nothing in it is ever markup.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Console, jpegOf, signIn } from './support/browser.mjs';

let site;
before(async () => (site = await Console.start()));
after(() => site.close());

// By the chat's name, and not by what was written last.
const row = (page, name) => page.locator('.dialogs a', { has: page.locator('.name', { hasText: name }) });
const open = async (page, name) => {
  await row(page, name).first().click();
  await page.locator('.chat-head h2', { hasText: name }).waitFor();
};
const box = (page) => page.getByRole('textbox', { name: /^Message to/ });
const say = async (page, text) => {
  await box(page).fill(text);
  await page.keyboard.press('Enter');
};

test('the echo bot types and answers', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await open(page, 'Echo');
  const text = `hello ${Date.now()}`;
  const typing = page.locator('.chat-head', { hasText: 'typing' }).waitFor();
  await say(page, text);
  await page.locator('.message.out .words', { hasText: text }).waitFor();
  await typing;
  await page.locator('.message:not(.out) .words', { hasText: text }).waitFor();
  assert.match(await page.locator('.dialogs li').first().textContent(), new RegExp(text));
});

test('a long history comes page by page, from the newest', async (t) => {
  const grace = await site.person(t, 'grace');
  for (let number = 1; number <= 90; number++)
    await grace.call('messages.sendMessage', { peer: '@ada_lovelace', message: `line ${number}.` });
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await open(page, 'Grace');
  const line = (number) => page.locator('.words', { hasText: new RegExp(`^line ${number}\\.$`) });
  await line(90).waitFor();
  assert.ok(await line(90).evaluate((element) => element.getBoundingClientRect().bottom <= innerHeight));
  assert.equal(await line(20).count(), 0);
  // Near the top; at the very top they would come by themselves, and no button would be left to press.
  await page.locator('.chats .scroll').evaluate((element) => (element.scrollTop = 100));
  await page.getByRole('button', { name: 'Earlier messages' }).evaluate((button) => button.click());
  await line(20).waitFor();
  // What was being read stays where it was.
  const scrolled = () => page.locator('.chats .scroll').evaluate((element) => element.scrollTop);
  assert.ok((await scrolled()) > 500);
  assert.equal(
    await page.locator('.message').evaluateAll((all) => {
      const ids = all.map((one) => Number(one.dataset.id));
      return ids.every((id, at) => at === 0 || id > ids[at - 1]);
    }),
    true,
  );
});

test('a photo is sent from a file and shown', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await open(page, 'Grace');
  await page.locator('.message').first().waitFor();
  const jpeg = await jpegOf(page);
  await page
    .locator('.composer input[type=file]')
    .setInputFiles({ name: 'teal.jpg', mimeType: 'image/jpeg', buffer: jpeg });
  await page.waitForFunction(() => document.querySelector('.photo img')?.naturalWidth > 0);
});

test('two people talk to each other, live', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await page.locator('.dialogs a').first().waitFor();
  const grace = await site.person(t, 'grace');
  const heard = [];
  grace.on('update', (update) => heard.push(JSON.stringify(update)));
  await grace.call('updates.getState');
  const text = `live ${Date.now()}`;
  await grace.call('messages.sendMessage', { peer: '@ada_lovelace', message: text });
  const row = page.locator('.dialogs a', { hasText: text });
  await row.waitFor();
  assert.match(await row.textContent(), /unread/);
  await row.click();
  await page.locator('.message .words', { hasText: text }).waitFor();
  await page.waitForFunction(
    () => !/unread/.test(document.querySelector('.dialogs a[aria-current]').textContent),
  );
  await box(page).pressSequentially('so');
  await say(page, `back ${text}`);
  for (const wanted of [/sendMessageTypingAction/, new RegExp(`back ${text}`)])
    for (let tries = 0; !heard.some((update) => wanted.test(update)); tries++) {
      assert.ok(tries < 100, `${wanted}: ${heard.join('\n')}`);
      await page.waitForTimeout(50);
    }
});

test('markup and script in messages and names show as text', async (t) => {
  const mark = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
  const link = `<a href="javascript:alert(1)">x</a>`;
  const name = `<b onclick=alert(1)>Mallory</b>`;
  const mallory = await site.person(t, {
    phone: `999662${String(Date.now()).slice(-4)}`,
    code: '22222',
    signUp: { first_name: name, last_name: '<script>' },
  });
  await mallory.call('messages.sendMessage', {
    peer: '@ada_lovelace',
    message: `${mark} ${link} press`,
    entities: [
      { _cons: 'messageEntityTextUrl', offset: 0, length: 4, url: "javascript:document.title='owned'" },
      {
        _cons: 'messageEntityTextUrl',
        offset: 5,
        length: 3,
        url: 'data:text/html,<script>alert(1)</script>',
      },
    ],
  });
  const page = await site.window(t);
  await signIn(page, 'Ada');
  const row = page.locator('.dialogs a', { hasText: name });
  await row.waitFor();
  assert.ok((await row.textContent()).includes('<img src=x'));
  await row.click();
  await page.locator('.chat-head h2', { hasText: `${name} <script>` }).waitFor();
  const words = page.locator('.message .words');
  await words.waitFor();
  assert.equal(await words.textContent(), `${mark} ${link} press`);
  const made = ':is(img, script, [onerror], [onclick], a[href^=javascript], a[href^=data])';
  assert.equal(await page.locator(`.chats ${made}`).count(), 0);
  await say(page, mark);
  await page.locator('.message.out .words', { hasText: mark }).waitFor();
  assert.doesNotMatch(await page.title(), /owned/);
});

test('an empty message is not sent, a refused one stays in the box', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await open(page, 'Echo');
  await page.locator('.message').first().waitFor();
  const before = await page.locator('.message').count();
  await say(page, '   ');
  assert.equal(await page.locator('.message').count(), before);
  const long = 'long '.repeat(900).trim();
  await box(page).fill(long);
  await page.locator('.composer .count', { hasText: '403 too many' }).waitFor(); // 4,499 of 4,096
  await say(page, long);
  await page.locator('.chats .problem', { hasText: 'MESSAGE_TOO_LONG' }).waitFor();
  assert.equal(await box(page).inputValue(), long);
});

test('the box grows with lines that wrap, and shrinks again', async (t) => {
  const page = await site.window(t, { viewport: { width: 360, height: 740 } });
  await signIn(page, 'Ada');
  await open(page, 'Echo');
  const height = () => box(page).evaluate((element) => element.clientHeight);
  const low = await height();
  await box(page).fill('words that wrap '.repeat(12));
  const high = await height();
  assert.ok(high > low * 2, `${low} → ${high}`);
  await box(page).fill('words that wrap '.repeat(100));
  assert.ok((await height()) < 220, 'up to a bound');
  await box(page).fill('');
  assert.equal(await height(), low);
});

test('what people wrote runs in its own direction', async (t) => {
  const page = await site.window(t);
  await signIn(page, 'Ada');
  await open(page, 'Grace');
  await say(page, 'שלום עולם');
  const words = page.locator('.message.out .words', { hasText: 'שלום' });
  await words.waitFor();
  assert.equal(await words.evaluate((element) => getComputedStyle(element).direction), 'rtl');
  assert.equal(await page.locator('.dialogs .last', { hasText: 'שלום' }).evaluate((one) => one.dir), 'auto');
});

test('all chats come as one scrolls, and how many there are is said', async (t) => {
  const grace = await site.person(t, 'grace');
  for (let number = 1; number <= 130; number++)
    await grace.call('messages.createChat', { users: ['@alan_turing'], title: `Group ${number}` });
  const page = await site.window(t);
  await page.locator('.offered button', { hasText: 'Alan' }).click();
  await page.locator('.dialogs a').nth(99).waitFor();
  assert.match(await page.locator('.more-chats').textContent(), /100 of 1\d\d chats/);
  await page.locator('.chats .side').evaluate((side) => (side.scrollTop = side.scrollHeight));
  await page.locator('.dialogs a', { hasText: /Group 1\D/ }).waitFor();
  assert.equal(await page.locator('.more-chats').textContent(), '');
  const names = await page.locator('.dialogs .name').allTextContents();
  assert.equal(new Set(names).size, names.length, 'none twice');
});
