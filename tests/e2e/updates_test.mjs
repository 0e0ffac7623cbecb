// People who talk to each other, each seeing exactly what is theirs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, messageOf } from './support/client.mjs';
import { Gateway, patience, pause } from './support/gateway.mjs';

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.close());

const person = async (t, phone, more) => {
  const client = await Client.connect(gateway.port);
  t.after(() => client.close());
  client.user = (await client.signIn(phone, more)).signin.user;
  return client;
};
const say = (peer, message, more = {}) => ({ _cons: 'messages.sendMessage', peer, message, ...more });
// What user `id` is to this client: found by the phone number, as a person would.
const contact = async (client, phone) => {
  const { users } = await client.call({ _cons: 'contacts.importContacts', contacts: [{
    _cons: 'inputPhoneContact', client_id: 1, phone, first_name: 'A', last_name: 'Friend' }] });
  return { _cons: 'inputPeerUser', user_id: users[0].id, access_hash: users[0].access_hash };
};

test('two clients message each other', async (t) => {
  const ada = await person(t, '9996620001');
  const grace = await person(t, '9996620002', { password: 'sandbox' });
  const toGrace = await contact(ada, '9996620002');
  await ada.call(say(toGrace, 'hello Grace'));
  const got = await grace.newMessage('hello Grace');
  assert.ok(got);
  const toAda = await contact(grace, '9996620001');
  await grace.call({ _cons: 'messages.setTyping', peer: toAda, action: { _cons: 'sendMessageTypingAction' } });
  await ada.update((u) => JSON.stringify(u, (_, v) => (typeof v === 'bigint' ? `${v}` : v)).includes('updateUserTyping'), 'typing');
  await grace.call(say(toAda, 'hello Ada'));
  await ada.newMessage('hello Ada');
  const { messages } = await ada.call({ _cons: 'messages.getHistory', peer: toGrace, limit: 2 });
  assert.deepEqual(messages.map((m) => m.message), ['hello Ada', 'hello Grace']);
});

test('the bot types, then echoes a second later', async (t) => {
  const ada = await person(t, '9996620001');
  const begun = Date.now();
  await ada.call(say('@echobot', 'echo me'));
  await ada.next((v, text) => v.id === 0 && text.includes('updateUserTyping'), 'typing');
  await ada.update((u) => messageOf(u)?.message === 'echo me' && !messageOf(u).out, 'the echo');
  const took = Date.now() - begun;
  assert.ok(took >= 800 && took < 4000 * patience, `${took} ms`);
});

test('an update reaches every session of the account', async (t) => {
  const one = await person(t, '9996620001');
  const two = await person(t, '9996620001');
  await two.call({ _cons: 'updates.getState' });
  await one.call(say('me', 'to all my screens'));
  await two.newMessage('to all my screens');
});

test('edit, read, forward and delete are told to the other', async (t) => {
  const ada = await person(t, '9996620001');
  const grace = await person(t, '9996620002', { password: 'sandbox' });
  const toGrace = await contact(ada, '9996620002');
  const toAda = await contact(grace, '9996620001');
  await ada.call(say(toGrace, 'draft'));
  await grace.newMessage('draft');
  const history = (client, peer) => client.call({ _cons: 'messages.getHistory', peer, limit: 1 });
  const id = (await history(ada, toGrace)).messages[0].id;
  await ada.call({ _cons: 'messages.editMessage', peer: toGrace, id, message: 'final' });
  await grace.next((v, text) => v.id === 0 && text.includes('updateEditMessage') && text.includes('final'), 'edit');
  const { id: last } = (await history(grace, toAda)).messages[0];
  await grace.call({ _cons: 'messages.readHistory', peer: toAda, max_id: last });
  await ada.next((v, text) => v.id === 0 && text.includes('updateReadHistoryOutbox'), 'read');
  await ada.call({ _cons: 'messages.forwardMessages', from_peer: toGrace, id: [id], to_peer: 'me' });
  const copy = (await history(ada, 'me')).messages[0];
  assert.equal(copy.message, 'final');
  assert.ok(copy.fwd_from);
  await ada.call({ _cons: 'messages.deleteMessages', revoke: true, id: [id] });
  await grace.next((v, text) => v.id === 0 && text.includes('updateDeleteMessages'), 'delete');
  assert.notEqual((await history(grace, toAda)).messages[0]?.message, 'final');
});

test('a group: made, written to, heard by all', async (t) => {
  const ada = await person(t, '9996620001');
  const grace = await person(t, '9996620002', { password: 'sandbox' });
  const { user_id, access_hash } = await contact(ada, '9996620002');
  const made = await ada.call({ _cons: 'messages.createChat', title: 'Engines',
    users: [{ _cons: 'inputUser', user_id, access_hash }] });
  const chat = (made.updates ?? made).chats.find((c) => c.title === 'Engines');
  await grace.next((v, text) => v.id === 0 && text.includes('Engines'), 'the new group');
  await ada.call(say({ _cons: 'inputPeerChat', chat_id: chat.id }, 'welcome'));
  await grace.newMessage('welcome');
});

test('getDifference from an old state tells what was missed', async (t) => {
  const ada = await person(t, '9996620001');
  const { pts, date, qts } = await ada.call({ _cons: 'updates.getState' });
  await ada.call(say('me', 'missed'));
  const difference = await ada.call({ _cons: 'updates.getDifference', pts, date, qts });
  assert.equal(difference._cons, 'updates.difference');
  assert.deepEqual(difference.new_messages.map((m) => m.message), ['missed']);
  assert.equal(difference.state.pts, pts + 1);
  const { state } = difference;
  const none = await ada.call({ _cons: 'updates.getDifference', pts: state.pts, date: state.date, qts: state.qts });
  assert.equal(none._cons, 'updates.differenceEmpty');
});

test('fifty sockets with fifty accounts, each seeing exactly its own', async (t) => {
  const people = await Promise.all(Array.from({ length: 50 }, (_, i) =>
    person(t, `99966250${String(i + 10).padStart(2, '0')}`, { first_name: `Person ${i}` })));
  assert.equal(new Set(people.map((p) => `${p.user.id}`)).size, 50);
  // Each writes to the next one and to itself.
  await Promise.all(people.map(async (one, i) => {
    const next = await contact(one, `99966250${String((i + 1) % 50 + 10).padStart(2, '0')}`);
    await one.call(say(next, `from ${i}`));
    await one.call(say('me', `note of ${i}`));
  }));
  await Promise.all(people.map((one, i) => one.newMessage(`from ${(i + 49) % 50}`)));
  await pause(500);
  for (const [i, one] of people.entries()) {
    await one.call({ _cons: 'help.getNearestDc' });
    for (const { value } of one.received) {
      const text = messageOf(value.message ?? {})?.message;
      if (text === undefined || /code/i.test(text)) continue;
      assert.ok([`from ${i}`, `from ${(i + 49) % 50}`, `note of ${i}`].includes(text), `${i} saw "${text}"`);
    }
    assert.ok(!one.received.some(({ value }) => messageOf(value.message ?? {})?.message === `from ${(i + 49) % 50}`),
      'told once');
  }
});
