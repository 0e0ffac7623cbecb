// Schemes that are read again while people are connected.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { stringify } from './support/json.mjs';
import { Gateway, build, folder } from './support/gateway.mjs';
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

// A gateway of that scheme before a sandbox that was started with its own alone.
async function foreign(t, scheme) {
  const dir = folder(t);
  const sandbox = await Gateway.start(['--sandbox', '--sandbox-public-key', `${dir}/key.pem`]);
  t.after(() => sandbox.close());
  const gateway = await Gateway.start(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--dc', '2',
    '--rsa', `${dir}/key.pem`, '--scheme', scheme, '--api-id', '1', '--api-hash', 'x']);
  t.after(() => gateway.close());
  const client = await Client.connect(gateway.port);
  t.after(() => client.close());
  return { sandbox, client };
}

test('a client of a layer that came with the build lives in the sandbox with no preparation', async (t) => {
  const { sandbox, client } = await foreign(t, path.join(build, 'scheme/layers/layer-227.tl'));
  await client.signIn('9996620001');
  const { users } = await client.call({ _cons: 'users.getFullUser', id: { _cons: 'inputUserSelf' } });
  assert.match(stringify(users), /"first_name":"Ada"/);
  assert.doesNotMatch(sandbox.text, / (warn|error) /);
});

test('the log names the command that brings a layer which is not there', async (t) => {
  const own = path.join(folder(t), 'own.tl');
  fs.writeFileSync(own, renamed(fs.readFileSync(path.join(build, 'scheme/api.tl'), 'utf8')));
  const { sandbox, client } = await foreign(t, own);
  await client.call(nearest);
  await eventually(() => sandbox.text.includes('`scheme/add-layer 999` brings it'), 'the command');
});

test('schemes as they lie about are taken, or refused with one sentence', async (t) => {
  const dir = folder(t);
  const api = fs.readFileSync(path.join(build, 'scheme/api.tl'), 'utf8');
  const check = async (files, more = []) => {
    const named = Object.entries(files).map(([name, text]) => {
      if (text !== null) fs.writeFileSync(path.join(dir, name), text);
      return ['--scheme', path.join(dir, name)];
    });
    return spawnSync(path.join(build, 'streamjson'), ['--sandbox', '--check-config', ...named.flat(), ...more],
      { encoding: 'utf8' });
  };
  const split = 'resPQ#05162463 nonce:int128 server_nonce:int128 pq:string server_public_key_fingerprints:(Vector long) = ResPQ;\n';
  for (const files of [{ 'api.tl': `\ufeff${api}`, 'mtproto.tl': split }, { 'mtproto.tl': split, 'api.tl': api }]) {
    const { status, stderr, stdout } = await check(files);
    assert.equal(status, 0, stderr);
    assert.match(stderr + stdout, /mtproto\.tl holds MTProto's service messages/);
  }
  const other = await check({ 'api.tl': api }, ['--layer', '7']);
  assert.equal(other.status, 0);
  assert.match(other.stderr + other.stdout, /--layer 7 is for a file that does not say its layer/);
  fs.mkdirSync(path.join(dir, 'folder.tl'));
  for (const [files, sentence] of [
    [{ 'empty.tl': '' }, /empty\.tl is empty$/],
    [{ 'folder.tl': null }, /folder\.tl is a folder; name the file in it$/],
    [{ 'api.json': '{"constructors":[]}' }, /api\.json is JSON; a scheme in TL is due/],
    [{ 'td_api.tl': 'ok = Ok;\n---functions---\nsetTdlibParameters = Ok;' }, /td_api\.tl is the interface of TDLib/],
  ]) {
    const { status, stderr } = await check(files);
    assert.equal(status, 1);
    assert.equal(stderr.trim().split('\n').length, 1);
    assert.match(stderr.trim(), sentence);
  }
});
