// What the explorer decides without a page: what is grave, how descriptions read, what is found.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graveIn, hasDefault, isGrave, plain } from '../../web/explorer/scheme.js';
import { index, search } from '../../web/explorer/search.js';
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
    "A link »\nand <b> 'it'",
  );
  assert.equal(
    plain('See {@link auth.RawSendCodeRequest} and {@link RawInputPeerSelf}'),
    'See auth.sendCode and inputPeerSelf',
  );
  assert.equal(plain('1 < 2 and <script>alert(1)</script>'), '1 < 2 and alert(1)');
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
