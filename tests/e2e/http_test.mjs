// HTTP/1.1 on the one port: by the book, byte by byte, and POST /json as a whole client.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, apart, patience, run } from './support/gateway.mjs';
import { stringify } from './support/json.mjs';
import { Relay } from './support/relay.mjs';
import {
  Wire,
  eventually,
  fetchRaw,
  metrics,
  objects,
  parseMetrics,
  post,
  request,
} from './support/wire.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const limit = 65536;
let gateway;
before(async () => (gateway = await Gateway.start(['--sandbox', '--max-line', `${limit}`])));
after(() => gateway.close());

const get = (target, options) => fetchRaw(gateway.port, target, options);
const asked = (id, more = {}) => stringify({ id, ...more, options: {} });

const wired = (name, body) =>
  test(name, async () => {
    const wire = await Wire.connect(gateway.port);
    try {
      await body(wire);
    } finally {
      wire.close();
    }
  });

// The session of somebody who signed in by two POSTs.
async function signIn(port = gateway.port, phone = '9996620001', code = '22222') {
  const first = (await post(port, stringify({ signin: { phone } }))).replies[0];
  const { phone_code_hash } = first.signin;
  const second = (
    await post(
      port,
      stringify({
        session: first.session,
        signin: { phone, phone_code_hash, code },
      }),
    )
  ).replies[0];
  assert.equal(second.signin.state, 'done', stringify(second));
  return second.session;
}

// --- one after another ---

wired('a connection is kept for the next request', async (wire) => {
  for (let i = 0; i < 5; i++) {
    const { status, text, headers } = await wire.send(request('/livez')).response();
    assert.deepEqual([status, text, headers.connection], [200, 'alive\n', 'keep-alive']);
  }
});

wired('requests in one piece are answered in their order', async (wire) => {
  wire.send(
    request('/livez') +
      request('/scheme.json') +
      request('/json', { body: asked(1) }) +
      request('/nowhere') +
      request('/json', { body: stringify({ id: 2, message: nearest }) }) +
      request('/livez'),
  );
  assert.equal((await wire.response()).text, 'alive\n');
  assert.match((await wire.response()).headers['content-type'], /^application\/json/);
  assert.equal(objects((await wire.response()).text)[0].id, 1);
  assert.equal((await wire.response()).status, 404);
  assert.equal(objects((await wire.response()).text)[0].message._cons, 'nearestDc');
  assert.equal((await wire.response()).text, 'alive\n');
});

wired('requests in one piece from a pipe that is closed behind them are all answered', async (wire) => {
  wire.socket.end(
    request('/json', { body: stringify({ id: 1, message: nearest }) }) +
      request('/json', {
        body: asked(2),
      }) +
      request('/livez'),
  );
  assert.equal(objects((await wire.response()).text)[0].id, 1);
  assert.equal(objects((await wire.response()).text)[0].id, 2);
  assert.equal((await wire.response()).text, 'alive\n');
  assert.equal(await wire.rest(), '');
});

wired('a head that arrives byte by byte', async (wire) => {
  wire.socket.setNoDelay(true);
  for (const byte of request('/livez', { headers: { 'X-Padding': 'x'.repeat(50) } })) {
    wire.send(byte);
    await new Promise(setImmediate);
  }
  assert.equal((await wire.response()).text, 'alive\n');
});

wired('Connection: close is done, after the answer', async (wire) => {
  const { headers, text } = await wire
    .send(request('/livez', { headers: { Connection: 'close' } }))
    .response();
  assert.deepEqual([headers.connection, text], ['close', 'alive\n']);
  assert.equal(await wire.rest(), '');
});

wired('HTTP/1.0 is answered in HTTP/1.0, then closed', async (wire) => {
  wire.send('GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n');
  const { version, headers, text } = await wire.response();
  assert.deepEqual([version, headers.connection, text], ['1.0', 'close', 'alive\n']);
  assert.equal(await wire.rest(), '');
});

