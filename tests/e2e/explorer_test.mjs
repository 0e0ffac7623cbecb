// What the explorer decides without a page: what is grave, how descriptions read, what is found.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graveIn, hasDefault, isGrave, plain } from '../../web/explorer/scheme.js';
import { index, search } from '../../web/explorer/search.js';
import { fieldOf, linesOf } from '../../web/explorer/blame.js';
import { sift } from '../../web/explorer/answer.js';
import { differences } from '../../web/explorer/compare.js';
import { recipesFor } from '../../web/recipes/find.js';
import { blank } from '../../web/wire_log.js';

test('deleting, resetting, clearing, blocking and logging out are asked about first', () => {
  for (const name of ['account.deleteAccount', 'auth.resetAuthorizations', 'auth.logOut', 'contacts.block']) {
    assert.equal(isGrave(name), true, name);
  }
  for (const name of ['messages.clearRecentStickers', 'messages.deleteHistory', 'channels.leaveChannel']) {
    assert.equal(isGrave(name), true, name);
  }
  for (const name of [
    'contacts.unblock',
    'messages.getDialogs',
    'auth.logIn',
    'help.getConfig',
    'contacts.getBlocked',
  ]) {
    assert.equal(isGrave(name), false, name);
  }
});

test('a grave method inside another is found', () => {
  const scheme = {
    methods: new Map([
      ['invokeWithLayer', {}],
      ['account.deleteAccount', {}],
    ]),
  };
  const query = { _cons: 'account.deleteAccount', reason: 'x' };
  assert.deepEqual(graveIn(scheme, { _cons: 'invokeWithLayer', layer: 1, query }), ['account.deleteAccount']);
  assert.deepEqual(graveIn(scheme, { _cons: 'invokeWithLayer', query: { _: 'account.deleteAccount' } }), [
    'account.deleteAccount',
  ]);
  assert.deepEqual(graveIn(scheme, { _cons: 'invokeWithLayer', text: 'account.deleteAccount' }), []);
});

test('descriptions lose their markup and keep their words', () => {
  assert.equal(
    plain('A <a href="x">link &raquo;</a><br>and &lt;b&gt; &#39;it&#39;'),
    "A link\nand <b> 'it'",
  );
  assert.equal(
    plain('See {@link auth.RawSendCodeRequest} and {@link RawInputPeerSelf}'),
    'See auth.sendCode and inputPeerSelf',
  );
  assert.equal(plain('1 < 2 and <script>alert(1)</script>'), '1 < 2 and alert(1)');
});

test('descriptions lose what only pointed at a link', () => {
  for (const [doc, words] of [
    ['A story, <a href="x">see here &raquo;</a> for more info on stories.', 'A story.'],
    ['Hash used for caching, for more info click here', 'Hash used for caching'],
    ['Offset, for more info click here (an ID)', 'Offset (an ID)'],
    ['An ID. See here » for more info on random IDs and all that.', 'An ID.'],
    ['Colour, see here for more info; if not set, the default', 'Colour; if not set, the default'],
    ['As «quoted» here', 'As «quoted» here'],
  ])
    assert.equal(plain(doc), words);
  const before = process.cpuUsage();
  plain('see '.repeat(100_000) + '\n'.repeat(100_000));
  assert.ok(process.cpuUsage(before).user < 2_000_000, 'in linear time');
});

test('fields that the gateway fills in are known', () => {
  assert.equal(hasDefault({ name: 'messages.getHistory' }, { name: 'limit', type: 'int' }), true);
  assert.equal(hasDefault({ name: 'messages.deleteHistory' }, { name: 'max_id', type: 'int' }), false);
  assert.equal(hasDefault({ name: 'messages.sendMessage' }, { name: 'random_id', type: 'long' }), true);
});

test('the search finds by name, by letters and by description, the nearest first', () => {
  const methods = [
    { name: 'messages.sendVote', doc: 'Vote in a poll' },
    { name: 'messages.sendMessage', doc: 'Sends a message to a chat' },
    { name: 'messages.getDialogs', doc: 'Returns the current user dialog list.' },
  ];
  const known = index({ methods: new Map(methods.map((method) => [method.name, method])) });
  const first = (query) => search(known, query)[0]?.name;
  assert.equal(first('send mess'), 'messages.sendMessage');
  assert.equal(first('mgd'), 'messages.getDialogs');
  assert.equal(first('poll'), 'messages.sendVote');
  assert.equal(first('SENDMESSAGE'), 'messages.sendMessage');
  assert.equal(first('nothing like it'), undefined);
  assert.equal(search(known, '').length, 3);
});

test('what only one method takes, gives or refuses finds it, too', () => {
  const methods = [
    { name: 'a.first', type: 'Bool', fields: [{ name: 'media', type: 'InputMedia' }] },
    { name: 'a.second', type: 'Bool', fields: [], errors: [[400, 'USERNAME_NOT_OCCUPIED']] },
    { name: 'a.third', type: 'Bool', fields: [{ name: 'rank', type: 'string', doc: 'The nickname' }] },
  ];
  const one = { name: 'inputMediaUploadedPhoto', type: 'InputMedia', fields: [] };
  const known = index({
    methods: new Map(methods.map((method) => [method.name, method])),
    byType: new Map([['InputMedia', [one]]]),
  });
  const names = (query) => search(known, query).map(({ name }) => name);
  assert.deepEqual(names('inputMediaUploadedPhoto'), ['a.first']);
  assert.equal(names('USERNAME_NOT_OCCUPIED')[0], 'a.second');
  assert.deepEqual(names('nicknames'), ['a.third']);
  assert.deepEqual(names('pictures'), ['a.first']); // another word for a photo
  assert.deepEqual(names('nicknmae'), ['a.third']);
});

