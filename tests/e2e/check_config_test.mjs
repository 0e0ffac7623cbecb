// --check-config and --print-config: what can be tried of a configuration, and what it is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { Gateway, folder, run, streamjson } from './support/gateway.mjs';

const check = (args, env = {}) => run(streamjson, ['--check-config', '--port', '0', ...args], { env });
const faults = ({ status, stderr }) => {
  assert.equal(status, 1, stderr);
  return stderr.trimEnd().split('\n');
};

// `dates`: of the certificate, as `openssl ca` takes them.
function pair(dir, name, dates) {
  const [cert, key] = [path.join(dir, `${name}.pem`), path.join(dir, `${name}.key`)];
  const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
  const subject = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=localhost', '-keyout', key];
  if (!dates) {
    openssl('req', '-x509', ...subject, '-out', cert, '-days', '30');
  } else {
    openssl('req', ...subject, '-out', 'request');
    fs.writeFileSync(`${dir}/index`, '');
    fs.writeFileSync(`${dir}/ca`, `[ca]\ndefault_ca=own\n[own]\ndatabase=${dir}/index\nrand_serial=yes\nnew_certs_dir=${dir}\n` +
      'default_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n');
    openssl('ca', '-batch', '-selfsign', '-config', 'ca', '-keyfile', key, '-in', 'request', '-out', cert, '-notext',
      '-startdate', dates[0], '-enddate', dates[1]);
  }
  fs.chmodSync(key, 0o600);
  return { cert, key };
}

test('what is in order is said to be, and nothing is left behind', async (t) => {
  const dir = folder(t);
  const { cert, key } = pair(dir, 'good');
  const before = fs.readdirSync(dir);
  const { status, stdout, stderr } = await check(['--sandbox', '--sandbox-port', '0', '--tls-cert', cert, '--tls-key', key,
    '--store', `sqlite:${dir}/tg.db`, '--sandbox-state', `${dir}/state`, '--listen', `unix:${dir}/socket`]);
  assert.deepEqual([status, stderr, stdout], [0, '', 'The configuration is in order.\n']);
  assert.deepEqual(fs.readdirSync(dir), before);
});

test('all that is wrong is said at once, a line each', async (t) => {
  const dir = folder(t);
  const file = path.join(dir, 'conf');
  fs.writeFileSync(file, 'rpc-timeout=soon\nprot=1\n');
  const said = faults(await check(['--config', file, '--dc', 'x', '--token-file', `${dir}/tokens`, '--scheme', `${dir}/api.tl`,
    '--tls-cert', `${dir}/cert`, '--tls-key', `${dir}/key`, '--proxy', 'socks5://no-such-host.invalid:1080',
    '--store', `sqlite:${dir}/none/tg.db`, '--sandbox', '--sandbox-port', '0', '--sandbox-state', `${dir}/none/state`,
    '--sandbox-faults', `${dir}/faults`, '--listen', `unix:${dir}/none/socket`]));
  for (const part of ['rpc-timeout', 'prot', '--dc', 'tokens', 'api.tl', '--tls-cert', '--proxy: no-such-host.invalid',
    '--store: ', '--sandbox-state', '--sandbox-faults', '--listen']) {
    assert.equal(said.filter((line) => line.startsWith('streamjson: ') && line.includes(part)).length, 1, `${part}:\n${said.join('\n')}`);
  }
});

test('a port that is taken, of the gateway or of its sandbox', async (t) => {
  const other = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  t.after(() => other.close());
  const { port } = other.address();
  assert.match(faults(await run(streamjson, ['--check-config', '--port', `${port}`])).join(), /the port is taken.*--port$/);
  const own = faults(await check(['--sandbox', '--sandbox-port', `${port - 2}`])).join('\n');
  assert.match(own, new RegExp(`127\\.0\\.0\\.1:${port}: the port is taken.*--sandbox-port`));
});

