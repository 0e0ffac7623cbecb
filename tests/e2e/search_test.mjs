// The console's search over the whole scheme: what people ask for is found where they look.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Gateway } from './support/gateway.mjs';
import { mark, worked } from './support/questions.mjs';
import { everyday } from '../../web/explorer/everyday.js';
import { index, search } from '../../web/explorer/search.js';
import { indexed } from '../../web/explorer/scheme.js';

let gateway, scheme, known;
before(async () => {
  gateway = await Gateway.start();
  scheme = indexed(await (await fetch(`http://127.0.0.1:${gateway.port}/scheme.json`)).json());
  known = index(scheme);
});
after(() => gateway.close());

for (const [half, questions] of Object.entries({ worked, mark }))
  test(`questions as people type them find the method: ${half}`, (t) => {
    const places = questions.map(([question, right]) => ({
      question,
      place: search(known, question).findIndex(({ name }) => right.includes(name)),
    }));
    const share = (within) =>
      places.filter(({ place }) => place >= 0 && place < within).length / places.length;
    t.diagnostic(`first: ${share(1).toFixed(2)}, in the first three: ${share(3).toFixed(2)}`);
    const missed = JSON.stringify(places.filter(({ place }) => place !== 0));
    assert.ok(share(3) >= 0.95, missed);
    assert.ok(share(1) >= 0.75, missed);
  });

test('words that are still being typed find it already', () => {
  for (const [query, name] of [
    ['send mess', 'messages.sendMessage'],
    ['getdia', 'messages.getDialogs'],
    ['mgd', 'messages.getDialogs'],
    ['users.getU', 'users.getUsers'],
    ['forwrad message', 'messages.forwardMessages'],
  ])
    assert.ok(
      search(known, query)
        .slice(0, 3)
        .some((method) => method.name === name),
      `${query}: ${search(known, query)
        .slice(0, 5)
        .map((method) => method.name)}`,
    );
});

test('nothing in the scheme is an invention of the package that it comes from', () => {
  assert.deepEqual(search(known, 'mtcute'), []);
  assert.deepEqual(
    [...scheme.constructors.keys()].filter((name) => /mtcute|Legacy$/.test(name)),
    [],
  );
});

test('a word that tells nothing keeps nothing from being found', () => {
  for (const [query, name] of [
    ['zzqx list my chats', 'messages.getDialogs'],
    ['who did I block', 'contacts.getBlocked'],
    ['how would one unblock somebody?', 'contacts.unblock'],
  ])
    assert.equal(search(known, query)[0]?.name, name, query);
});

test('an error, or a constructor, finds the methods that it belongs to and no others', () => {
  const errors = ({ errors = [] }) => errors.map(([, name]) => name);
  assert.deepEqual(
    search(known, 'USERNAME_NOT_OCCUPIED').filter((one) => !errors(one).includes('USERNAME_NOT_OCCUPIED')),
    [],
  );
  const takers = search(known, 'inputMediaUploadedPhoto');
  assert.ok(takers.length > 5);
  assert.deepEqual(
    takers.filter(({ fields }) => !fields.some(({ type }) => type === 'InputMedia')),
    [],
  );
});

test('what fits much less than the best is left out', () => {
  assert.ok(search(known, 'who is in a group').length < 40);
});

test('without a verb it is about seeing something', () => {
  for (const [query, name] of [
    ['saved gifs', 'messages.getSavedGifs'],
    ['poll results', 'messages.getPollResults'],
  ])
    assert.equal(search(known, query)[0].name, name, query);
});

test('what is one word in two is found as either', () => {
  for (const query of ['log out', 'sign out', 'logout', 'sign-out'])
    assert.equal(search(known, query)[0].name, 'auth.logOut', query);
  assert.equal(search(known, '@durov')[0].name, 'contacts.resolveUsername');
});

test('whoever pastes a page waits no longer than who asks in a line', () => {
  const page = Array.from({ length: 20_000 }, (_, at) => `send${at} message`).join(' ');
  const before = process.cpuUsage();
  search(known, page);
  const { user, system } = process.cpuUsage(before); // not by the clock: others may be at work, too
  assert.ok(user + system < 1_500_000, `${user + system} µs`);
  assert.equal(search(known, 'send a message '.repeat(2000))[0].name, 'messages.sendMessage');
});

test('every everyday method is one of the scheme', () => {
  assert.deepEqual(
    [...everyday.keys()].filter((name) => !scheme.methods.has(name)),
    [],
  );
});

test('what nobody offers finds nothing', () => {
  assert.deepEqual(search(known, 'zzqx'), []);
});
