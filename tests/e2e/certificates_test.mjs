// certs/make-local makes a pair that strict clients take, and spoils nothing that is there.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { top } from './support/gateway.mjs';

const script = path.join(top, 'certs/make-local');
let folder, dir, said;
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'certificates '));
  dir = path.join(folder, 'a pair');
  said = execFileSync(script, ['--dir', dir, 'gate.example.org', '192.0.2.7', '2001:db8::7'], { encoding: 'utf8' });
});
after(() => fs.rmSync(folder, { recursive: true }));

const file = (name) => path.join(dir, name);
const read = (name) => fs.readFileSync(file(name), 'utf8');
const make = (...more) => spawnSync(script, more, { encoding: 'utf8' });

test('keys are for their owner alone, nothing else is left behind', () => {
  assert.deepEqual(fs.readdirSync(dir).sort(), ['ca.key', 'ca.pem', 'server.key', 'server.pem']);
  for (const key of ['ca.key', 'server.key']) assert.equal(fs.statSync(file(key)).mode & 0o777, 0o600);
  for (const pem of ['ca.pem', 'server.pem']) assert.equal(fs.statSync(file(pem)).mode & 0o777, 0o644);
});

test('the certificate names this machine and what was asked for, for 397 days', () => {
  const server = new X509Certificate(read('server.pem')), ca = new X509Certificate(read('ca.pem'));
  for (const name of ['localhost', 'gate.example.org']) assert.ok(server.checkHost(name), name);
  for (const ip of ['127.0.0.1', '::1', '192.0.2.7', '2001:db8::7']) assert.ok(server.checkIP(ip), ip);
  assert.equal(server.checkHost('example.org'), undefined);
  assert.ok(ca.ca && !server.ca && server.checkIssued(ca) && server.verify(ca.publicKey));
  const days = (it) => Math.round((Date.parse(it.validTo) - Date.parse(it.validFrom)) / 86_400_000);
  assert.deepEqual([days(server), days(ca)], [397, 3650]);
});

test('openssl finds nothing wrong with it, by its strictest rules', () => {
  execFileSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'gate.example.org',
    '-CAfile', file('ca.pem'), file('server.pem')]);
});

test('a client that trusts the authority connects, another does not', async () => {
  const server = tls.createServer({ cert: read('server.pem'), key: read('server.key') }, (socket) => socket.end());
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const connect = (options) => new Promise((done) => {
    const socket = tls.connect({ port: server.address().port, host: '127.0.0.1', servername: 'localhost', ...options });
    socket.on('secureConnect', () => done('connected')).on('error', (error) => done(error.code)).on('close', () => done('closed'));
  });
  assert.equal(await connect({ ca: read('ca.pem') }), 'connected');
  assert.equal(await connect({}), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  server.close();
});

test('it says how to go on', () => {
  for (const word of ['--tls-cert', '--tls-key', '--cacert', '--tls-ca']) assert.ok(said.includes(word), word);
});

test('what is there is not overwritten', () => {
  const before = read('server.key');
  const again = make('--dir', dir);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /is there already/);
  assert.equal(read('server.key'), before);
  assert.equal(fs.readdirSync(dir).length, 4);
});

test('what is no name or option is refused before anything is made', () => {
  const other = path.join(folder, 'other');
  for (const word of ['a b', 'x,DNS:evil.example', '--no-such', 'a/b', '$(id)']) {
    const result = make('--dir', other, word);
    assert.equal(result.status, 2, word);
    assert.ok(!fs.existsSync(other), word);
  }
});
