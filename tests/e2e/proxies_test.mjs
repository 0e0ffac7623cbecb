// The way to Telegram through proxies, good ones and bad ones; and by each transport.
import assert from 'node:assert/strict';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { stringify } from './support/json.mjs';
import { Gateway, folder, patience } from './support/gateway.mjs';
import { freePort, listener, microsocks, tinyproxy } from './support/proxies.mjs';
import { Relay } from './support/relay.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const key = '00112233445566778899aabbccddeeff';
const timeout = 2; // seconds for a connection
const scratch = [];
const t0 = { after: (f) => scratch.unshift(f) };
const fronts = {}; // sandboxes by the kind of their MTProxy's secret
let pem, sandbox, gateway;

before(async () => {
  pem = path.join(folder(t0), 'key.pem');
  const secrets = { plain: key, dd: `dd${key}`, ee: `ee${key}${Buffer.from('example.org').toString('hex')}` };
  for (const [kind, secret] of Object.entries(secrets)) {
    const own = kind === 'plain' ? pem : path.join(folder(t0), 'key.pem');
    const box = await Gateway.start(['--sandbox', '--sandbox-public-key', own, '--sandbox-mtproxy', secret]);
    t0.after(() => box.close());
    const link = /tg:\/\/proxy\?server=127\.0\.0\.1&port=(\d+)&secret=(\w+)/.exec(box.output);
    assert.equal(link?.[2], secret, box.output);
    fronts[kind] = { box, pem: own, secret, link: link[0], port: Number(link[1]) };
  }
  sandbox = fronts.plain.box;
  gateway = await behind(t0, []);
});
after(async () => {
  for (const f of scratch) await f();
});

// A gateway of its own whose Telegram is the first sandbox.
async function behind(t, args, of = fronts.plain) {
  const started = await Gateway.start(['--server', `127.0.0.1:${of.box.dcs[2]}`, '--rsa', of.pem,
    '--connect-timeout', `${timeout}`, '--api-id', '12345', '--api-hash', 'abcdef', ...args]);
  t.after(() => started.close());
  return started;
}

async function connected(t, to = gateway) {
  const client = await Client.connect(to.port);
  t.after(() => client.close());
  return client;
}

// What the first call through `proxy` comes to, and how long that took.
async function through(t, proxy, message = nearest) {
  const client = await connected(t);
  const set = await client.request({ server: { proxy } });
  assert.equal(set.error, undefined, stringify(set));
  const begun = Date.now();
  const reply = await client.request({ message });
  return { reply, client, took: (Date.now() - begun) / 1000 };
}

async function goes(t, proxy) {
  const { reply, client } = await through(t, proxy);
  assert.equal(reply.message?._cons, 'nearestDc', stringify(reply));
  return client;
}

async function fails(t, proxy, reason, most = timeout + 1.5 * patience) {
  const { reply, took } = await through(t, proxy);
  assert.equal(reply.error, 'ConnectionError', stringify(reply));
  assert.match(reply.reason, reason);
  assert.ok(took < most, `${took} s`);
  return reply;
}

// Bytes that go to `port` pass here and are remembered.
async function overheard(t, port) {
  const relay = new Relay();
  await relay.listen(port);
  t.after(() => relay.close());
  return relay;
}
// A port of ::1 behind which `port` of 127.0.0.1 is; null where there is no IPv6.
async function onIpv6(t, port) {
  const server = net.createServer((socket) => {
    const inner = net.connect(port, '127.0.0.1');
    for (const end of [socket, inner]) end.on('error', () => {});
    socket.pipe(inner).pipe(socket);
    t.after(() => [socket, inner].forEach((end) => end.destroy()));
  });
  t.after(() => server.close());
  return new Promise((resolve) => server.on('error', () => resolve(null))
    .listen(0, '::1', () => resolve(server.address().port)));
}
const firstBytes = (relay) => Buffer.concat(relay.sent[0]);

