// TLS on the one port: https, wss and JSON lines inside it, plain beside it, certificates read again.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import tls from 'node:tls';
import { WebSocket } from 'ws';
import { connect } from '../../web/client.js';
import { Client } from './support/client.mjs';
import { Gateway, environment, folder, patience, pause, run, signinCli, streamjson, top } from './support/gateway.mjs';
import { parse, stringify } from './support/json.mjs';
import { Wire, eventually, fetchRaw, post, request } from './support/wire.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const dir = folder({ after });
const make = (name) => {
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', path.join(dir, name)]);
  const file = (what) => path.join(dir, name, what);
  return { cert: file('server.pem'), key: file('server.key'), ca: file('ca.pem') };
};
let pair, gateway, secure;
before(async () => {
  pair = make('first');
  gateway = await Gateway.start(['--sandbox', '--tls-cert', pair.cert, '--tls-key', pair.key]);
  secure = { ca: fs.readFileSync(pair.ca) };
});
after(() => gateway.close());

const lines = (options = {}) => new Promise((resolve, reject) => {
  const socket = tls.connect({ port: gateway.port, host: 'localhost', ...secure, ...options }, () => resolve(socket));
  socket.on('error', reject);
});

// --- what is spoken inside ---

test('https, by curl', async () => {
  const { stdout, status, stderr } = await run('curl', ['-sS', '--cacert', pair.ca, `https://localhost:${gateway.port}/readyz`]);
  assert.equal(status, 0, stderr);
  assert.equal(stdout, 'ready\n');
});

test('https on the addresses that the certificate names', async () => {
  for (const host of ['127.0.0.1', '[::1]']) {
    const { stdout, stderr } = await run('curl', ['-sS', '--cacert', pair.ca, `https://${host}:${gateway.port}/livez`]);
    assert.equal(stdout, 'alive\n', stderr);
  }
});

test('a page of https is our own, one of http is not', async () => {
  const host = `localhost:${gateway.port}`;
  const status = async (scheme, options) => (await fetchRaw(gateway.port, '/json', {
    headers: { Host: host, Origin: `${scheme}://${host}` }, body: stringify({ options: {} }), ...options })).status;
  assert.deepEqual([await status('https', { secure }), await status('http', { secure })], [200, 403]);
  assert.deepEqual([await status('https'), await status('http')], [403, 200]);
});

test('wss, by npm ws', async () => {
  const socket = new WebSocket(`wss://localhost:${gateway.port}/ws`, { ca: secure.ca });
  await once(socket, 'open');
  socket.send(stringify({ id: 1, message: nearest }));
  const [data] = await once(socket, 'message');
  assert.equal(parse(data.toString()).message._cons, 'nearestDc');
  socket.close(1000);
  assert.equal((await once(socket, 'close'))[0], 1000);
});

test('JSON lines, by Node', async () => {
  const client = new Client(await lines());
  await client.signIn('9996620001');
  assert.equal((await client.call({ _cons: 'users.getUsers', id: ['me'] }))._items[0].first_name, 'Ada');
  client.close();
});