for (const connection of ['close', 'keep-alive']) {
  wired(
    `HTTP/1.0, ${connection}: the replies of a POST end with the connection, not in chunks`,
    async (wire) => {
      const body = asked(1) + stringify({ id: 2, message: nearest });
      wire.send(
        `POST /json HTTP/1.0\r\nHost: localhost\r\nConnection: ${connection}\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
      const { version, headers, text } = await wire.response();
      assert.deepEqual(
        [version, headers.connection, headers['transfer-encoding']],
        ['1.0', 'close', undefined],
      );
      assert.deepEqual(
        objects(text).map(({ id }) => id),
        [1, 2],
      );
    },
  );
}

// --- what is there ---

test('the console is there, with the types that browsers want', async () => {
  const page = await get('/');
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  const files = [...page.text.matchAll(/(?:src|href)="(\/?[\w./-]+)"/g)].map(([, name]) => name);
  assert.ok(files.length >= 3, files.join());
  const types = { js: /^text\/javascript/, css: /^text\/css/, svg: /^image\/svg\+xml/ };
  for (const name of ['client.js', ...files]) {
    const { status, headers } = await get(`/${name.replace(/^\//, '')}`);
    assert.equal(status, 200, name);
    assert.match(headers['content-type'], types[name.split('.').at(-1)], name);
  }
});

test('HEAD says what GET would, without the body', async () => {
  for (const target of ['/', '/client.js', '/livez', '/scheme.json', '/nowhere', '/metrics']) {
    const wire = await Wire.connect(gateway.port);
    const whole = await wire.send(request(target)).response();
    const head = await wire.send(request(target, { method: 'HEAD' })).response({ head: true });
    assert.equal(head.status, whole.status, target);
    for (const name of [
      'content-type',
      'etag',
      'cache-control',
      ...(target === '/metrics' ? [] : ['content-length']),
    ]) {
      assert.equal(head.headers[name], whole.headers[name], `${target} ${name}`);
    }
    assert.equal((await wire.send(request('/livez')).response()).text, 'alive\n');
    wire.close();
  }
});

test('a page that is known already is a 304', async () => {
  for (const target of ['/', '/client.js', '/scheme.json', '/scheme.tl', '/types.d.ts', '/openapi.json']) {
    const { headers } = await get(target);
    assert.match(headers.etag, /^"[\w-]+"$/, target);
    assert.equal(headers['cache-control'], 'no-cache');
    for (const tag of [headers.etag, `W/${headers.etag}`, `"other", ${headers.etag}`, '*']) {
      const again = await get(target, { headers: { 'If-None-Match': tag } });
      assert.deepEqual(
        [again.status, again.text, again.headers.etag],
        [304, '', headers.etag],
        `${target} ${tag}`,
      );
    }
    assert.equal((await get(target, { headers: { 'If-None-Match': '"other"' } })).status, 200);
  }
});

test('pages of the scheme come as gzip where that is taken, under a tag of their own', async () => {
  for (const target of ['/scheme.json', '/scheme.tl', '/types.d.ts', '/openapi.json', '/openapi.json?version=3.0']) {
    const plain = await get(target);
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(plain.headers.vary, 'Accept-Encoding');
    const headers = { 'Accept-Encoding': 'br, gzip' };
    const packed = await get(target, { headers });
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.notEqual(packed.headers.etag, plain.headers.etag);
    assert.ok(Number(packed.headers['content-length']) < Number(plain.headers['content-length']) / 3, target);
    const again = await get(target, { headers: { ...headers, 'If-None-Match': packed.headers.etag } });
    assert.equal(again.status, 304);
    const unpacked = await (await fetch(`http://127.0.0.1:${gateway.port}${target}`, { headers })).text();
    assert.equal(unpacked, plain.text);
    const refused = await get(target, { headers: { 'Accept-Encoding': 'gzip;q=0' } });
    assert.equal(refused.headers['content-encoding'], undefined);
  }
  assert.equal(
    (await get('/client.js', { headers: { 'Accept-Encoding': 'gzip' } })).headers['content-encoding'],
    undefined,
  );
});

test('what is asked for anew each time is not kept', async () => {
  for (const target of ['/metrics', '/readyz', '/nowhere']) {
    assert.equal((await get(target)).headers['cache-control'], 'no-store', target);
  }
  assert.equal((await post(gateway.port, asked(1))).headers['cache-control'], 'no-store');
});

test('every response carries the headers that keep pages apart', async () => {
  const all = {
    page: await get('/'),
    file: await get('/client.js'),
    nothing: await get('/nowhere'),
    alive: await get('/livez'),
    known: await get('/', { headers: { 'If-None-Match': '*' } }),
    method: await get('/', { method: 'DELETE' }),
    upgrade: await get('/ws'),
    scheme: await get('/scheme.json'),
    json: await post(gateway.port, asked(1)),
    'no request': await post(gateway.port, 'x'),
    'too long': await post(gateway.port, 'x'.repeat(limit + 1)),
    stranger: await get('/', { headers: { Host: 'evil.example' } }),
    'long head': await get('/', { headers: { 'X-Long': 'x'.repeat(20_000) } }),
    'no HTTP': await get('nonsense'),
    head: await get('/', { method: 'HEAD' }),
  };
  for (const [what, { headers, status }] of Object.entries(all)) {
    const policy = headers['content-security-policy'];
    assert.match(policy, /default-src 'none'/, what);
    assert.match(policy, /frame-ancestors 'none'/, what);
    assert.doesNotMatch(policy, /unsafe|\*|http:|data:/, what);
    assert.equal(headers['x-content-type-options'], 'nosniff', what);
    assert.equal(headers['referrer-policy'], 'no-referrer', what);
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin', what);
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin', what);
    assert.equal(headers['access-control-allow-origin'], undefined, what);
    assert.equal(headers.server, undefined, what);
    assert.ok(Math.abs(Date.parse(headers.date) - Date.now()) < 60_000 * patience, what);
    assert.ok(status >= 200 && status < 432, `${what} ${status}`);
  }
  assert.match(all.page.headers['content-security-policy'], /script-src 'self'/);
});

test('paths that lead out of the folder, or to nothing, are 404', async () => {
  for (const target of [
    '/nowhere',
    '/../etc/passwd',
    '/..%2f..%2fetc/passwd',
    '/%2e%2e/server/API.md',
    '/.git',
    '//etc/passwd',
    '/client.js/',
    '/client.js%00.html',
    '/ui/',
    '/ui',
    '/CLIENT.JS',
    '/a\\..\\b',
  ]) {
    const { status } = await get(target);
    assert.ok(status === 404 || status === 400, `${target} ${status}`);
  }
});

test('a query does not change which file it is', async () => {
  assert.equal((await get('/client.js?v=1')).text, (await get('/client.js')).text);
});

test('GET /json shows a line of curl that works as it stands', async () => {
  const { status, headers, text } = await get('/json', { headers: { Host: `localhost:${gateway.port}` } });
  assert.deepEqual([status, headers['content-type']], [405, 'text/plain; charset=utf-8']);
  const [, line] = /^ {4}(curl .*)$/m.exec(text);
  const shown = await run('sh', ['-c', line]);
  assert.equal(JSON.parse(shown.stdout).message._cons, 'nearestDc', text);
});

test('a method that is not for a place is a 405 that says which are', async () => {
  for (const [method, target, allowed] of [
    ['DELETE', '/', 'GET, HEAD, OPTIONS'],
    ['POST', '/livez', 'GET, HEAD, OPTIONS'],
    ['PUT', '/client.js', 'GET, HEAD, OPTIONS'],
    ['GET', '/json', 'POST, OPTIONS'],
    ['HEAD', '/json', 'POST, OPTIONS'],
    ['PROPFIND', '/ws', 'GET, OPTIONS'],
    ['HEAD', '/ws', 'GET, OPTIONS'],
    ['POST', '/metrics', 'GET, HEAD, OPTIONS'],
  ]) {
    const { status, headers } = await get(target, { method });
    assert.deepEqual([status, headers.allow], [405, allowed], `${method} ${target}`);
  }
});

// --- what is refused ---

test('a head of more than 16 KiB is a 431', async () => {
  assert.equal((await get('/livez', { headers: { 'X-Long': 'x'.repeat(15_000) } })).status, 200);
  for (const headers of [{ 'X-Long': 'x'.repeat(17_000) }, { X: Array(3000).fill('y') }]) {
    const { status, text } = await get('/livez', { headers });
    assert.equal(status, 431);
    assert.match(JSON.parse(text).msg, /16 KiB/);
  }
  assert.equal((await get(`/${'x'.repeat(17_000)}`)).status, 431);
});

const framing = {
  'both a length and chunks': ['Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n'],
  'both chunks and a length': ['Transfer-Encoding: chunked\r\nContent-Length: 5', '0\r\n\r\n'],
  'two lengths': ['Content-Length: 2\r\nContent-Length: 3', '{}\n'],
  'a length that is none': ['Content-Length: +2', '{}'],
  'a length beyond all bounds': ['Content-Length: 99999999999999999999999', '{}'],
  'an encoding that is not known': ['Transfer-Encoding: gzip', '{}'],
  'chunks that are not last': ['Transfer-Encoding: chunked, identity', '0\r\n\r\n'],
  'a chunk without a size': ['Transfer-Encoding: chunked', 'x\r\n{}\r\n0\r\n\r\n'],
  'a chunk that is longer than it says': ['Transfer-Encoding: chunked', '1\r\n{}\r\n0\r\n\r\n'],
  'a blank before the colon': ['Content-Length : 2', '{}'],
  'a header without a colon': ['Nonsense\r\nContent-Length: 2', '{}'],
  'a NUL in a header': ['X-Nul: a\0b\r\nContent-Length: 2', '{}'],
  'two hosts': ['Host: localhost\r\nContent-Length: 2', '{}'],
  'two origins': ['Origin: http://localhost\r\nOrigin: http://localhost\r\nContent-Length: 2', '{}'],
};
for (const [what, [headers, body]] of Object.entries(framing)) {
  wired(`${what}: refused, and nothing that follows is a request`, async (wire) => {
    wire.send(`POST /json HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body}${request('/livez')}`);
    const { status, headers: answered } = await wire.response();
    assert.ok(status === 400 || status === 413, `${status}`);
    assert.equal(answered.connection, 'close');
    assert.equal(await wire.rest(), '');
  });
}

for (const line of [
  'GET ftp://localhost/livez HTTP/1.1',
  'GET //localhost:/livez\\ HTTP/1.1 x',
  'CONNECT localhost:443 HTTP/1.1',
  'GET livez HTTP/1.1',
  'GET * HTTP/1.1',
  'GET /livez HTTP/2.0',
  'GET /livez',
  'GET  /livez HTTP/1.1',
  'GET /li vez HTTP/1.1',
  'GET /%zz HTTP/1.1',
  'G@T /livez HTTP/1.1',
  'GET /livez HTTP/1.1 ',
]) {
  wired(`"${line}" is refused`, async (wire) => {
    wire.send(`${line}\r\nHost: localhost\r\n\r\n${request('/livez')}`);
    const { status } = await wire.response();
    assert.equal(status, 400);
    assert.equal(await wire.rest(), '');
  });
}

// --- as proxies and tools speak it ---

wired('a target in absolute form, whose host is the one that counts', async (wire) => {
  for (const [target, host, status] of [
    ['http://localhost/livez', 'localhost', 200],
    ['http://localhost:80/', 'evil.example', 200],
    ['http://evil.example/', 'localhost', 403],
    ['http://evil.example/livez', 'localhost', 200],
    ['https://localhost', 'localhost', 200],
  ]) {
    wire.send(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    assert.equal((await wire.response()).status, status, target);
  }
});

test('curl takes it for its proxy', async (t) => {
  const { stdout, code } = await run('curl', [
    '-s',
    '--noproxy',
    '',
    '-x',
    `http://127.0.0.1:${gateway.port}`,
    '-d',
    asked(1),
    'http://localhost/json/',
  ]).catch((why) => why);
  if (code === 'ENOENT') return void t.skip('there is no curl');
  assert.equal(objects(stdout)[0].id, 1);
});

wired('empty lines before requests are nothing', async (wire) => {
  wire.send(
    `\r\n\r\n${request('/livez')}\r\n${request('/json', { body: asked(1) })}\r\n\r\n${request('/livez')}`,
  );
  assert.equal((await wire.response()).text, 'alive\n');
  assert.equal(objects((await wire.response()).text)[0].id, 1);
  assert.equal((await wire.response()).text, 'alive\n');
});

test('a slash behind a path changes nothing', async () => {
  const { status, replies } = await post(gateway.port, asked(1), { query: '/' });
  assert.deepEqual([status, replies[0].id], [200, 1]);
  assert.equal((await get('/livez/')).text, 'alive\n');
});

wired('OPTIONS tells what a place takes, also without a Host, as health checks ask', async (wire) => {
  wire.send('OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\nOPTIONS /json HTTP/1.1\r\nHost: localhost\r\n\r\n');
  wire.send('OPTIONS /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\nOPTIONS / HTTP/1.0\r\n\r\n');
  for (const [wanted, allowed] of [
    [204, 'GET, HEAD, POST, OPTIONS'],
    [204, 'POST, OPTIONS'],
    [404, undefined],
    [204, 'GET, HEAD, OPTIONS'],
  ]) {
    const { status, headers } = await wire.response();
    assert.deepEqual([status, headers.allow], [wanted, allowed]);
  }
});

test('of objects with a comma between them, or in a list, none is carried out', async () => {
  for (const body of [
    `${asked(1)},${asked(2)}`,
    `${asked(1)} , ${asked(2)}`,
    `${asked(1)},\n${asked(2)}`,
    `[${asked(1)},${asked(2)}]`,
  ]) {
    const { status, replies } = await post(gateway.port, body);
    assert.deepEqual([status, replies.length], [400, 1], body);
    assert.ok([1, -3].includes(replies[0].id));
  }
});

test('without a Host there is nothing for anybody', async () => {
  for (const target of ['/', '/json', '/ws', '/metrics']) {
    const { status } = await get(target, { headers: { Host: undefined } });
    assert.ok(status === 400 || status === 403, `${target} ${status}`);
  }
});

describe('what takes time', { concurrency: true }, () => {
  wired('an HTTP connection may be idle between two requests', async (wire) => {
    await wire.send(request('/livez')).response();
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    assert.equal((await wire.send(request('/livez')).response()).text, 'alive\n');
  });

  wired('a head that does not end is given ten seconds', async (wire) => {
    const begun = Date.now();
    wire.send('GET /livez HTTP/1.1\r\nHost: localhost\r\n');
    const dripping = setInterval(() => wire.send('X: y\r\n'), 1000);
    try {
      assert.equal(await wire.rest(), '');
    } finally {
      clearInterval(dripping);
    }
    const took = Date.now() - begun;
    assert.ok(took > 8000 && took < 12_000 * patience, `${took} ms`);
  });
});

// --- how it is with the process ---

test('/livez, /readyz and /healthz answer under any host', async () => {
  for (const target of ['/livez', '/readyz', '/healthz']) {
    for (const host of ['localhost', 'evil.example', '10.0.0.1:8080', undefined]) {
      assert.equal((await get(target, { headers: { Host: host } })).status, 200, `${target} ${host}`);
    }
  }
});

test('/readyz says no while the process ends', async () => {
  const other = await Gateway.start();
  const wire = await Wire.connect(other.port);
  wire.send('GET /readyz HTTP/1.1\r\nHost: localhost\r\n');
  await eventually(
    async () => (await metrics(other.port)).get('streamjson_clients{kind="http"}') === 2,
    'two clients',
  );
  const stopped = other.stop();
  await eventually(() => /stopping/.test(other.text), 'the end begins');
  const { status, headers } = await wire.send('\r\n').response();
  assert.deepEqual([status, headers.connection], [503, 'close']);
  assert.equal((await stopped).status, 0);
});

test('/metrics is Prometheus text', async () => {
  const { headers, text } = await get('/metrics');
  assert.match(headers['content-type'], /^text\/plain; version=0\.0\.4/);
  const values = parseMetrics(text);
  assert.equal(values.get([...values.keys()].find((name) => name.startsWith('streamjson_build_info{'))), 1);
  for (const [name, type] of values.types) {
    if (type === 'counter') assert.match(name, /_total$/, name);
    assert.doesNotMatch(name, /milli|_ms|_kb/i, name);
  }
  const buckets = [...values].filter(([name]) => name.startsWith('streamjson_telegram_seconds_bucket'));
  assert.match(buckets.at(-1)[0], /le="\+Inf"/);
  assert.equal(buckets.at(-1)[1], values.get('streamjson_telegram_seconds_count'));
  buckets.reduce((below, [name, count]) => (assert.ok(count >= below, name), count), 0);
});

test('the numbers of /metrics move with what happens', async (t) => {
  const other = await Gateway.start();
  t.after(() => other.close());
  const before = await metrics(other.port);
  const client = await Client.connect(other.port);
  await client.signIn('9996620001');
  await client.request({ message: { _cons: 'users.getUser' } });
  await client.request({ message: { _cons: 'messages.sendMessage', peer: 'me', message: '' } });
  client.send('nonsense\n');
  await client.next((v) => v.id === -2);
  await post(other.port, '[]');
  await get('/livez', { headers: { Host: 'x' } });
  await fetchRaw(other.port, '/', { headers: { Host: 'evil.example' } });
  const now = await metrics(other.port);
  const grown = (name) => now.get(name) - before.get(name);
  assert.equal(grown('streamjson_clients{kind="json_lines"}'), 1);
  assert.equal(grown('streamjson_clients_total{kind="json_lines"}'), 1);
  assert.ok(grown('streamjson_clients_total{kind="http"}') >= 3);
  assert.equal(grown('streamjson_requests_total{outcome="JSONDecodeError"}'), 1);
  assert.equal(grown('streamjson_requests_total{outcome="TypeError"}'), 1);
  assert.equal(grown('streamjson_requests_total{outcome="SchemeError"}'), 1);
  assert.equal(grown('streamjson_requests_total{outcome="rpc_error"}'), 1);
  assert.ok(grown('streamjson_requests_total{outcome="answered"}') >= 2);
  assert.equal(grown('streamjson_key_exchanges_total'), 1);
  assert.equal(grown('streamjson_telegram_connections'), 1);
  assert.equal(grown('streamjson_refused_total'), 1);
  for (const name of ['client_received', 'client_sent', 'telegram_received', 'telegram_sent']) {
    assert.ok(grown(`streamjson_${name}_bytes_total`) > 100, name);
  }
  assert.ok(grown('streamjson_telegram_seconds_count') >= 3);
  assert.equal(now.get('streamjson_requests_in_flight'), 0);
  assert.deepEqual([...now.keys()], [...before.keys()], 'no name or label is added by use');
  client.close();
  await eventually(
    async () => (await metrics(other.port)).get('streamjson_clients{kind="json_lines"}') === 0,
    'it left',
  );
});

test('/scheme.json, /scheme.tl and /types.d.ts are of the layer that is asked for', async () => {
  const scheme = JSON.parse((await get('/scheme.json')).text);
  assert.equal(scheme.layer, gateway.layer);
  assert.match(JSON.stringify(scheme), /messages\.getDialogs/);
  assert.equal((await get(`/scheme.json?layer=${gateway.layer}`)).text, (await get('/scheme.json')).text);
  const tl = await get('/scheme.tl');
  assert.match(tl.headers['content-type'], /^text\/plain/);
  assert.match(tl.text, new RegExp(`^// LAYER ${gateway.layer}$`, 'm'));
  assert.match((await get('/types.d.ts')).text, /messages\.getDialogs/);
  for (const layer of ['1', '0', '', 'x', '-1', '99999999999999999999', `${gateway.layer}x`]) {
    const { status, text } = await get(`/scheme.json?layer=${layer}`);
    assert.equal(status, 404, layer);
    assert.match(JSON.parse(text).msg, new RegExp(`${gateway.layer}`), layer);
  }
});

test('/openapi.json describes the layer that is asked for, in OpenAPI 3.1 or 3.0', async () => {
  const read = async (target) => JSON.parse((await get(target)).text);
  const document = await read('/openapi.json');
  assert.equal(document.openapi, '3.1.0');
  assert.equal(document.info.version, `layer ${gateway.layer}`);
  assert.deepEqual(await read(`/openapi.json?layer=${gateway.layer}&version=3.1`), document);
  const twin = await read('/openapi.json?version=3.0');
  assert.equal(twin.openapi, '3.0.3');
  assert.deepEqual(Object.keys(twin.paths), Object.keys(document.paths));
  assert.ok(document.paths['/api/v1/{account}/messages.sendMessage'].post);
  assert.equal((await get('/openapi.json?layer=1')).status, 404);
  for (const version of ['2', '3', '3.2', '', '3.1.0x']) {
    const { status, text } = await get(`/openapi.json?version=${version}`);
    assert.deepEqual([status, JSON.parse(text).msg], [400, '?version= takes 3.1 or 3.0'], version);
  }
});

// --- POST /json ---

test('an object in, an object out', async () => {
  const { status, headers, replies } = await post(gateway.port, stringify({ id: 'x', message: nearest }));
  assert.equal(status, 200);
  assert.match(headers['content-type'], /^application\/x-ndjson/);
  assert.equal(replies.length, 1);
  assert.deepEqual([replies[0].id, replies[0].message._cons], ['x', 'nearestDc']);
});

for (const [how, body] of Object.entries({
  'on lines': `${asked(1)}\n${asked(2)}\r\n\n${asked(3)}\n`,
  'without anything between them': asked(1) + asked(2) + asked(3),
  'printed to be read': [1, 2, 3]
    .map((id) => JSON.stringify({ id, options: {}, '@extra': { of: ['}', '{', '\\"', []] } }, null, 2))
    .join('\n'),
})) {
  test(`several objects, ${how}`, async () => {
    const { replies } = await post(gateway.port, body);
    assert.deepEqual(
      replies.map(({ id, error }) => error ?? id),
      [1, 2, 3],
    );
  });
}

test('the content type of a body does not matter where no page asks', async () => {
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain', undefined]) {
    const { replies } = await post(gateway.port, asked(1), { headers: { 'Content-Type': type } });
    assert.equal(replies[0].id, 1, type);
  }
});

wired('a body in chunks, cut anywhere', async (wire) => {
  wire.socket.setNoDelay(true);
  const text = `${asked(1)}\n${asked(2)}`;
  const body = Array.from(text, (c) => `1;ext="x"\r\n${c}\r\n`).join('') + '0\r\nX-Trailer: y\r\n\r\n';
  const whole = Buffer.from(request('/json', { headers: { 'Transfer-Encoding': 'chunked' }, body }));
  for (let cut = whole.indexOf('\r\n\r\n'); cut < whole.length; cut += 3) {
    wire.send(whole.subarray(0, cut));
    await new Promise(setImmediate);
    wire.send(whole.subarray(cut));
    assert.deepEqual(
      objects((await wire.response()).text).map(({ id }) => id),
      [1, 2],
      `cut at ${cut}`,
    );
  }
});

wired('Expect: 100-continue is answered before the body', async (wire) => {
  const body = asked(4);
  wire.send(
    request('/json', { method: 'POST', headers: { Expect: '100-continue', 'Content-Length': body.length } }),
  );
  assert.equal((await wire.head()).status, 100);
  assert.equal(objects((await wire.send(body).response()).text)[0].id, 4);
});

wired('Expect: 100-continue for a body too long is a 413 instead', async (wire) => {
  wire.send(
    request('/json', { method: 'POST', headers: { Expect: '100-continue', 'Content-Length': limit + 1 } }),
  );
  assert.equal((await wire.response()).status, 413);
});

for (const [what, headers] of [
  ['by its length', {}],
  ['in chunks', { 'Transfer-Encoding': 'chunked' }],
]) {
  test(`a body above the limit, ${what}, is LineTooLong, status 413`, async () => {
    const object = asked(1, { '@extra': 'x'.repeat(limit) });
    const body = headers['Transfer-Encoding']
      ? `${object.length.toString(16)}\r\n${object}\r\n0\r\n\r\n`
      : object;
    const { status, replies } = await post(gateway.port, body, { headers });
    assert.equal(status, 413);
    assert.deepEqual([replies[0].id, replies[0].error, replies[0].limit], [-2, 'LineTooLong', limit]);
  });
}

wired(
  'chunks that go wrong after the first reply end the connection, without a second response in it',
  async (wire) => {
    const object = asked(1);
    wire.send(request('/json', { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } }));
    wire.send(`${object.length.toString(16)}\r\n${object}\r\n`);
    assert.equal((await wire.head()).status, 200);
    assert.equal(objects(await wire.chunk())[0].id, 1);
    wire.send(`nonsense\r\n${request('/livez')}`);
    assert.equal(await wire.rest(), '');
  },
);

wired('chunks above the limit after the first reply end the connection, too', async (wire) => {
  const object = asked(1, { '@extra': 'x'.repeat(1000) });
  wire.send(request('/json', { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } }));
  const chunk = `${object.length.toString(16)}\r\n${object}\r\n`;
  wire.send(chunk);
  assert.equal((await wire.head()).status, 200);
  assert.equal(objects(await wire.chunk())[0].id, 1);
  wire.send(chunk.repeat(Math.ceil(limit / object.length) + 1));
  assert.doesNotMatch(await wire.rest(), /HTTP\/1/);
});

test('a body that is no request at all is a 400, with the error object of any transport', async () => {
  for (const [body, error, id] of [
    ['', 'JSONDecodeError', -2],
    ['nonsense', 'JSONDecodeError', -2],
    ['{"id":1', 'JSONDecodeError', -2],
    [' \n ', 'JSONDecodeError', -2],
    ['phone=9996620001&x=y', 'JSONDecodeError', -2],
    ['[1]', 'TypeError', -3],
    ['"x"', 'TypeError', -3],
    ['}', 'JSONDecodeError', -2],
    [Buffer.from('{"id":1,"x":"\xff"}', 'latin1'), 'JSONDecodeError', 1],
  ]) {
    const { status, replies, headers } = await post(gateway.port, body);
    assert.deepEqual([status, replies.length, replies[0].error, replies[0].id], [400, 1, error, id], body);
    assert.equal(typeof replies[0].msg, 'string');
    assert.match(headers['content-type'], /^application\/json/);
  }
});

test('a request that the gateway or Telegram refuses is a 200', async () => {
  const { status, replies } = await post(
    gateway.port,
    [
      { id: 1, nonsense: 1 },
      { id: 2, message: { _cons: 'no.such' } },
      { id: 3, message: { _cons: 'messages.sendMessage', peer: 'me', message: 'x' } },
      { id: 0, options: {} },
    ]
      .map(stringify)
      .join('\n'),
  );
  assert.equal(status, 200);
  const of = (id) => replies.find((reply) => reply.id === id);
  assert.equal(replies.length, 4);
  assert.equal(of(1).error, 'TypeError');
  assert.equal(of(2).error, 'SchemeError');
  assert.equal(of(3).message._cons, 'rpc_error');
});

test('what is no object after one that is gets its error in the stream', async () => {
  const { status, replies } = await post(gateway.port, `${asked(1)}\n[]\n${asked(2)}\nnonsense`);
  assert.equal(status, 200);
  assert.deepEqual(replies.map(({ id }) => id).sort(), [-2, -3, 1, 2]);
});

test('?json=plain is the notation of the replies', async () => {
  const session = await signIn();
  const body = stringify({ session, message: { _cons: 'users.getUsers', id: ['me'] } });
  const {
    replies: [plain],
  } = await post(gateway.port, body, { query: '?json=plain' });
  assert.equal(typeof plain.message[0].id, 'string');
  const {
    replies: [classic],
  } = await post(gateway.port, body, { query: '?json=classic' });
  assert.notEqual(typeof classic.message._items[0].id, 'string');
  const { status, text } = await post(gateway.port, body, { query: '?json=nonsense' });
  assert.equal(status, 400);
  assert.match(text, /plain/);
});

test('the first object may be the session, the next its messages', async () => {
  const session = await signIn();
  const { replies } = await post(
    gateway.port,
    [
      { id: 1, session },
      { id: 2, message: { _cons: 'users.getUsers', id: ['me'] } },
      { id: 3, message: nearest },
    ]
      .map(stringify)
      .join('\n'),
  );
  assert.deepEqual(replies.map(({ id }) => id).sort(), [1, 2, 3]);
  assert.equal(replies.find(({ id }) => id === 2).message._items[0].first_name, 'Ada');
});

test('nothing is left of a POST on its connection: the next one has no key', async () => {
  const wire = await Wire.connect(gateway.port);
  const session = await signIn();
  const body = stringify({ session, message: { _cons: 'users.getUsers', id: ['me'] } });
  const [first] = objects((await wire.send(request('/json', { body })).response()).text);
  assert.equal(first.message._items[0].first_name, 'Ada');
  const [second] = objects(
    (await wire.send(request('/json', { body: stringify({ session: {} }) })).response()).text,
  );
  assert.equal(second.session.auth_key, undefined);
  assert.ok(second.session.error_message);
  wire.close();
});

test('two curls sign in', async () => {
  const curl = async (object) => {
    const { stdout, status, stderr } = await run(
      'curl',
      ['-sS', `http://localhost:${gateway.port}/json`, '-d', '@-'],
      { input: stringify(object) },
    );
    assert.equal(status, 0, stderr);
    return objects(stdout)[0];
  };
  const asks = await curl({ signin: { phone: '9996620002' } });
  assert.equal(asks.signin.state, 'code');
  const { phone_code_hash } = asks.signin;
  const wrong = await curl({
    session: asks.session,
    signin: { phone: '9996620002', phone_code_hash, code: '11111' },
  });
  assert.deepEqual([wrong.signin.state, wrong.signin.error.error_message], ['code', 'PHONE_CODE_INVALID']);
  const locked = await curl({
    session: wrong.session,
    signin: { phone: '9996620002', phone_code_hash, code: '22222' },
  });
  assert.equal(locked.signin.state, 'password');
  const done = await curl({ session: locked.session, signin: { password: 'sandbox' } });
  assert.deepEqual([done.signin.state, done.signin.user.first_name], ['done', 'Grace']);
  const me = await curl({ session: done.session, message: { _cons: 'users.getUsers', id: ['me'] } });
  assert.equal(me.message._items[0].first_name, 'Grace');
});

test('POSTs with one key share one session with Telegram', async (t) => {
  const other = await Gateway.start();
  t.after(() => other.close());
  const session = await signIn(other.port);
  const before = await metrics(other.port);
  const all = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      post(
        other.port,
        stringify({
          id: i,
          session: { ...session, session_id: 1000 + i },
          message: { _cons: 'users.getUsers', id: ['me'] },
        }).replace('"id":0,', '"id":99,'),
      ),
    ),
  );
  for (const {
    replies: [reply],
  } of all)
    assert.equal(reply.message?._items?.[0].first_name, 'Ada', stringify(reply));
  const told = await Promise.all(
    Array.from({ length: 4 }, () =>
      post(other.port, stringify({ id: 1, session, message: nearest }) + stringify({ id: 2, session: {} })),
    ),
  );
  const ids = new Set(told.map(({ replies }) => `${replies.find(({ id }) => id === 2).session.session_id}`));
  assert.equal(ids.size, 1, [...ids].join());
  const now = await metrics(other.port);
  const made =
    now.get('streamjson_telegram_connections_total') - before.get('streamjson_telegram_connections_total');
  assert.ok(made <= 1, `${made} connections to Telegram`);
  assert.equal(now.get('streamjson_key_exchanges_total'), before.get('streamjson_key_exchanges_total'));
});

