// The program itself: options, environment, file, signals, what it prints.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, build, folder, patience, pause, run, signinCli, streamjson } from './support/gateway.mjs';
import { Wire, eventually, metrics } from './support/wire.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const options = ['host', 'port', 'verbose', 'print-tracebacks', 'send-tracebacks', 'scheme', 'layer',
  'api-id', 'api-hash', 'device-model', 'system-version', 'app-version', 'lang-code', 'dc', 'test-dcs',
  'server', 'rsa', 'allow-server', 'trust-proxy', 'transport', 'obfuscated', 'proxy', 'allow-proxy', 'ignore-unknown',
  'pfs', 'rpc-timeout', 'connect-timeout', 'max-line',
  'max-memory', 'threads', 'drain', 'log-level', 'log-format', 'listen', 'config', 'check-config', 'print-config', 'sandbox', 'sandbox-port',
  'sandbox-key', 'sandbox-public-key', 'sandbox-state', 'sandbox-faults', 'sandbox-mtproxy', 'sandbox-strict-sessions', 'store', 'store-key', 'allow-webhook',
  'version', 'help'];

const started = async (t, ...args) => {
  const gateway = await Gateway.start(...args);
  t.after(() => gateway.close());
  return gateway;
};
const connected = async (t, gateway) => {
  const client = await Client.connect(gateway.port);
  t.after(() => client.close());
  return client;
};
const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(`${port}`));
  });
});

test('--help names every option, --version the version', async () => {
  const help = await run(streamjson, ['--help']);
  assert.equal(help.status, 0);
  for (const name of options) assert.match(help.stdout, new RegExp(`--${name}\\b`), name);
  const version = await run(streamjson, ['--version']);
  assert.equal(version.status, 0);
  assert.match(version.stdout, /\d+\.\d+\.\d+/);
  const signin = await run(signinCli, ['--help']);
  for (const name of ['host', 'port', 'phone', 'password', 'api-id', 'api-hash', 'device-model',
    'system-version', 'app-version', 'lang-code', 'unix']) {
    assert.match(signin.stdout, new RegExp(`--${name}\\b`), name);
  }
});