test('the wire covers keys, codes and passwords at any depth', () => {
  const shown = blank({
    session: { auth_key: 'k', dc: 2 },
    signin: { code: '1', password: 'p', phone: '9' },
    list: [{ token: 't' }],
  });
  assert.deepEqual(shown, {
    session: { auth_key: '•••', dc: 2 },
    signin: { code: '•••', password: '•••', phone: '9' },
    list: [{ token: '•••' }],
  });
});

test('recipes are found by what they do, and only where all of it is asked for', () => {
  const ids = (query) => recipesFor(query).map(({ id }) => id);
  assert.deepEqual(ids('send a picture'), ['photo']);
  assert.deepEqual(ids('send mess'), ['send']);
  assert.deepEqual(ids('who is in a group'), ['members']);
  assert.deepEqual(ids('conversation'), []);
  assert.deepEqual(ids('messages.sendMessage'), []);
  assert.deepEqual(ids('sticker'), []);
  assert.deepEqual(ids('get users'), []);
  assert.deepEqual(ids(''), []);
});

test('an error names the field that it is about', () => {
  const method = {
    name: 'messages.sendMedia',
    fields: [
      { name: 'peer', type: 'InputPeer' },
      { name: 'media', type: 'InputMedia' },
      { name: 'message', type: 'string' },
      { name: 'schedule_date', type: 'int' },
      { name: 'id', type: 'int', vector: 1 },
    ],
  };
  for (const [error, field] of [
    ['PEER_ID_INVALID', 'peer'],
    ['CHAT_WRITE_FORBIDDEN', 'peer'],
    ['MEDIA_EMPTY', 'media'],
    ['PHOTO_INVALID_DIMENSIONS', 'media'],
    ['MESSAGE_TOO_LONG', 'message'],
    ['MESSAGE_ID_INVALID', 'id'],
    ['SCHEDULE_DATE_TOO_LATE', 'schedule_date'],
    ['FLOOD_WAIT', undefined],
  ])
    assert.equal(fieldOf(method, error), field, error);
});

test('a pointer finds its lines of the JSON', () => {
  const value = { _cons: 'a', peer: { _cons: 'b', id: '1' }, list: [1, { x: true }] };
  assert.deepEqual(linesOf(value, '/message/peer'), [2, 6]);
  assert.deepEqual(linesOf(value, '/message/peer/id'), [4, 5]);
  assert.deepEqual(linesOf(value, '/message/list/1'), [8, 11]);
  assert.deepEqual(linesOf(value, '/message/peer/not_there'), [2, 6]);
  assert.equal(linesOf(value, '/message/nothing'), null);
});

test('an answer is sifted by names and values, and two are compared by place', () => {
  const answer = {
    _cons: 'x',
    users: [
      { id: '1', first_name: 'Ada' },
      { id: '2', first_name: 'Grace' },
    ],
  };
  assert.deepEqual(sift(answer, 'grace'), { _cons: 'x', users: [{ first_name: 'Grace' }] });
  assert.deepEqual(sift(answer, 'users'), answer);
  assert.equal(sift(answer, 'nobody'), undefined);
  assert.deepEqual(differences(answer, { ...answer, users: [{ id: '1', first_name: 'Eve' }] }), [
    { path: '/users/0/first_name', before: 'Ada', after: 'Eve' },
    { path: '/users/1/id', before: '2', after: undefined },
    { path: '/users/1/first_name', before: 'Grace', after: undefined },
  ]);
  assert.deepEqual(differences(answer, answer), []);
});

test('runs that are kept across a reload hold no keys, codes or passwords', async () => {
  const items = new Map();
  globalThis.localStorage = {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, text) => items.set(name, text),
    removeItem: (name) => items.delete(name),
  };
  const { add, keepRuns, runs } = await import('../../web/explorer/runs.js');
  add({ method: 'help.getConfig', request: {}, answer: { _cons: 'config' }, took: 1 });
  assert.equal(items.size, 0, 'nobody has asked for it');
  keepRuns(true);
  add({ method: 'auth.signIn', request: { phone_code: '12345' }, answer: {}, took: 1 });
  add({
    method: 'a.b',
    request: { token: 'tok-1', code: 'c-1' },
    answer: { auth_key: 'k-1', ok: 1 },
    took: 1,
  });
  add({ method: 'a.long', request: {}, answer: { text: 'x'.repeat(30_000) }, took: 1 });
  const text = items.get('runs');
  assert.match(text, /a\.b/);
  assert.doesNotMatch(text, /auth\.signIn|12345|tok-1|c-1|k-1/);
  assert.ok(text.length < 5000, 'long answers stay out');
  for (let number = 0; number < 60; number++) add({ method: 'a.b', request: {}, answer: {}, took: 1 });
  assert.equal(runs.length, 50);
  keepRuns(false);
  assert.equal(items.size, 0);
  delete globalThis.localStorage;
});