test('a certificate whose key is another, and one that is out of date', async (t) => {
  const dir = folder(t);
  const one = pair(dir, 'one'), other = pair(dir, 'other');
  assert.match(faults(await check(['--tls-cert', one.cert, '--tls-key', other.key])).join(), /not the key of the certificate/);
  const old = pair(dir, 'old', ['20200101000000Z', '20210101000000Z']);
  assert.match(faults(await check(['--tls-cert', old.cert, '--tls-key', old.key])).join(), /old\.pem: it has expired/);
  const coming = pair(dir, 'coming', ['20480101000000Z', '20490101000000Z']);
  assert.match(faults(await check(['--tls-cert', coming.cert, '--tls-key', coming.key])).join(), /its time has not begun/);
});

test('a store with another key, or with none any more', async (t) => {
  const dir = folder(t);
  const store = `sqlite:${dir}/tg.db`;
  await (await Gateway.start(['--sandbox', '--store', store])).close();
  assert.equal((await check(['--store', store])).status, 0);
  fs.writeFileSync(`${dir}/tg.db.key`, Buffer.alloc(32, 7), { mode: 0o600 });
  assert.match(faults(await check(['--store', store])).join(), /--store: .*key/);
  fs.rmSync(`${dir}/tg.db.key`);
  assert.match(faults(await check(['--store', store])).join(), /--store: .*tg\.db\.key/);
  assert.ok(!fs.existsSync(`${dir}/tg.db.key`));
});

test('--print-config is a file that reads back to the same, without secrets', async (t) => {
  const file = path.join(folder(t), 'conf');
  const print = (args, env = {}) => run(streamjson, ['--print-config', ...args], { env });
  const args = ['--port', '0', '--max-line', '1M', '--rpc-timeout', '1500ms', '--allow-host', 'a.example', '--allow-host',
    'b.example:8443', '--device-model', '  two words # and "more" ', '--transport', 'padded', '--log-format', 'json', '--verbose',
    '--drain', '0', '--web', '/tmp', '--store', 'sqlite:/tmp/a b.db', '--proxy', 'http://proxy.example:3128'];
  const first = await print([...args, '--api-hash', 'feedface4711'], { STREAMJSON_API_ID: '4711', STREAMJSON_UPDATES_KEPT: '7' });
  assert.equal(first.status, 0, first.stderr);
  for (const line of ['port=0', 'max-line=1048576', 'rpc-timeout=1500ms', 'allow-host=a.example', 'allow-host=b.example:8443',
    'transport=padded', 'log-format=json', 'verbose=true', 'drain=0', 'updates-kept=7', 'dc=2', '# api-hash is set, and secret',
    'proxy=http://proxy.example:3128', 'store=sqlite:/tmp/a b.db', "device-model='  two words # and \"more\" '"]) {
    assert.ok(first.stdout.split('\n').includes(line), `${line} of:\n${first.stdout}`);
  }
  assert.doesNotMatch(first.stdout, /feedface4711|4711/);
  fs.writeFileSync(file, first.stdout);
  const again = await print(['--config', file]);
  assert.equal(again.status, 0, again.stderr);
  const bare = (text) => text.split('\n').filter((line) => !line.startsWith('# api-'));
  assert.deepEqual(bare(again.stdout), bare(first.stdout));
  const hidden = await print(['--proxy', 'socks5://ada:hush@proxy.example:1080', '--store', 'postgresql://ada:hush@db/tg']);
  assert.doesNotMatch(hidden.stdout + hidden.stderr, /hush/);
});

test('--print-config of a socket file alone asks for no TCP', async (t) => {
  const socket = `unix:${folder(t)}/socket`;
  const { stdout } = await run(streamjson, ['--print-config', '--listen', socket]);
  assert.match(stdout, new RegExp(`^listen=${socket}$`, 'm'));
  assert.doesNotMatch(stdout, /^(host|port)=/m);
});