// Where this fails, server/link_order.ld knows too little of what a start calls: node tests/bench/link_order.mjs
test('a start brings no more than 1.5 MB of its code into memory', { skip: build.includes('sanitize') }, async (t) => {
  const gateway = await started(t, []);
  const maps = fs.readFileSync(`/proc/${gateway.child.pid}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const code = maps.filter((map) => / r-xp .*\/streamjson\n/.test(map));
  const KiB = code.reduce((sum, map) => sum + Number(/^Rss:\s+(\d+)/m.exec(map)[1]), 0);
  assert.ok(KiB > 100 && KiB < 1500, `${KiB} KiB`);
});

test('an unknown flag is an error that names it', async () => {
  for (const program of [streamjson, signinCli]) {
    const { status, stderr, stdout } = await run(program, ['--no-such-flag']);
    assert.notEqual(status, 0);
    assert.match(stderr + stdout, /no-such-flag/);
  }
});

test('flag over environment over file', async (t) => {
  const file = path.join(folder(t), 'streamjson.ini');
  const [a, b, c] = [await freePort(), await freePort(), await freePort()];
  fs.writeFileSync(file, `port=${a}\nsandbox=true\nsandbox-port=0\n`);
  const banner = async (args, env) => {
    const gateway = await Gateway.start(['--config', file, ...args], { env, port: null });
    await gateway.close();
    return gateway.port;
  };
  assert.equal(await banner([], {}), Number(a));
  assert.equal(await banner([], { STREAMJSON_PORT: b }), Number(b));
  assert.equal(await banner(['--port', c], { STREAMJSON_PORT: b }), Number(c));
});

// From one that is too low to start with up to one that is enough for all.
test('a limit of open files that is too low for clients ends no gateway that has started', {
  skip: build.includes('sanitize') && 'a sanitizer looks at memory through pipes',
}, async () => {
  const limits = Array.from({ length: 40 }, (_, i) => 30 + i);
  const tried = async (limit) => {
    const gateway = await Gateway.start(['--sandbox', '--threads', '8'],
      { through: ['prlimit', `--nofile=${limit}:${limit}`] }).catch(() => null);
    if (gateway === null) return 0;
    const clients = Array.from({ length: 12 }, () => net.connect(gateway.port, '127.0.0.1'));
    for (const client of clients) client.on('error', () => {}).write(`${JSON.stringify({ id: 1, message: nearest })}\n`);
    await pause(100 * patience);
    for (const client of clients) client.destroy();
    await gateway.close();
    return 1;
  };
  let started = 0;
  while (limits.length > 0) {
    for (const one of await Promise.all(limits.splice(0, 10).map(tried))) started += one;
  }
  assert.ok(started > 5, `${started} started`);
});

test('an unknown key in the file is an error that names it', async (t) => {
  const file = path.join(folder(t), 'streamjson.ini');
  fs.writeFileSync(file, 'prot=1\n');
  for (const args of [['--config', file], ['--config', file, '--check-config']]) {
    const { status, stderr, stdout } = await run(streamjson, args);
    assert.notEqual(status, 0);
    assert.match(stderr + stdout, /prot/);
  }
});

test('--check-config says yes or no and starts nothing', async (t) => {
  const file = path.join(folder(t), 'streamjson.ini');
  fs.writeFileSync(file, 'rpc-timeout=5\nverbose=true\n');
  assert.equal((await run(streamjson, ['--config', file, '--check-config'], { ms: 20_000 })).status, 0);
  for (const bad of ['rpc-timeout=soon', 'port=70000', 'dc=x', 'log-level=shout']) {
    fs.writeFileSync(file, `${bad}\n`);
    const { status, stderr, stdout } = await run(streamjson, ['--config', file, '--check-config'], { ms: 20_000 });
    assert.notEqual(status, 0, bad);
    assert.match(stderr + stdout, new RegExp(bad.split('=')[0]), bad);
  }
});

test('a file that is not there is an error that names it', async () => {
  for (const args of [['--config', '/no/such.ini'], ['--sandbox', '--sandbox-port', '0', '--scheme', '/no/such.tl']]) {
    const { status, stderr, stdout } = await run(streamjson, ['--port', '0', ...args]);
    assert.notEqual(status, 0);
    assert.match(stderr + stdout, /\/no\/such/);
  }
});

test('a wrong line in a scheme is told with file, line and reason', async (t) => {
  const file = path.join(folder(t), 'bad.tl');
  fs.writeFileSync(file, 'nearestDc#8e1a1775 country:string this_dc:int nearest_dc:int = NearestDc;\nthis is = = wrong;\n// LAYER 5\n');
  const { status, stderr, stdout } = await run(streamjson, ['--port', '0', '--sandbox', '--sandbox-port', '0', '--scheme', file]);
  assert.notEqual(status, 0);
  assert.match(stderr + stdout, /bad\.tl:2/);
});

test('a scheme without a LAYER line wants --layer', async (t) => {
  const file = path.join(folder(t), 'nolayer.tl');
  const full = (await started(t)).banner[3];
  fs.writeFileSync(file, fs.readFileSync(full, 'utf8').replace(/^\/\/ LAYER \d+$/m, ''));
  const args = ['--sandbox', '--scheme', file];
  const refused = await run(streamjson, ['--port', '0', '--sandbox-port', '0', ...args]);
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr + refused.stdout, /--layer/);
  const gateway = await started(t, [...args, '--layer', '228']);
  assert.equal(gateway.layer, 228);
});

test('signals: TERM and INT end it with status 0, also with idle clients', async () => {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    const gateway = await Gateway.start();
    const client = await Client.connect(gateway.port);
    await client.call(nearest);
    const { status } = await gateway.stop(signal);
    assert.equal(status, 0, signal);
    await client.ended;
  }
});

test('--verbose copies objects to stdout with the secrets blanked', async (t) => {
  const gateway = await started(t, ['--sandbox', '--verbose']);
  const client = await connected(t, gateway);
  await client.request({ options: { api_id: 1, api_hash: 'feedface4711' } });
  const { signin } = await client.request({ signin: { phone: '9996620002' } });
  await client.request({ signin: { code: '22222' } });
  await client.request({ signin: { password: 'wrong-secret-1' } });
  const { session } = await client.request({ signin: { password: 'sandbox' } });
  await client.request({ message: { _cons: 'auth.sendCode', phone_number: '9996620002', api_id: 1,
    api_hash: 'feedface4711', settings: { _cons: 'codeSettings' } } });
  await client.request({ signin: { bot_token: '77:secret_token' } }).catch(() => {});
  await client.request({ message: { _cons: 'messages.sendMessage', peer: 'me', message: 'shown as it is' } });
  client.send('{"auth_key": "a mistyped paste"\n');
  await client.request({ options: {} });
  const again = await connected(t, gateway);
  await again.request({ session });
  await pause(200);
  const shown = gateway.output;
  assert.match(shown, /shown as it is/);
  assert.match(shown, /"signin"/);
  for (const secret of [session.auth_key, signin.phone_code_hash, 'wrong-secret-1', '"sandbox"', '"22222"',
    'feedface4711', 'secret_token', 'mistyped']) {
    assert.ok(!gateway.text.includes(secret), `shows ${secret.slice(0, 20)}`);
  }
});

test('logs hold no secret at any level', async (t) => {
  const gateway = await started(t, ['--sandbox', '--log-level', 'trace']);
  const client = await connected(t, gateway);
  const { signin } = await client.request({ signin: { phone: '9996627777' } });
  const { session } = await client.request({ signin: { code: '22222' } });
  const log = gateway.text;
  for (const secret of [session.auth_key, signin.phone_code_hash, '9996627777']) {
    assert.ok(!log.includes(secret), `logs ${secret.slice(0, 20)}`);
  }
});

test('--send-tracebacks adds a list of strings with no path of the machine', async (t) => {
  const plain = await connected(t, await started(t));
  const bad = { message: { _cons: 'messages.sendMessage', peer: { _cons: 'peerUser' } } };
  assert.equal((await plain.request(bad)).traceback, undefined);
  const gateway = await started(t, ['--sandbox', '--send-tracebacks', '--print-tracebacks']);
  const client = await connected(t, gateway);
  const { traceback } = await client.request(bad);
  assert.ok(Array.isArray(traceback) && traceback.length > 0);
  for (const line of traceback) {
    assert.equal(typeof line, 'string');
    assert.doesNotMatch(line, /\/(home|tmp|root|usr|work|build)\b|0x[0-9a-f]{8,}/);
  }
  await pause(100);
  assert.ok(gateway.errors.includes(traceback[0]));
});

test('--max-line sets the limit', async (t) => {
  const client = await connected(t, await started(t, ['--sandbox', '--max-line', '1000']));
  await client.request({ options: {} });
  const reply = await client.raw(`{"@extra":"${'x'.repeat(1000)}","options":{}}\n`);
  assert.equal(reply.error, 'LineTooLong');
  assert.equal(reply.limit, 1000);
});

test('--max-memory: what would pass the bound is Busy, and it ends there', async (t) => {
  const gateway = await started(t, ['--sandbox', '--max-memory', `${16 << 20}`]);
  const hogs = [];
  for (let i = 0; i < 4; i++) {
    const hog = await connected(t, gateway);
    await hog.request({ options: {} });
    hog.send(`{"@extra":"${'x'.repeat(10 << 20)}"`);
    hogs.push(hog);
  }
  const busy = await Promise.any(hogs.map((hog) => hog.next((v) => v.error === 'Busy', 'Busy')));
  assert.equal(busy.limit, 16 << 20);
  for (const hog of hogs) hog.close();
  await pause(300);
  const client = await connected(t, gateway);
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

test('--max-memory counts connections that say nothing, too', async (t) => {
  const gateway = await started(t, ['--sandbox']);
  const used = async () => (await metrics(gateway.port)).get('streamjson_memory_bytes');
  const before = await used();
  const idle = [];
  for (let i = 0; i < 20; i++) idle.push(await Wire.connect(gateway.port));
  await eventually(async () => await used() >= before + 20 * 5_000, 'counted');
  for (const wire of idle) wire.close();
  await eventually(async () => await used() <= before, 'counted no more');
});

test('the files of a sandbox: a private key that stays, a public one for others', async (t) => {
  const dir = folder(t);
  const args = ['--sandbox', '--sandbox-key', `${dir}/key.pem`, '--sandbox-public-key', `${dir}/public.pem`];
  const names = [];
  for (let round = 0; round < 2; round++) {
    const gateway = await Gateway.start(args);
    names.push(/key ([0-9a-f]+)/.exec(gateway.telegram)[1]);
    await gateway.close();
  }
  assert.equal(names[0], names[1]);
  assert.equal(fs.statSync(`${dir}/key.pem`).mode & 0o077, 0, 'for its owner only');
  assert.match(fs.readFileSync(`${dir}/public.pem`, 'utf8'), /^-----BEGIN RSA PUBLIC KEY-----/);
});

test('the banner of a real Telegram says which', async (t) => {
  assert.match((await started(t, ['--test-dcs'])).telegram, /test/i);
  assert.match((await started(t, ['--dc', '4'])).telegram, /the real one, data centre 4/);
});

test('signin-cli asks for api_id and api_hash only where the server has none', async (t) => {
  const dir = folder(t);
  const sandbox = await started(t, ['--sandbox', '--sandbox-public-key', `${dir}/key.pem`]);
  const far = ['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', `${dir}/key.pem`];
  const args = (gateway) => ['--port', `${gateway.port}`, '--phone', '9996620001'];
  const bare = await started(t, far);
  const asked = await run(signinCli, args(bare), { input: '12345\nabcdef\n22222\n' });
  assert.equal(asked.status, 0, asked.stderr);
  assert.match(asked.stderr, /api_id/);
  const given = await run(signinCli, [...args(bare), '--api-id', '12345', '--api-hash', 'abcdef'], { input: '22222\n' });
  assert.equal(given.status, 0, given.stderr);
  assert.doesNotMatch(given.stderr, /api_id/);
  const known = await started(t, far, { env: { TELEGRAM_API_ID: '12345', TELEGRAM_API_HASH: 'abcdef' } });
  const plain = await run(signinCli, args(known), { input: '22222\n' });
  assert.equal(plain.status, 0, plain.stderr);
  assert.doesNotMatch(plain.stderr, /api_id/);
});