for (const [args, wire] of [
  [['--transport', 'abridged'], /^ef/],
  [['--transport', 'intermediate'], /^eeeeeeee/],
  [['--transport', 'padded'], /^dddddddd/],
  [['--transport', 'full'], /^[0-9a-f]{8}00000000/],
  [['--transport', 'abridged', '--obfuscated'], /^(?!ef)/],
  [['--transport', 'padded', '--obfuscated'], /^(?!dddddddd)/],
]) {
  test(`speaks with Telegram as ${args.join(' ')} says`, async (t) => {
    const relay = await overheard(t, sandbox.dcs[2]);
    const own = await Gateway.start(['--server', `127.0.0.1:${relay.port}`, '--rsa', pem,
      '--api-id', '12345', '--api-hash', 'abcdef', ...args]);
    t.after(() => own.close());
    const client = await connected(t, own);
    await client.signIn('9996620001');
    assert.match(firstBytes(relay).toString('hex'), wire);
    const { server } = await client.request({ server: {} });
    assert.equal(server.transport ?? 'intermediate', args[1]);
    assert.equal(server.obfuscated ?? false, args.includes('--obfuscated'));
  });
}

test('bytes may come in crumbs, on every transport', async (t) => {
  const relay = new Relay({ crumbs: true });
  await relay.listen(sandbox.dcs[2]);
  t.after(() => relay.close());
  const own = await Gateway.start(['--server', `127.0.0.1:${relay.port}`, '--rsa', pem,
    '--api-id', '12345', '--api-hash', 'abcdef']);
  t.after(() => own.close());
  for (const transport of ['abridged', 'intermediate', 'padded', 'full']) {
    for (const obfuscated of transport === 'full' ? [false] : [false, true]) {
      const client = await connected(t, own);
      await client.request({ server: { transport, obfuscated } });
      await client.signIn('9996620001');
      const text = `crumbs ${transport} ${obfuscated}`;
      await client.call({ _cons: 'messages.sendMessage', peer: 'me', message: text });
      const { messages } = await client.call({ _cons: 'messages.getHistory', peer: 'me', limit: 1 });
      assert.equal(messages[0].message, text);
    }
  }
});

test('an MTProxy that speaks TLS may be heard in crumbs', async (t) => {
  const relay = new Relay({ crumbs: true });
  await relay.listen(fronts.ee.port);
  t.after(() => relay.close());
  const own = await behind(t, [], fronts.ee);
  const client = await connected(t, own);
  await client.request({ server: { proxy: { host: '127.0.0.1', port: relay.port, secret: fronts.ee.secret } } });
  await client.signIn('9996620001');
});

test('a SOCKS5 proxy is gone through', async (t) => {
  const relay = await overheard(t, await microsocks(t));
  const client = await goes(t, `socks5://127.0.0.1:${relay.port}`);
  assert.equal(firstBytes(relay).subarray(0, 3).toString('hex'), '050100');
  await client.signIn('9996620001');
});

test('a SOCKS5 proxy resolves names itself', async (t) => {
  const relay = await overheard(t, await microsocks(t));
  const client = await connected(t);
  await client.request({ server: { host: 'localhost', port: sandbox.dcs[2], proxy: `socks5h://127.0.0.1:${relay.port}` } });
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
  assert.ok(firstBytes(relay).includes('\x03\x09localhost'));
});

test('a SOCKS5 proxy takes user and password, and refuses a wrong one', async (t) => {
  const port = await microsocks(t, { user: 'ada', password: 'p@ss:1' });
  await goes(t, `socks5://ada:p%40ss%3A1@127.0.0.1:${port}`);
  await goes(t, `tg://socks?server=127.0.0.1&port=${port}&user=ada&pass=p%40ss%3A1`);
  await fails(t, `socks5://ada:wrong@127.0.0.1:${port}`, /^the proxy refused the user name or the password$/);
  await fails(t, `socks5://127.0.0.1:${port}`, /^the proxy wants a user name and a password$/);
});

test('an HTTP proxy is gone through', async (t) => {
  const relay = await overheard(t, await tinyproxy(t));
  const client = await goes(t, `http://127.0.0.1:${relay.port}`);
  assert.match(firstBytes(relay).toString('latin1'), new RegExp(`^CONNECT 127\\.0\\.0\\.1:${sandbox.dcs[2]} HTTP/1\\.1\r\n`));
  await client.signIn('9996620001');
});

