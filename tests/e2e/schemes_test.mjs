// Schemes that are read again while people are connected.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, folder } from './support/gateway.mjs';
import { eventually } from './support/wire.mjs';

const nearest = { _cons: 'help.getNearestDc' };

// A gateway whose scheme is a file of its own, and what becomes of it on SIGHUP.
async function reloading(t) {
  const plain = await Gateway.start();
  const text = fs.readFileSync(plain.banner[3], 'utf8');
  await plain.close();
  const file = path.join(folder(t), 'own.tl');
  fs.writeFileSync(file, text);
  const gateway = await Gateway.start(['--sandbox', '--scheme', file]);
  t.after(() => gateway.close());
  const write = async (changed, told) => {
    fs.writeFileSync(file, changed);
    gateway.child.kill('SIGHUP');
    await eventually(() => gateway.errors.includes(told), told);
  };
  const come = async () => {
    const client = await Client.connect(gateway.port);
    t.after(() => client.close());
    return client;
  };
  return { gateway, text, write, come };
}

const layerOf = async (client) => (await client.request({ options: {} })).options.layer;
const renamed = (text) => text.replace(/^(nearestDc#\w+) country:/m, '$1 land:').replace(/^\/\/ LAYER \d+$/m, '// LAYER 999');

test('SIGHUP: who comes speaks the new scheme, who is there goes on in the old one', async (t) => {
  const { gateway, text, write, come } = await reloading(t);
  const old = await come();
  assert.ok('country' in await old.call(nearest));
  await write(renamed(text), 'schemes were read again, layers 999');
  const young = await come();
  assert.equal(await layerOf(young), 999);
  const answer = await young.call(nearest);
  assert.ok('land' in answer && !('country' in answer));
  assert.equal(await layerOf(old), gateway.layer);
  assert.ok('country' in await old.call(nearest));
  await old.signIn('9996620001');
  await young.signIn('9996610003');
});

test('SIGHUP: a scheme that is broken changes nothing, and the log names the line', async (t) => {
  const { gateway, text, write, come } = await reloading(t);
  await write(text.replace(/^nearestDc#.*$/m, 'nearestDc = = ;'), 'schemes are left as they were');
  assert.match(gateway.errors, /own\.tl:\d+/);
  const client = await come();
  assert.equal(await layerOf(client), gateway.layer);
  assert.ok('country' in await client.call(nearest));
});
