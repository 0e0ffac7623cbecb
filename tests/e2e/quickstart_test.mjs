// The first ten minutes, as a person has them: nc, signin-cli, a terminal.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { parse } from './support/json.mjs';
import { Gateway, environment, folder, patience, pause, run, signinCli } from './support/gateway.mjs';

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.close());

// Types lines into `nc localhost PORT`, each when the one before was answered.
class Netcat {
  constructor(t, ...args) {
    this.child = spawn('nc', args);
    t.after(() => this.child.kill());
    this.output = '';
    this.child.stdout.on('data', (data) => (this.output += data));
  }

  type(text) {
    this.child.stdin.write(text);
  }

  async sees(pattern, ms = 15_000 * patience) {
    for (let waited = 0; waited < ms; waited += 20) {
      const found = pattern.exec(this.output);
      if (found) return found;
      await pause(20);
    }
    assert.fail(`nc showed no ${pattern}:\n${this.output.slice(0, 3000)}`);
  }
}

const dialogs = '{"message":{"_cons":"messages.getDialogs","offset_date":0,"offset_id":0,' +
  '"offset_peer":{"_cons":"inputPeerEmpty"},"limit":0}}\n';
const greeting = (text) => `{"message":{"_cons":"messages.sendMessage","peer":"@echobot","message":"${text}"}}\n`;

test('the banner says address, layer, scheme, Telegram and whom to sign in as', () => {
  assert.match(gateway.text, /^streamjson \d+\.\d+\.\d+ on localhost:\d+, layer 228 \(.+\)$/m);
  assert.match(gateway.text, /^Telegram: a sandbox in this process, data centres 1 to 3 on 127\.0\.0\.1:.+, key [0-9a-f]{4,16}…?; it forgets everything at exit$/m);
  assert.match(gateway.text, /9996620001, code 22222/);
  assert.match(gateway.text, /9996620002, code 22222, password: sandbox/);
  assert.match(gateway.text, new RegExp(`curl localhost:${gateway.port}/json -d `));
});

test('the line that the banner offers to try answers', async () => {
  const offered = /^try: +(.+)$/m.exec(gateway.text)[1];
  const { stdout, status } = await run('bash', ['-c', offered]);
  assert.equal(status, 0);
  const lines = stdout.trim().split('\n');
  assert.equal(lines.length, 1);
  const reply = parse(lines[0]);
  assert.equal(reply.id, 1);
  assert.equal(reply.message._cons, 'nearestDc');
});