for (const way of ['directly', 'by SOCKS5', 'by CONNECT']) {
  test(`an IPv6 address may stand in brackets: ${way}`, async (t) => {
    const port = await onIpv6(t, sandbox.dcs[2]);
    if (port === null) return t.skip('this machine has no IPv6');
    const proxy = { directly: async () => false, 'by SOCKS5': async () => `socks5://127.0.0.1:${await microsocks(t)}`,
      'by CONNECT': async () => `http://127.0.0.1:${await tinyproxy(t)}` };
    const chosen = await proxy[way]();
    const client = await connected(t);
    for (const host of ['[::1]', '::1']) {
      const { server, error } = await client.request({ server: { host, port, proxy: chosen } });
      assert.deepEqual([error, server?.host], [undefined, '::1']);
      assert.equal((await client.call(nearest))._cons, 'nearestDc');
    }
  });
}

test('an HTTP proxy takes user and password, and refuses a wrong one', async (t) => {
  const port = await tinyproxy(t, { user: 'ada', password: 'secret' });
  await goes(t, `http://ada:secret@127.0.0.1:${port}`);
  await fails(t, `http://ada:wrong@127.0.0.1:${port}`, /^the proxy refused the user name or the password$/);
  await fails(t, `http://127.0.0.1:${port}`, /^the proxy wants a user name and a password$/);
});