test('JSON lines, by openssl s_client', async () => {
  const child = spawn('openssl', ['s_client', '-quiet', '-verify_return_error', '-CAfile', pair.ca, '-connect', `localhost:${gateway.port}`],
    { env: environment() });
  let out = '';
  child.stdout.on('data', (data) => (out += data));
  child.stdin.write(`${stringify({ id: 7, message: nearest })}\n`);
  await eventually(() => /"id":7,"message":\{"_cons":"nearestDc"/.test(out), 'the answer');
  child.kill();
});

test('signin-cli with --tls-ca', async () => {
  const { status, stdout, stderr } = await run(signinCli, ['--port', `${gateway.port}`, '--tls-ca', pair.ca, '--phone', '9996620001'],
    { input: '22222\n' });
  assert.equal(status, 0, stderr);
  assert.ok(parse(stdout).session.auth_key);
});

test('client.js over tls: and wss:', async (t) => {
  const lineClient = await connect(`tls://localhost:${gateway.port}`, { tls: secure });
  t.after(() => lineClient.close());
  assert.equal((await lineClient.call('help.getNearestDc'))._cons, 'nearestDc');
  class Trusting extends WebSocket {
    constructor(url) {
      super(url, secure);
    }
  }
  const socketClient = await connect(`wss://localhost:${gateway.port}`, { WebSocket: Trusting });
  t.after(() => socketClient.close());
  assert.equal((await socketClient.call('help.getNearestDc'))._cons, 'nearestDc');
});

test('plain goes on beside it: lines, HTTP', async () => {
  const client = await Client.connect(gateway.port);
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
  client.close();
  assert.equal((await fetchRaw(gateway.port, '/livez')).text, 'alive\n');
});

test('a megabyte each way, in records of any size', async () => {
  const client = new Client(await lines());
  const text = 'x'.repeat(1_000_000);
  const line = `${stringify({ id: 5, options: {}, '@extra': text })}\n`;
  for (let at = 0, size = 1; at < line.length; at += size, size = size * 3 % 50_000 + 1) client.send(line.slice(at, at + size));
  assert.equal((await client.next((v) => v.id === 5))['@extra'], text);
  client.close();
});

test('many requests in one record', async () => {
  const client = new Client(await lines());
  client.send(Array.from({ length: 50 }, (_, i) => `${stringify({ id: i + 1, options: {} })}\n`).join(''));
  for (let id = 1; id <= 50; id++) await client.next((v) => v.id === id);
  client.close();
});

test('a client that ends its side of TLS gets its answers and a proper end', async () => {
  const wire = await Wire.connect(gateway.port, { secure });
  wire.socket.end(`${stringify({ id: 1, message: nearest })}\n${stringify({ id: 2, options: {} })}`);
  const ids = (await wire.rest()).trim().split('\n').map((text) => parse(text).id);
  assert.deepEqual(ids.sort(), [1, 2]);
});

test('a session is resumed by its ticket', async () => {
  const first = await lines({ maxVersion: 'TLSv1.2' });
  const session = first.getSession();
  first.destroy();
  const second = await lines({ maxVersion: 'TLSv1.2', session });
  assert.equal(second.isSessionReused(), true);
  second.destroy();
});

// --- what is refused ---

test('TLS 1.2 and 1.3 and nothing older', async () => {
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    const socket = await lines({ minVersion: version, maxVersion: version });
    assert.equal(socket.getProtocol(), version);
    socket.destroy();
  }
  for (const version of ['-tls1_1', '-tls1']) {
    const { status, stdout, stderr } = await run('openssl', ['s_client', version, '-cipher', 'ALL:@SECLEVEL=0', '-connect',
      `localhost:${gateway.port}`]);
    assert.notEqual(status, 0);
    assert.match(stdout + stderr, /protocol version|no protocols available|unsupported protocol/);
  }
});

test('HTTP/1.1 is chosen from what browsers offer', async () => {
  const socket = await lines({ ALPNProtocols: ['h2', 'http/1.1'] });
  assert.equal(socket.alpnProtocol, 'http/1.1');
  socket.destroy();
  const json = await lines({ ALPNProtocols: ['x'] });
  assert.equal(json.alpnProtocol, false);
  json.destroy();
});

