// signin-cli through TLS: whom it trusts, and what it says where it does not. TLS is Node's here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { Gateway, folder, run, signinCli, top } from './support/gateway.mjs';

let gateway, dir, front;
const wrapped = []; // servers that speak TLS
before(async () => {
  dir = folder();
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', dir]);
  gateway = await Gateway.start();
  front = await listen((socket) => {
    const behind = net.connect(gateway.port, 'localhost');
    socket.pipe(behind).pipe(socket);
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
  });
});
after(async () => {
  for (const server of wrapped) server.close();
  await gateway.close();
  fs.rmSync(dir, { recursive: true });
});

async function listen(serve, { address = '127.0.0.1', ...options } = {}) {
  const read = (name) => fs.readFileSync(path.join(dir, name));
  const server = tls.createServer({ cert: read('server.pem'), key: read('server.key'), ...options }, serve);
  server.on('tlsClientError', () => {});
  wrapped.push(server);
  await new Promise((done) => server.listen(0, address, done));
  return server.address().port;
}

const signIn = (port, ...more) =>
  run(signinCli, ['--port', port, '--phone', '9996620001', ...more], { input: '22222\n' });
const trusting = () => ['--tls-ca', path.join(dir, 'ca.pem')];

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  test(`a whole sign-in over ${version}`, async () => {
    const port = await listen((socket) => {
      assert.equal(socket.getProtocol(), version);
      const behind = net.connect(gateway.port, 'localhost');
      socket.pipe(behind).pipe(socket);
    }, { minVersion: version, maxVersion: version });
    const { status, stdout, stderr } = await signIn(port, ...trusting());
    assert.equal(status, 0, stderr);
    assert.ok(JSON.parse(stdout).session.auth_key);
  });
}

test('an address that the certificate names is as good as a name', async () => {
  const { status, stderr } = await signIn(front, '--host', '127.0.0.1', ...trusting());
  assert.equal(status, 0, stderr);
});

test('an authority that nobody named is not trusted', async () => {
  const { status, stdout, stderr } = await signIn(front, '--tls');
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /not trusted/);
});

test('a certificate for another host is not taken', async () => {
  const elsewhere = await listen(() => {}, { address: '127.0.0.2' });
  const { status, stderr } = await signIn(elsewhere, '--host', '127.0.0.2', ...trusting());
  assert.equal(status, 1);
  assert.match(stderr, /not trusted: IP address mismatch/);
});

test('a certificate by another authority is not taken', async () => {
  const other = path.join(dir, 'other');
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', other]);
  const port = await listen(() => {}, {
    cert: fs.readFileSync(path.join(other, 'server.pem')), key: fs.readFileSync(path.join(other, 'server.key')) });
  const stranger = await signIn(port, ...trusting());
  assert.equal(stranger.status, 1);
  assert.match(stranger.stderr, /not trusted/);
});

test('TLS older than 1.2 is not spoken', async () => {
  const port = await listen(() => {}, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' });
  const { status, stderr } = await signIn(port, ...trusting());
  assert.equal(status, 1);
  assert.match(stderr, /no TLS with localhost/);
});

test('who speaks no TLS is told so', async (t) => {
  const plain = net.createServer((socket) => socket.destroy());
  t.after(() => plain.close());
  await new Promise((done) => plain.listen(0, '127.0.0.1', done));
  const { status, stderr } = await signIn(plain.address().port, ...trusting());
  assert.equal(status, 1);
  assert.match(stderr, /no TLS with localhost/);
});

test('who goes beyond loopback without TLS is warned', async () => {
  const away = await signIn(gateway.port, '--host', 'no-such-host.invalid');
  assert.match(away.stderr, /nothing is encrypted on the way to no-such-host\.invalid; --tls/);
  assert.doesNotMatch((await signIn(gateway.port)).stderr, /encrypted/);
  assert.doesNotMatch((await signIn(front, ...trusting())).stderr, /encrypted/);
});

test('a file that holds no authority is named', async () => {
  const { status, stderr } = await signIn(front, '--tls-ca', '/no/such.pem');
  assert.equal(status, 1);
  assert.match(stderr, /--tls-ca: \/no\/such\.pem/);
});

test('the token of a file goes into the first object', async () => {
  const file = path.join(dir, 'token');
  fs.writeFileSync(file, 'ada:0123456789abcdef\n', { mode: 0o600 });
  const seen = [];
  const port = await listen((socket) => socket.on('data', (data) => {
    seen.push(String(data));
    socket.end('{"id":1,"error":"Unauthorized","msg":"that token is not known"}\n');
  }));
  const { status, stderr } = await signIn(port, '--token-file', file, ...trusting());
  assert.equal(status, 1);
  assert.match(stderr, /that token is not known/);
  assert.equal(JSON.parse(seen.join('')).token, '0123456789abcdef');
  assert.doesNotMatch(stderr, /0123456789abcdef/);
});

test('a token file that others may read is not used', async () => {
  const file = path.join(dir, 'shared');
  fs.writeFileSync(file, 'ada:0123456789abcdef\n');
  fs.chmodSync(file, 0o644);
  const { status, stderr } = await signIn(gateway.port, '--token-file', file);
  assert.equal(status, 1);
  assert.match(stderr, /--token-file: .*chmod 600/);
});