for (const [kind, expected] of [['socks5', /refused the proxy's connection|failed to connect/], ['http', /HTTP status 50\d/]]) {
  test(`a data centre that a ${kind} proxy can't reach is told as such`, async (t) => {
    const port = await (kind === 'http' ? tinyproxy(t) : microsocks(t));
    const client = await connected(t);
    await client.request({ server: { host: '127.0.0.1', port: await freePort(), proxy: `${kind}://127.0.0.1:${port}` } });
    const reply = await client.request({ message: nearest });
    assert.equal(reply.error, 'ConnectionError', stringify(reply));
    assert.match(reply.reason, expected);
  });
}

test('a proxy that is not there is told at once', async (t) => {
  const port = await freePort();
  for (const proxy of [`socks5://127.0.0.1:${port}`, `http://127.0.0.1:${port}`,
    { host: '127.0.0.1', port, secret: key }, { host: '127.0.0.1', port, secret: fronts.ee.secret }]) {
    const reply = await fails(t, proxy, /^the proxy can't be reached: Connection refused$/);
    assert.match(reply.msg, new RegExp(`proxy 127\\.0\\.0\\.1:${port}`, 'i'));
  }
});

test('a proxy that says nothing is given up within the time for a connection', async (t) => {
  const port = await listener(t, () => {});
  await fails(t, `socks5://127.0.0.1:${port}`, /^the proxy did not answer in time$/);
  await fails(t, `http://127.0.0.1:${port}`, /^the proxy did not answer in time$/);
  for (const secret of [key, `dd${key}`, fronts.ee.secret]) {
    await fails(t, { host: '127.0.0.1', port, secret }, /^the proxy stays silent: its secret may be another one$/);
  }
});

test('a proxy that hangs up is told as such', async (t) => {
  const port = await listener(t, (socket) => socket.once('data', () => socket.end()));
  await fails(t, `socks5://127.0.0.1:${port}`, /^the proxy closed the connection$/);
  await fails(t, `http://127.0.0.1:${port}`, /^the proxy closed the connection$/);
  for (const secret of [key, fronts.ee.secret]) {
    await fails(t, { host: '127.0.0.1', port, secret }, /^the proxy closed the connection: its secret may be another one$/);
  }
});

test('what is no proxy is told as such', async (t) => {
  const port = await listener(t, (socket) => socket.end('SSH-2.0-OpenSSH_9\r\n'));
  await fails(t, `socks5://127.0.0.1:${port}`, /^the proxy does not speak SOCKS5$/);
  await fails(t, `http://127.0.0.1:${port}`, /^the proxy does not speak HTTP$/);
  await fails(t, { host: '127.0.0.1', port, secret: fronts.ee.secret }, /TLS/);
});

for (const kind of ['plain', 'dd', 'ee']) {
  test(`an MTProxy with a ${kind} secret is gone through`, async (t) => {
    const front = fronts[kind];
    const own = await behind(t, ['--proxy', front.link], front);
    assert.match(own.output, new RegExp(`MTProxy 127\\.0\\.0\\.1:${front.port}`));
    assert.ok(!own.text.includes(key));
    const client = await connected(t, own);
    await client.signIn('9996620001');
    const { server } = await client.request({ server: {} });
    assert.equal(server.proxy, `tg://proxy?server=127.0.0.1&port=${front.port}&secret=***`);
    const { session } = await client.request({ session: {} });
    // Again, with the key that is there.
    const later = await connected(t, own);
    await later.request({ session });
    const [me] = (await later.call({ _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] }))._items;
    assert.equal(me.first_name, 'Ada');
  });
}

test('an MTProxy whose way is TLS shows nothing else', async (t) => {
  const front = fronts.ee;
  const relay = await overheard(t, front.port);
  const own = await behind(t, [], front);
  const client = await connected(t, own);
  await client.request({ server: { proxy: { host: '127.0.0.1', port: relay.port, secret: front.secret } } });
  await client.call(nearest);
  const bytes = firstBytes(relay);
  assert.equal(bytes.subarray(0, 11).toString('hex'), '1603010200010001fc0303');
  assert.ok(bytes.includes('example.org'));
  for (let at = 517; at < bytes.length;) {
    assert.match(bytes.subarray(at, at + 3).toString('hex'), at === 517 ? /^140303$/ : /^170303$/);
    at += 5 + bytes.readUInt16BE(at + 3);
    assert.ok(at <= bytes.length);
  }
});

test('an MTProxy brings every framing to its data centre', async (t) => {
  for (const transport of ['abridged', 'intermediate', 'padded', 'full']) {
    const client = await connected(t);
    await client.request({ server: { transport, proxy: fronts.plain.link } });
    assert.equal((await client.call(nearest))._cons, 'nearestDc', transport);
  }
});

test('an MTProxy with another secret is told within the time for a connection', async (t) => {
  const other = key.replace('00', '01');
  const at = (kind) => ({ host: '127.0.0.1', port: fronts[kind].port });
  const silent = /^the proxy stays silent: its secret may be another one$/;
  await fails(t, { ...at('plain'), secret: other }, silent);
  await fails(t, { ...at('dd'), secret: `dd${other}` }, silent);
  await fails(t, { ...at('dd'), secret: key }, silent);
  await fails(t, { ...at('ee'), secret: fronts.ee.secret.replace('00', '01') }, /TLS|secret/);
  await fails(t, { ...at('ee'), secret: key }, /secret/);
});

test('an MTProxy is tried again with another secret after a wrong one', async (t) => {
  const { client } = await through(t, { host: '127.0.0.1', port: fronts.plain.port, secret: key.replace('00', '01') });
  await client.request({ server: { proxy: fronts.plain.link } });
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
  await client.request({ server: { proxy: false } });
  const { server } = await client.request({ server: {} });
  assert.equal(server.proxy, undefined);
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

test('what is shown of a proxy can be set again and its password stays', async (t) => {
  const port = await microsocks(t, { user: 'ada', password: 'secret' });
  const client = await goes(t, `socks5://ada:secret@127.0.0.1:${port}`);
  const { server } = await client.request({ server: {} });
  assert.equal(server.proxy, `socks5://ada:***@127.0.0.1:${port}`);
  await client.request({ server: { proxy: server.proxy } });
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

test('beyond loopback a client chooses only the proxies that are allowed', async (t) => {
  const own = await behind(t, ['--host', '0.0.0.0', '--insecure', '--allow-proxy', '127.0.0.1:9']);
  const client = await connected(t, own);
  const refused = await client.request({ server: { proxy: 'socks5://127.0.0.1:10' } });
  assert.equal(refused.error, 'TypeError', stringify(refused));
  assert.equal(refused.path, '/server/proxy');
  const taken = await client.request({ server: { proxy: 'socks5://127.0.0.1:9' } });
  assert.equal(taken.server.proxy, 'socks5://127.0.0.1:9', stringify(taken));
});