test('what only begins like TLS is closed', async () => {
  for (const bytes of ['\x16\x03\x01\x00\x05hello', `\x16\x03\x01\x00\x40${'\x00'.repeat(64)}`, `\x16${'x'.repeat(500)}`,
    `\x16\x03\x01\x40\x00${'\xff'.repeat(0x4000)}`]) {
    const wire = await Wire.connect(gateway.port);
    wire.send(Buffer.from(bytes, 'latin1'));
    const answer = await wire.rest();
    assert.doesNotMatch(answer, /"|HTTP/);
    wire.close();
  }
});

test('a hundred such are about ten lines of the log, and a later one says how many it leaves out', async (t) => {
  const own = await Gateway.start(['--sandbox', '--tls-cert', pair.cert, '--tls-key', pair.key]);
  t.after(() => own.close());
  const broken = async () => {
    const wire = await Wire.connect(own.port);
    await wire.send('\x16\x03\x01\x00\x05hello').rest();
    wire.close();
  };
  for (let i = 0; i < 100; i++) await broken();
  const told = own.errors.split('TLS failed').length - 1;
  assert.ok(told >= 10 && told < 20, own.errors);
  await eventually(async () => {
    await broken();
    return /TLS failed \(\d\d+ more such since the last\)$/m.test(own.errors);
  }, 'the number');
});

test('TLS inside TLS is closed unread', async () => {
  const wire = await Wire.connect(gateway.port, { secure });
  wire.send(Buffer.from('\x16\x03\x01\x00\x05hello\n', 'latin1'));
  const text = await wire.rest();
  assert.doesNotMatch(text, /nearestDc/);
  wire.close();
});

test('without a certificate TLS is closed unread, and the log says what is missing', async (t) => {
  const plain = await Gateway.start();
  t.after(() => plain.close());
  const { status } = await run('curl', ['-sS', '-k', `https://localhost:${plain.port}/livez`]);
  assert.equal(status, 35);
  await eventually(() => /--tls-cert/.test(plain.errors), 'the line in the log');
});

describe('half a handshake is closed after ten seconds', { concurrency: true }, () => {
  for (const [what, bytes] of [['one byte', '\x16'], ['half a record', '\x16\x03\x01\x02\x00\x01'],
    ['a dribble', '\x16\x03\x01\x02\x00\x01\x00']]) {
    test(what, async () => {
      const begun = Date.now();
      const wire = await Wire.connect(gateway.port);
      wire.send(Buffer.from(bytes, 'latin1'));
      const dripping = what === 'a dribble' && setInterval(() => wire.send('\0'), 1000);
      try {
        assert.equal(await wire.rest(), '');
      } finally {
        clearInterval(dripping);
      }
      const took = Date.now() - begun;
      assert.ok(took > 8000 && took < 12_000 * patience, `${took} ms`);
    });
  }

  test('a handshake that is done, and then silence, is not', async () => {
    const wire = await Wire.connect(gateway.port, { secure });
    await pause(11_500);
    assert.equal(wire.over, false);
    wire.send(`${stringify({ id: 1, options: {} })}\n`);
    await wire.when((bytes) => (bytes.includes('"id":1') ? true : undefined), 'the answer');
    wire.close();
  });
});

// --- starting ---

test('starting with a pair that is none says what is wrong with which file', async () => {
  const other = make('other');
  const nothing = path.join(dir, 'nothing.pem'), empty = path.join(dir, 'empty.pem');
  fs.writeFileSync(empty, '');
  fs.writeFileSync(path.join(dir, 'locked.key'), execFileSync('openssl', ['pkey', '-in', other.key, '-aes128', '-passout', 'pass:x']),
    { mode: 0o600 });
  for (const [cert, key, wrong] of [[pair.cert, other.key, /server\.key: not the key of the certificate/],
    [nothing, pair.key, /nothing\.pem: No such file/], [pair.cert, nothing, /nothing\.pem: No such file/],
    [empty, pair.key, /empty\.pem: no certificate/], [pair.cert, empty, /empty\.pem: no private key/],
    [pair.key, pair.key, /server\.key: no certificate/], [other.cert, path.join(dir, 'locked.key'), /locked\.key: no private key.*passphrase/]]) {
    for (const check of [[], ['--check-config']]) {
      const { status, stderr, stdout } = await run(streamjson, ['--port', '0', '--sandbox', '--sandbox-port', '0',
        '--tls-cert', cert, '--tls-key', key, ...check]);
      assert.equal(status, 1);
      assert.match(stderr, wrong);
      assert.equal(stdout, '');
    }
  }
});

test('one of the two options without the other is an error that names the other', async () => {
  for (const [args, wanted] of [[['--tls-cert', pair.cert], /--tls-key/], [['--tls-key', pair.key], /--tls-cert/]]) {
    const { status, stderr } = await run(streamjson, ['--port', '0', '--sandbox', '--sandbox-port', '0', ...args]);
    assert.notEqual(status, 0);
    assert.match(stderr, wanted);
  }
});

// --- reading again ---

async function reloading(t) {
  const own = path.join(dir, `reload ${t.name.length}`);
  fs.mkdirSync(own);
  const cert = path.join(own, 'cert.pem'), key = path.join(own, 'key.pem');
  const use = (from) => {
    fs.copyFileSync(from.cert, cert);
    fs.copyFileSync(from.key, key);
  };
  use(pair);
  const other = await Gateway.start(['--sandbox', '--tls-cert', cert, '--tls-key', key]);
  t.after(() => other.close());
  const hangup = async (line) => {
    const before = other.errors.split(line).length;
    other.child.kill('SIGHUP');
    await eventually(() => other.errors.split(line).length > before, line);
  };
  const serial = () => new Promise((resolve, reject) => {
    const socket = tls.connect({ port: other.port, host: 'localhost', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', reject);
  });
  return { gateway: other, cert, key, use, hangup, serial };
}

test('SIGHUP: a new certificate for new connections, and no request is lost', async (t) => {
  const { gateway: other, use, hangup, serial } = await reloading(t);
  const next = make('next');
  const anybody = { rejectUnauthorized: false };
  const old = await serial();
  let over = false;
  // Each asks without a pause, on a connection that stays or on one of its own.
  const staying = Array.from({ length: 4 }, async () => {
    const wire = await Wire.connect(other.port, { secure: anybody });
    let count = 0;
    for (; !over; count++) {
      const { status, text } = await wire.send(request('/json', { body: stringify({ options: {} }) })).response();
      assert.equal(status, 200);
      assert.match(text, /"options"/);
    }
    wire.close();
    return count;
  });
  const coming = Array.from({ length: 2 }, async () => {
    let count = 0;
    for (; !over; count++) {
      const { status, replies } = await post(other.port, stringify({ message: nearest }), { secure: anybody });
      assert.deepEqual([status, replies[0].message._cons], [200, 'nearestDc']);
    }
    return count;
  });
  const serials = new Set([old]);
  for (const [round, from] of [next, pair, next].entries()) {
    await pause(300);
    use(from);
    await hangup('tokens and certificate were read again');
    serials.add(await serial());
    assert.equal((await serial()) === old, round === 1);
  }
  await pause(300);
  over = true;
  const counts = await Promise.all([...staying, ...coming]);
  for (const count of counts) assert.ok(count > 2, counts.join());
  assert.equal(serials.size, 2);
});

test('SIGHUP: a pair that is broken changes nothing, and the log says what is wrong', async (t) => {
  const { gateway: other, cert, key, use, hangup, serial } = await reloading(t);
  const old = await serial();
  const wrongs = {
    'a certificate that is none': () => fs.writeFileSync(cert, 'nonsense'),
    'a file that is gone': () => fs.rmSync(cert),
    'the key of another': () => fs.copyFileSync(make('stranger').key, key),
  };
  for (const [what, breakIt] of Object.entries(wrongs)) {
    use(pair);
    breakIt();
    await hangup('tokens and certificate are left as they were: ');
    assert.match(other.errors, /left as they were: .*(cert|key)\.pem/, what);
    assert.equal(await serial(), old, what);
  }
  use(make('mended'));
  await hangup('tokens and certificate were read again');
  assert.notEqual(await serial(), old);
});