test('another key is nobody, also beside one that is in use', async () => {
  const session = await signIn();
  const key = Buffer.from(session.auth_key, 'base64');
  key[17] ^= 1;
  const ask = (auth_key) =>
    post(
      gateway.port,
      stringify({
        session: { ...session, auth_key },
        message: { _cons: 'users.getUsers', id: ['me'] },
      }),
    );
  const [right, wrong] = await Promise.all([ask(session.auth_key), ask(key.toString('base64'))]);
  assert.equal(right.replies[0].message._items[0].first_name, 'Ada');
  assert.equal(wrong.replies[0].error, 'ConnectionError', stringify(wrong.replies[0]));
});

test('a client of lines and POSTs have the same key, side by side', async () => {
  const client = await Client.connect(gateway.port);
  await client.signIn('9996620001');
  const { session } = await client.request({ session: {} });
  const message = { _cons: 'users.getUsers', id: ['me'] };
  for (let i = 0; i < 3; i++) {
    const [
      lines,
      {
        replies: [posted],
      },
    ] = await Promise.all([client.call(message), post(gateway.port, stringify({ session, message }))]);
    assert.equal(lines._items[0].first_name, 'Ada');
    assert.equal(posted.message._items[0].first_name, 'Ada', stringify(posted));
  }
  client.close();
});

