// One port, and three programs that everybody has: curl, openssl s_client and nc each sign in, read
// the dialogs and write to the bot.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { messageOf } from './support/client.mjs';
import { Gateway, environment, folder, patience, run, top } from './support/gateway.mjs';
import { parse, stringify } from './support/json.mjs';
import { eventually } from './support/wire.mjs';

const phone = '9996620001', code = '22222';
const dialogs = { _cons: 'messages.getDialogs', offset_peer: { _cons: 'inputPeerEmpty' }, limit: 0 };
const greeting = (message) => ({ _cons: 'messages.sendMessage', peer: '@echobot', message });
const dir = folder({ after });
let gateway, authority;
before(async () => {
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', dir]);
  authority = path.join(dir, 'ca.pem');
  gateway = await Gateway.start(['--sandbox', '--tls-cert', path.join(dir, 'server.pem'),
    '--tls-key', path.join(dir, 'server.key')]);
});
after(() => gateway.close());

// A program that passes lines on, both ways.
class Pipe {
  constructor(t, program, args) {
    this.child = spawn(program, args, { env: environment() });
    t.after(() => this.child.kill());
    this.rest = '';
    this.lines = [];
    this.errors = '';
    this.child.stdout.on('data', (data) => {
      const parts = (this.rest + data).split('\n');
      this.rest = parts.pop();
      this.lines.push(...parts.filter(Boolean).map(parse));
    });
    this.child.stderr.on('data', (data) => (this.errors += data));
    this.child.stdin.on('error', () => {});
  }

  line(wanted, what) {
    return eventually(() => this.lines.find(wanted), `${what}; ${this.errors}`, 20_000 * patience);
  }

  ask(id, request) {
    this.child.stdin.write(`${stringify({ id, ...request })}\n`);
    return this.line((line) => line.id === id, `the answer to ${id}`);
  }
}

async function quickstart(pipe, text) {
  assert.equal((await pipe.ask(1, { signin: { phone } })).signin.state, 'code');
  const { signin, session } = await pipe.ask(2, { signin: { code } });
  assert.deepEqual([signin.state, signin.user.first_name], ['done', 'Ada']);
  assert.ok(session.auth_key);
  const list = (await pipe.ask(3, { message: dialogs })).message;
  assert.match(list._cons, /^messages\.dialogs/);
  assert.ok(list.dialogs.length > 0);
  assert.match((await pipe.ask(4, { message: greeting(text) })).message._cons, /^update/);
  await pipe.line(({ id, message }) => id === 0 && stringify(message).includes('updateUserTyping'), 'the bot types');
  const heard = await pipe.line(({ id, message }) => id === 0 && messageOf(message)?.message === text && !messageOf(message).out,
    'the bot\'s answer');
  assert.ok(heard);
}

for (const host of ['localhost', '127.0.0.1', '::1']) {
  test(`nc ${host}`, async (t) => {
    await quickstart(new Pipe(t, 'nc', [host, `${gateway.port}`]), `by nc ${host}`);
  });
}

for (const version of ['-tls1_2', '-tls1_3']) {
  test(`openssl s_client ${version}`, async (t) => {
    await quickstart(new Pipe(t, 'openssl', ['s_client', '-quiet', version, '-verify_return_error', '-verify_hostname', 'localhost',
      '-CAfile', authority, '-connect', `localhost:${gateway.port}`]), `by openssl ${version}`);
  });
}

// A POST hears no updates: the bot's answer is found in the history.
for (const [scheme, ...more] of [['http'], ['https', '--cacert']]) {
  test(`curl ${scheme}`, async () => {
    const curl = async (object) => {
      const { stdout, stderr, status } = await run('curl', ['-sS', '--fail', `${scheme}://localhost:${gateway.port}/json`,
        '-d', '@-', ...more, ...(more.length ? [authority] : [])], { input: stringify(object) });
      assert.equal(status, 0, stderr);
      const lines = stdout.split('\n').filter(Boolean).map(parse);
      assert.equal(lines.length, 1, stdout);
      return lines[0];
    };
    const asked = await curl({ signin: { phone } });
    assert.equal(asked.signin.state, 'code');
    const { phone_code_hash } = asked.signin;
    const { signin, session } = await curl({ session: asked.session, signin: { phone, phone_code_hash, code } });
    assert.deepEqual([signin.state, signin.user.first_name], ['done', 'Ada']);
    const list = (await curl({ session, message: dialogs })).message;
    assert.ok(list.dialogs.length > 0);
    const text = `by curl over ${scheme}`;
    assert.match((await curl({ session, message: greeting(text) })).message._cons, /^update/);
    await eventually(async () => {
      const { messages } = (await curl({ session, message: { _cons: 'messages.getHistory', peer: '@echobot', limit: 5 } })).message;
      return messages.some(({ message, out }) => message === text && !out);
    }, 'the bot\'s answer in the history', 20_000 * patience);
  });
}

test('curl takes lines and gives lines', async () => {
  const { stdout } = await run('curl', ['-sS', `http://localhost:${gateway.port}/json`, '--data-binary', '@-'],
    { input: `${stringify({ id: 1, server: {} })}\n${stringify({ id: 2, message: { _cons: 'help.getNearestDc' } })}\n` });
  const [first, second] = stdout.split('\n').filter(Boolean).map(parse);
  assert.equal(first.server.telegram, 'sandbox');
  assert.equal(second.message._cons, 'nearestDc');
});
