// mtcute schedules messages and keeps folders in the sandbox, unmodified.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folder } from '../e2e/support/gateway.mjs';
import { Outside, first } from './support/outside.mjs';

let outside;
before(async () => {
  outside = await Outside.start();
});
after(() => outside?.close());

async function signedIn(t, phone, at = outside) {
  const client = await at.client(t);
  await client.start({ phone, code: phone[5].repeat(5), codeSentCallback: () => {} });
  return client;
}

test('schedules messages, sends one of them now and takes the other back', { timeout: 60_000 }, async (t) => {
  const [ada, alan] = [await signedIn(t, '9996620001'), await signedIn(t, '9996610003')];
  await alan.startUpdatesLoop();
  const due = new Date((Math.floor(Date.now() / 1000) + 3600) * 1000);
  const tea = await ada.sendText('alan_turing', 'tea at five', { schedule: due });
  assert.deepEqual(tea.date, due);
  assert.ok(tea.isScheduled);
  const cake = await ada.sendText('alan_turing', 'and cake', { schedule: due });
  assert.deepEqual((await ada.getAllScheduledMessages('alan_turing')).map((m) => m.id).sort(), [tea.id, cake.id]);

  const heard = first(alan.onNewMessage, (m) => m.text === 'tea at five', 'message');
  const [sent] = await ada.sendScheduled('alan_turing', tea.id);
  assert.equal(sent.text, 'tea at five');
  assert.ok((await heard).date < due);
  assert.deepEqual((await ada.getAllScheduledMessages('alan_turing')).map((m) => m.text), ['and cake']);
  await ada.deleteScheduledMessages('alan_turing', [cake.id]);
  assert.deepEqual(await ada.getAllScheduledMessages('alan_turing'), []);
});

test('hears what was scheduled when its time has come, in the life of the sandbox that follows', { timeout: 60_000 }, async (t) => {
  const file = path.join(folder(t), 'state.json');
  const earlier = await Outside.start(['--sandbox-state', file]);
  const ada = await signedIn(t, '9996620001', earlier);
  const later = Math.floor(Date.now() / 1000) + 3600;
  await ada.sendText('alan_turing', 'on time', { schedule: new Date(later * 1000) });
  await ada.destroy();
  await earlier.close();

  // Nothing waits for less than ten seconds; this test does not wait for that long.
  const due = Math.floor(Date.now() / 1000) + 3;
  const state = fs.readFileSync(file, 'utf8');
  assert.ok(state.includes(`"date":${later}`), 'it is not in the file');
  fs.writeFileSync(file, state.replace(`"date":${later}`, `"date":${due}`));
  const now = await Outside.start(['--sandbox-state', file]);
  const alan = await signedIn(t, '9996610003', now);
  const heard = first(alan.onNewMessage, (m) => m.text === 'on time', 'message');
  await alan.startUpdatesLoop();
  const message = await heard;
  await alan.destroy();
  await now.close();
  assert.ok(message.date.getTime() / 1000 >= due);
});

test('makes folders, orders and deletes them, and reads them back', { timeout: 60_000 }, async (t) => {
  const ada = await signedIn(t, '9996620001');
  const alan = await ada.resolvePeer('alan_turing');
  const title = (text) => ({ _: 'textWithEntities', text, entities: [] });
  const friends = await ada.createFolder({ title: title('Friends'), emoticon: '🐱', includePeers: [alan] });
  const groups = await ada.createFolder({ title: title('Groups'), groups: true });
  await ada.editFolder({ folder: friends, modification: { title: title('Mates') } });
  await ada.setFoldersOrder([groups.id, friends.id]);
  const { filters } = await ada.getFolders();
  assert.deepEqual(filters.map((one) => one.title?.text), [undefined, 'Groups', 'Mates']);
  assert.ok(filters[1].groups);
  assert.equal(filters[2].emoticon, '🐱');
  assert.deepEqual(filters[2].includePeers, [alan]);
  const names = [];
  for await (const dialog of ada.iterDialogs({ folder: filters[2] })) names.push(dialog.peer.displayName);
  assert.deepEqual(names.length, 1);
  await ada.deleteFolder(groups.id);
  assert.equal((await ada.getFolders()).filters.length, 2);
});