test('POSTs get no updates', async () => {
  const session = await signIn();
  const { replies } = await post(
    gateway.port,
    [
      { id: 1, session },
      { id: 2, message: { _cons: 'updates.getState' } },
      { id: 3, message: { _cons: 'messages.sendMessage', peer: 'me', message: 'to myself' } },
    ]
      .map(stringify)
      .join('\n'),
  );
  assert.deepEqual(replies.map(({ id }) => id).sort(), [1, 2, 3]);
});

// --- when Telegram is slow ---

test('slow answers: replies come as they are ready, a time-out is a 200, a client may leave', async (t) => {
  const relay = new Relay();
  const { gateway: other } = await apart(t, relay);
  const session = await signIn(other.port);
  relay.hold();

  await t.test('the first reply is there before the second is ready', async () => {
    const wire = await Wire.connect(other.port);
    wire.send(
      request('/json', { body: asked(1) + stringify({ id: 2, timeout: 200, session, message: nearest }) }),
    );
    assert.equal((await wire.head()).headers['transfer-encoding'], 'chunked');
    assert.equal(objects(await wire.chunk())[0].id, 1);
    assert.equal(wire.bytes.length, 0);
    relay.release();
    assert.equal(objects(await wire.chunk())[0].message._cons, 'nearestDc');
    assert.equal(await wire.chunk(), '');
    wire.close();
    relay.hold();
  });

  await t.test('an rpc_timeout is a reply like others, status 200', async () => {
    const { status, replies } = await post(
      other.port,
      stringify({ id: 1, timeout: 1, session, message: nearest }),
    );
    assert.deepEqual([status, replies[0].message._cons], [200, 'rpc_timeout']);
  });

  await t.test('a client that hangs up in the middle leaves nothing behind', async () => {
    const wire = await Wire.connect(other.port);
    wire.send(request('/json', { body: stringify({ id: 2, timeout: 500, session, message: nearest }) }));
    const flying = async () => (await metrics(other.port)).get('streamjson_requests_in_flight');
    await eventually(async () => (await flying()) === 1, 'in flight');
    wire.socket.resetAndDestroy();
    await eventually(async () => (await flying()) === 0, 'forgotten');
    const half = await Wire.connect(other.port);
    half.send(request('/json', { method: 'POST', headers: { 'Content-Length': 1000 } }) + asked(1) + '\n');
    await half.head();
    half.close();
    relay.release();
    const { replies } = await post(other.port, stringify({ id: 3, session, message: nearest }));
    assert.equal(replies[0].message._cons, 'nearestDc');
    relay.hold();
  });

  await t.test('a client that closed its sending side gets its answer', async () => {
    const wire = await Wire.connect(other.port);
    wire.socket.end(
      request('/json', { body: stringify({ id: 2, timeout: 200, session, message: nearest }) }),
    );
    await eventually(
      async () => (await metrics(other.port)).get('streamjson_requests_in_flight') === 1,
      'in flight',
    );
    relay.release();
    assert.equal(objects((await wire.response()).text)[0].message._cons, 'nearestDc');
    assert.equal(await wire.rest(), '');
  });
});