test('signin-cli, then dialogs, a message and the bot\'s answer by nc', async (t) => {
  const { status, stdout, stderr } =
    await run(signinCli, ['--port', `${gateway.port}`, '--phone', '9996620001'], { input: '22222\n' });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /Code: /);
  assert.match(stdout, /^\{"id": 1, "session": \{.*"auth_key": "[^"]+".*\}\}\n$/);

  const nc = new Netcat(t, 'localhost', `${gateway.port}`);
  nc.type(stdout);
  await nc.sees(/^\{"id":1,"session":\{.*\}\}$/m);
  nc.type(dialogs);
  const [answer] = await nc.sees(/^\{"id":1,"message":\{"_cons":"messages\.dialogs.*$/m);
  assert.ok(parse(answer).message.dialogs.length > 0);
  nc.type(greeting('hi from nc'));
  await nc.sees(/^\{"id":0,"message":.*"_cons":"updateUserTyping".*$/m);
  await nc.sees(/^\{"id":0,"message":(?!.*"out":).*"message":"hi from nc".*$/m);
});

test('the whole of it by hand in nc, without signin-cli', async (t) => {
  const nc = new Netcat(t, 'localhost', `${gateway.port}`);
  nc.type('{"signin":{"phone":"9996620001"}}\n');
  await nc.sees(/"state":"code"/);
  nc.type('{"signin":{"code":"22222"}}\n');
  const [done] = await nc.sees(/^.*"state":"done".*$/m);
  assert.ok(parse(done).session.auth_key);
  nc.type(dialogs);
  await nc.sees(/^\{"id":1,"message":\{"_cons":"messages\.dialogs/m);
  nc.type(greeting('by hand'));
  await nc.sees(/^\{"id":0,.*"by hand".*$/m);
});

test('the same session line opens the same account again', async () => {
  const { stdout } =
    await run(signinCli, ['--port', `${gateway.port}`, '--phone', '9996620001'], { input: '22222\n' });
  for (let round = 0; round < 2; round++) {
    const me = '{"id":2,"message":{"_cons":"users.getUsers","id":[{"_cons":"inputUserSelf"}]}}';
    const nc = await run('nc', ['-N', 'localhost', `${gateway.port}`], { input: `${stdout}${me}` });
    const reply = nc.stdout.trim().split('\n').map(parse).find(({ id }) => id === 2);
    assert.equal(reply.message._cons, 'vector');
    assert.equal(reply.message._items[0].first_name, 'Ada');
  }
});

test('signin-cli asks for the two-step password and for it again when it was wrong', async () => {
  const { status, stdout, stderr } = await run(signinCli,
    ['--port', `${gateway.port}`, '--phone', '9996620002'], { input: '22222\nwrong\nsandbox\n' });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /the obvious one/);
  assert.match(stderr, /PASSWORD_HASH_INVALID|wrong|again/i);
  assert.match(stdout, /^\{"id": 1, "session": \{.*\}\}\n$/);
});

test('signin-cli takes the password from an argument', async () => {
  const { status, stdout } = await run(signinCli, ['--port', `${gateway.port}`,
    '--phone', '9996620002', '--password', 'sandbox'], { input: '22222\n' });
  assert.equal(status, 0);
  assert.match(stdout, /auth_key/);
});

test('signin-cli makes a line of another library\'s file, and the gateway goes on with it', async (t) => {
  const signedIn = await run(signinCli, ['--port', `${gateway.port}`, '--phone', '9996610003'], { input: '11111\n' });
  const { session } = parse(signedIn.stdout);
  const key = JSON.stringify([...Buffer.from(session.auth_key, 'base64')]);
  const file = `${folder(t)}/session.json`;
  fs.writeFileSync(file, JSON.stringify({ '2authKey': '[1,2,3]', '1authKey': key, defaultDcId: '1' }, null, '\t'));
  // Without a gateway: nobody is asked.
  const { status, stdout, stderr } = await run(signinCli, ['--import', file, '--port', '1']);
  assert.equal(status, 0, stderr);
  assert.equal(stdout, `{"id": 1, "session": {"auth_key": "${session.auth_key}", "dc": 1}}\n`);
  const client = await Client.connect(gateway.port);
  t.after(() => client.close());
  client.send(stdout);
  assert.equal((await client.call({ _cons: 'users.getUsers', id: ['me'] }))._items[0].first_name, 'Alan');

  fs.writeFileSync(file, '{"2authKey":"[7]"}');
  const refused = await run(signinCli, ['--import', file]);
  assert.equal(refused.status, 1);
  assert.equal(refused.stdout, '');
  assert.equal(refused.stderr, `signin-cli: ${file}: /2authKey is no array of 256 bytes\n`);
});

test('signin-cli takes several tries for a wrong code', async () => {
  const { status, stdout, stderr } = await run(signinCli,
    ['--port', `${gateway.port}`, '--phone', '9996620001'], { input: '11111\n33333\n22222\n' });
  assert.equal(status, 0, stderr);
  assert.equal(stderr.match(/Code: /g).length, 3);
  assert.match(stdout, /^\{"id": 1, /);
});

test('signin-cli asks for the phone number when it was not given', async () => {
  const { status, stdout } = await run(signinCli, ['--port', `${gateway.port}`],
    { input: '9996620001\n22222\n' });
  assert.equal(status, 0);
  assert.match(stdout, /auth_key/);
});

test('signin-cli signs up a number that has no account', async () => {
  const { status, stdout, stderr } = await run(signinCli,
    ['--port', `${gateway.port}`, '--phone', '9996627001'], { input: '22222\nMary\nSomerville\n' });
  assert.equal(status, 0, stderr);
  const nc = await run('nc', ['-N', 'localhost', `${gateway.port}`],
    { input: `${stdout}{"id":2,"message":{"_cons":"users.getUsers","id":["me"]}}\n` });
  assert.match(nc.stdout, /"first_name":"Mary","last_name":"Somerville"/);
});

test('signin-cli without an answer gives no session and a status that says so', async () => {
  const { status, stdout } = await run(signinCli,
    ['--port', `${gateway.port}`, '--phone', '9996620001'], { input: '11111\n' });
  assert.notEqual(status, 0);
  assert.equal(stdout, '');
});

test('signin-cli says that nobody listens', async () => {
  const { status, stdout, stderr } = await run(signinCli, ['--port', '1', '--phone', '9996620001']);
  assert.notEqual(status, 0);
  assert.equal(stdout, '');
  assert.match(stderr, /localhost.*1/);
});

test('on a terminal the password is not shown', async () => {
  const child = spawn('script', ['-qec',
    `'${signinCli}' --port ${gateway.port} --phone 9996620002`, '/dev/null'],
    { env: environment() });
  const ended = new Promise((resolve) => child.on('close', resolve));
  let screen = '';
  child.stdout.on('data', (data) => (screen += data));
  const sees = async (pattern) => {
    for (let i = 0; i < 500 * patience && !pattern.test(screen); i++) await pause(20);
    assert.match(screen, pattern);
  };
  await sees(/Code: /);
  child.stdin.write('22222\n');
  await sees(/Password.*: /);
  await pause(100);
  child.stdin.write('sandbox\n');
  await sees(/"auth_key": /);
  child.stdin.end();
  await ended;
  assert.doesNotMatch(screen, /sandbox/);
});
