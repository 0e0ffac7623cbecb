// `streamjson store …`, `streamjson account …`, and --store at the start of a gateway.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, folder, run, streamjson } from './support/gateway.mjs';
import { stringify } from './support/json.mjs';

const key = Buffer.alloc(256, (i) => i).fill('k', 0, 100).toString('base64');
const line = `{"id": 1, "session": {"auth_key": "${key}", "dc": 2, "user_id": 1000101}}\n`;

// A folder with a session's line, and what runs a command on the store in it.
function world(t) {
  const dir = folder(t);
  const at = (name) => path.join(dir, name);
  fs.writeFileSync(at('session.json'), line);
  const url = `sqlite:${at('tg.db')}`;
  const command = (text, { input = '', env } = {}) => run(streamjson, [...text.split(' '), '--store', url], { input, cwd: dir, env });
  const works = async (text, given) => {
    const { status, stdout, stderr } = await command(text, given);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const fails = async (text, given) => {
    const { status, stdout, stderr } = await command(text, given);
    assert.ok(status === 1 || status === 2, `${status} ${stdout}`);
    assert.ok(!(stdout + stderr).includes(key.slice(0, 16)));
    return stderr;
  };
  return { dir, at, url, works, fails };
}

const mode = (file) => (fs.statSync(file).mode & 0o777).toString(8);

test('a session is kept, listed, shown, given out and forgotten', async (t) => {
  const { at, works, fails } = world(t);
  assert.match(await works('account add ada session.json'), /^ada is kept in sqlite:/);
  assert.match(await works('account list'), /^ada +dc 2 +user 1000101 +attached +updates 0\n$/);
  assert.match(await works('account show ada'), /no update is kept/);
  assert.match(await fails('account add ada session.json'), /there is an account ada already.*AccountExists/);
  await works('account export ada out.json');
  assert.equal(mode(at('out.json')), '600');
  assert.equal(JSON.parse(fs.readFileSync(at('out.json'), 'utf8')).session.auth_key, key);
  assert.match(await fails('account export ada out.json'), /out\.json: File exists/);
  assert.deepEqual(JSON.parse(await works('account export ada -')).session, JSON.parse(line).session);
  await works('account remove ada');
  assert.match(await fails('account show ada'), /there is no account ada \(NoSuchAccount\)/);
  await works('account add bob -', { input: line });
  assert.match(await works('store check'), /is in order, accounts: 1/);
  for (const name of ['tg.db', 'tg.db.key']) assert.equal(mode(at(name)), '600');
});

test('what was exported signs in', async (t) => {
  const { dir, url } = world(t);
  const gateway = await Gateway.start(['--sandbox', '--store', url]);
  t.after(() => gateway.close());
  const first = await Client.connect(gateway.port);
  await first.signIn('9996620001');
  const { session } = await first.request({ session: {} });
  first.close();
  fs.writeFileSync(path.join(dir, 's.json'), stringify({ id: 1, session }));
  const command = (...words) => run(streamjson, [...words, '--store', url], { cwd: dir });
  assert.equal((await command('account', 'add', 'ada', 's.json')).status, 0);
  const { stdout } = await command('account', 'export', 'ada', '-');
  const second = await Client.connect(gateway.port);
  t.after(() => second.close());
  const reply = await second.request({ ...JSON.parse(stdout), message: { _cons: 'users.getUsers', id: ['me'] } });
  assert.equal(reply.message?._items?.[0]?.first_name, 'Ada');
});

test('many accounts come at once, all or none', async (t) => {
  const { at, works, fails } = world(t);
  const named = (account, session) => JSON.stringify({ account, session });
  const { session } = JSON.parse(line);
  fs.writeFileSync(at('many'), `${named('ada', session)}\n\n${named('bob', line)}\n`);
  fs.writeFileSync(at('bad'), `${named('zoe', session)}\n${named('eve', { dc: 2 })}\n`);
  assert.match(await fails('account import bad'), /bad:2: \/session: /);
  assert.equal(await works('account list'), '');
  await works('account import many');
  assert.match(await works('account list'), /^ada [^\n]*\nbob [^\n]*\n$/);
});

test('a whole store goes to another one, in a file for its owner alone', async (t) => {
  const { dir, at, works, fails } = world(t);
  await works('account add ada session.json');
  assert.match(await works('store export all'), /^1 account and 0 updates are in all/);
  assert.equal(mode(at('all')), '600');
  const other = ['--store', `sqlite:${at('other.db')}`];
  assert.equal((await run(streamjson, ['store', 'import', 'all', ...other], { cwd: dir })).status, 0);
  const { stdout } = await run(streamjson, ['account', 'export', 'ada', '-', ...other], { cwd: dir });
  assert.equal(JSON.parse(stdout).session.auth_key, key);
  assert.match(await fails('store import all'), /all: line 2|there is an account ada already/);
  assert.match(await fails('store import none'), /none: it can't be read/);
});

test('after a change of the key the old one opens neither the store nor a gateway', async (t) => {
  const { at, url, works, fails } = world(t);
  await works('account add ada session.json');
  await works('store rekey next.key');
  assert.equal(mode(at('next.key')), '600');
  assert.match(await fails('store check'), /not the master key that the store is sealed with.*StoreKeyWrong/);
  assert.match(await works('store check --store-key next.key'), /is in order/);
  const { status, stderr } = await run(streamjson, ['--sandbox', '--sandbox-port', '0', '--port', '0', '--store', url]);
  assert.equal(status, 1);
  assert.match(stderr, /--store: sqlite:.*not the master key/);
});

test('the store and its key may be named in the environment and in the file', async (t) => {
  const { dir, at, url, works } = world(t);
  await works('account add ada session.json');
  const env = { STREAMJSON_STORE: url };
  assert.match((await run(streamjson, ['account', 'list'], { env })).stdout, /^ada /);
  fs.writeFileSync(at('ini'), `store=${url}\nport=0\nstore-key=${at('tg.db.key')}\n`);
  assert.match((await run(streamjson, ['account', 'list', '--config', 'ini'], { cwd: dir })).stdout, /^ada /);
});

test('a URL that is no store\'s is refused, and no password in it is shown', async (t) => {
  const { dir } = world(t);
  fs.writeFileSync(path.join(dir, 'key'), Buffer.alloc(32, 7), { mode: 0o600 });
  for (const url of ['mysql://ada:hunter2@db/tg', 'postgresql://ada:hunter2@127.0.0.1:1/tg?connect_timeout=2', 'postgresql://ada:hunter2@h:x%zz/']) {
    for (const words of [['store', 'check'], ['--sandbox', '--port', '0', '--sandbox-port', '0']]) {
      const { status, stdout, stderr } = await run(streamjson, [...words, '--store', url, '--store-key', path.join(dir, 'key')]);
      assert.notEqual(status, 0);
      assert.ok(stderr.length > 20);
      assert.ok(!(stdout + stderr).includes('hunter2'), stderr);
    }
  }
});

test('a command that there is not, or that lacks something, says so and does nothing', async (t) => {
  const { fails, works } = world(t);
  assert.match(await fails('store'), /a command is due behind `store`/);
  assert.match(await fails('account frob'), /there is no command `account frob`/);
  assert.match(await fails('account add ada'), /account add: due is NAME FILE/);
  assert.match(await fails('store check now'), /nothing more is due/);
  assert.match(await fails('account add Ada session.json'), /Ada is no account's name: 1 to 64 of a-z/);
  assert.match(await fails('account add ada -', { input: 'hello' }), /no session of Telethon/);
  assert.match(await works('account list --help'), /streamjson store rekey FILE/);
  const { status, stderr } = await run(streamjson, ['store', 'check']);
  assert.equal(status, 2);
  assert.match(stderr, /--store URL is due/);
});
