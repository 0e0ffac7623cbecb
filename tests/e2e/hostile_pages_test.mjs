// What a page of somebody else's can make a browser send here: requests as browsers write them, and
// other protocols with JSON lines inside. Nothing of it may run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Gateway, folder, pause, top } from './support/gateway.mjs';
import { stringify } from './support/json.mjs';
import { RawWebSocket, upgrade } from './support/raw_websocket.mjs';
import { Wire, eventually, fetchRaw, metrics, objects, request } from './support/wire.mjs';

const nearest = '{"id":2,"message":{"_cons":"help.getNearestDc"}}';
const certificates = folder({ after });
let gateway, open, secure;
before(async () => {
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', certificates]);
  gateway = await Gateway.start();
  open = await Gateway.start(['--sandbox', '--allow-host', 'gate.example', '--allow-host', 'other.example:8443',
    '--allow-origin', 'https://app.example', '--allow-origin', 'http://localhost:3000']);
  secure = await Gateway.start(['--sandbox', '--tls-cert', path.join(certificates, 'server.pem'),
    '--tls-key', path.join(certificates, 'server.key')]);
});
after(async () => {
  for (const one of [gateway, open, secure]) await one?.close();
});

const here = () => `localhost:${gateway.port}`;
const page = (headers, more = {}) => ({ headers: { Host: here(), ...headers }, ...more });
// How a browser says where a request comes from.
const elsewhere = (mode, dest = 'empty') => ({ Origin: 'https://evil.example', Referer: 'https://evil.example/',
  'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Dest': dest });

// Nothing was asked of Telegram, and nobody got an answer, while `attack` went on.
async function runsNothing(of, attack) {
  const count = async () => {
    const values = await metrics(of.port);
    return [...values].filter(([name]) => /^streamjson_(requests_total\{outcome="(answered|rpc_|SigninError)|telegram_connections_total|key_exchanges)/.test(name));
  };
  const before = await count();
  await attack();
  assert.deepEqual(await count(), before);
}

async function upgraded(of, headers) {
  const wire = await Wire.connect(of.port);
  try {
    return await wire.send(upgrade({ headers: { Host: `localhost:${of.port}`, ...headers } })).response();
  } finally {
    wire.close();
  }
}

function isRefused(response) {
  assert.equal(response.status, 403);
  assert.equal(response.headers['access-control-allow-origin'], undefined);
  assert.match(response.headers['content-security-policy'], /frame-ancestors 'none'/);
  assert.equal(JSON.parse(response.text).error, 'Forbidden');
}

// --- pages of other sites ---

const strangers = {
  'another site': { Origin: 'https://evil.example' },
  'another site, which the browser says, too': elsewhere('websocket', 'websocket'),
  'a page without an origin': { Origin: 'null' },
  'nobody that is named, from another site': { 'Sec-Fetch-Site': 'cross-site' },
  'another port of this machine': { Origin: 'http://localhost:3000', 'Sec-Fetch-Site': 'same-site' },
  'this machine under another name': { Origin: 'http://127.0.0.1:PORT' },
  'this place by https, which it does not speak': { Origin: 'https://localhost:PORT' },
  'a name that ends like ours': { Origin: 'http://localhost:PORT.evil.example' },
  'a name behind an @': { Origin: 'http://localhost:PORT@evil.example' },
  'a name that begins like ours': { Origin: 'http://localhost.evil.example:PORT' },
  'an extension': { Origin: 'chrome-extension://abcdefghijklmnop' },
  'a file': { Origin: 'file://' },
  'an origin that is empty': { Origin: '' },
};
for (const [who, given] of Object.entries(strangers)) {
  test(`${who} opens no WebSocket and posts nothing`, async () => {
    const headers = Object.fromEntries(Object.entries(given)
      .map(([name, value]) => [name, value.replace('PORT', gateway.port)]));
    await runsNothing(gateway, async () => {
      isRefused(await upgraded(gateway, headers));
      isRefused(await fetchRaw(gateway.port, '/json', page(headers, { body: nearest })));
    });
  });
}

test('our own page does both', async () => {
  for (const host of [`localhost:${gateway.port}`, `127.0.0.1:${gateway.port}`, `[::1]:${gateway.port}`]) {
    const headers = { Host: host, Origin: `http://${host}`, 'Sec-Fetch-Site': 'same-origin' };
    const socket = await RawWebSocket.open(gateway.port, { headers });
    assert.equal((await socket.request({ id: 1, options: {} })).id, 1);
    socket.close();
    const { status, text } = await fetchRaw(gateway.port, '/json', { headers, body: nearest });
    assert.deepEqual([status, objects(text)[0].id], [200, 2]);
  }
});

test('a form posts nothing, in whatever encoding', async () => {
  const boundary = '----WebKitFormBoundary0';
  const forms = {
    'text/plain': `${nearest.slice(0, -1)},"@extra":"=\r\n"}`,
    'application/x-www-form-urlencoded': `x=1\n${nearest}\n`,
    [`multipart/form-data; boundary=${boundary}`]:
      `--${boundary}\r\nContent-Disposition: form-data; name="x"\r\n\r\n${nearest}\r\n--${boundary}--\r\n`,
  };
  await runsNothing(gateway, async () => {
    for (const [type, body] of Object.entries(forms)) {
      for (const target of ['/json', '/', '/ws', '/nowhere']) {
        isRefused(await fetchRaw(gateway.port, target, page({ ...elsewhere('navigate', 'document'),
          'Content-Type': type }, { body })));
      }
    }
  });
});

test('a fetch without asking first (no-cors) posts nothing, and one that asks is told no', async () => {
  await runsNothing(gateway, async () => {
    isRefused(await fetchRaw(gateway.port, '/json', page({ ...elsewhere('no-cors'), 'Content-Type': 'text/plain' },
      { body: nearest })));
    for (const target of ['/json', '/metrics', '/ws', '/']) {
      const { status, headers } = await fetchRaw(gateway.port, target, page({ ...elsewhere('cors'),
        'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' }, { method: 'OPTIONS' }));
      assert.equal(status, 403);
      assert.deepEqual(Object.keys(headers).filter((name) => name.startsWith('access-control')), []);
    }
  });
});

test('other sites load nothing into their pages: no script, image, frame, fetch', async () => {
  for (const [mode, dest] of [['no-cors', 'script'], ['no-cors', 'image'], ['no-cors', 'style'], ['cors', 'empty'],
    ['navigate', 'iframe'], ['navigate', 'frame'], ['navigate', 'object'], ['navigate', 'embed'], ['websocket', 'empty']]) {
    for (const target of ['/', '/client.js', '/scheme.json', '/metrics', '/ws']) {
      const { Origin, ...headers } = elsewhere(mode, dest);
      isRefused(await fetchRaw(gateway.port, target, page(headers)));
      isRefused(await fetchRaw(gateway.port, target, page({ ...headers, Origin })));
    }
  }
});

test('a frame on our own site is none either', async () => {
  isRefused(await fetchRaw(gateway.port, '/', page({ 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'navigate',
    'Sec-Fetch-Dest': 'iframe' })));
});

test('a link on another site may be followed', async () => {
  const { status, headers } = await fetchRaw(gateway.port, '/', page({ 'Sec-Fetch-Site': 'cross-site',
    'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-User': '?1' }));
  assert.equal(status, 200);
  assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
});

test('an address typed in, curl and Node, which send nothing of the kind, come in', async () => {
  for (const headers of [{ 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }, {}]) {
    assert.equal((await fetchRaw(gateway.port, '/', page(headers))).status, 200);
  }
  assert.equal((await fetchRaw(gateway.port, '/json', page({}, { body: nearest }))).status, 200);
});

// --- names that are bound anew ---

const foreign = ['evil.example', 'evil.example:PORT', 'localhost.evil.example', 'localhost.evil.example:PORT',
  '127.0.0.1.evil.example', '127.0.0.1.nip.example:PORT', 'evil.example.', 'evillocalhost', '0.0.0.0', '0.0.0.0:PORT', '10.0.0.1',
  '2130706433', '127.1', '0x7f000001', '[::]', '[::ffff:10.0.0.1]', 'localhost:PORT:PORT', 'localhost:x', 'evil.example@localhost',
  'localhost evil.example', 'localhost,evil.example', '', ':', '[::1', 'localhost:99999', 'localhost/', 'l\u00f6calhost'];
test('under a name that is not ours nothing is here', async () => {
  await runsNothing(gateway, async () => {
    for (const name of foreign) {
      const host = name.replaceAll('PORT', gateway.port);
      for (const target of ['/', '/client.js', '/ws', '/scheme.json', '/metrics']) {
        const { status } = await fetchRaw(gateway.port, target, { headers: { Host: host } });
        assert.equal(status, 403, `${host} ${target}`);
      }
      const headers = { Host: host, Origin: `http://${host}`, 'Sec-Fetch-Site': 'same-origin' };
      assert.equal((await fetchRaw(gateway.port, '/json', { headers, body: nearest })).status, 403, host);
      assert.equal((await upgraded(gateway, headers)).status, 403, host);
    }
  });
});

test('the names of loopback are ours, whatever the port that a tunnel gives them', async () => {
  for (const host of ['localhost', 'LocalHost:PORT', 'localhost.', 'localhost:9', 'app.localhost', '127.0.0.1', '127.0.0.1:PORT',
    '127.8.9.10', '[::1]', '[::1]:PORT', '[0:0:0:0:0:0:0:1]:PORT']) {
    const { status } = await fetchRaw(gateway.port, '/', { headers: { Host: host.replace('PORT', gateway.port) } });
    assert.equal(status, 200, host);
  }
});

test('--allow-host: a name on any port, or on one', async () => {
  const status = async (host) => (await fetchRaw(open.port, '/', { headers: { Host: host } })).status;
  for (const host of ['gate.example', 'GATE.example:1234', 'gate.example.', 'other.example:8443', 'localhost']) {
    assert.equal(await status(host), 200, host);
  }
  for (const host of ['other.example', 'other.example:8444', 'x.gate.example', 'gate.example.evil', 'app.example']) {
    assert.equal(await status(host), 403, host);
  }
  const headers = { Host: 'gate.example:80', Origin: 'http://gate.example' };
  assert.equal((await fetchRaw(open.port, '/json', { headers, body: nearest })).status, 200);
});

// --- pages that may ---

for (const origin of ['https://app.example', 'http://localhost:3000']) {
  test(`--allow-origin ${origin}: it may post, connect and read what comes`, async () => {
    const headers = { Host: `localhost:${open.port}`, Origin: origin, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' };
    const asks = await fetchRaw(open.port, '/json', { method: 'OPTIONS', headers: { ...headers,
      'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,content-type' } });
    assert.equal(asks.status, 204);
    assert.equal(asks.headers['access-control-allow-origin'], origin);
    assert.match(asks.headers['access-control-allow-methods'], /\bPOST\b/);
    for (const name of [/authorization/i, /content-type/i]) assert.match(asks.headers['access-control-allow-headers'], name);
    assert.match(asks.headers.vary, /Origin/);
    assert.equal(asks.headers['access-control-allow-credentials'], undefined);
    for (const [target, more] of [['/json', { body: nearest }], ['/json', { body: 'nonsense' }], ['/scheme.json', {}],
      ['/nowhere', {}], ['/client.js', {}], ['/json', {}]]) {
      const answered = await fetchRaw(open.port, target, { headers, ...more });
      assert.equal(answered.headers['access-control-allow-origin'], origin, target);
      assert.match(answered.headers.vary, /Origin/);
      assert.equal(answered.headers['cross-origin-resource-policy'], undefined);
    }
    const socket = await RawWebSocket.open(open.port, { headers });
    assert.equal((await socket.request({ id: 1, options: {} })).id, 1);
    socket.close();
  });
}

test('--allow-origin lets nobody else in', async () => {
  for (const origin of ['https://evil.example', 'null', 'http://app.example', 'https://app.example:444', 'https://x.app.example',
    'http://localhost:3001', 'https://app.example.evil.example']) {
    const headers = { Host: `localhost:${open.port}`, Origin: origin };
    isRefused(await fetchRaw(open.port, '/json', { headers, body: nearest }));
    isRefused(await upgraded(open, headers));
  }
});

test('a page that may, under a name that is not ours, may not', async () => {
  isRefused(await fetchRaw(open.port, '/json', { headers: { Host: 'evil.example', Origin: 'https://app.example' }, body: nearest }));
});

// --- the log ---

test('a refusal is logged once, with the flag that would allow it', async (t) => {
  const other = await Gateway.start();
  t.after(() => other.close());
  const count = (text) => other.errors.split(text).length - 1;
  for (let i = 0; i < 3; i++) {
    const host = await fetchRaw(other.port, '/', { headers: { Host: 'my-machine.example:8080' } });
    assert.match(JSON.parse(host.text).msg, /--allow-host my-machine\.example/);
    const origin = await fetchRaw(other.port, '/json', { body: '{}', headers: { Origin: 'https://app.example' } });
    assert.match(JSON.parse(origin.text).msg, /--allow-origin https:\/\/app\.example/);
  }
  await eventually(() => count('--allow-origin') > 0, 'the line in the log');
  assert.equal(count('--allow-host my-machine.example'), 1, other.errors);
  assert.equal(count('--allow-origin https://app.example'), 1, other.errors);
});

test('what strangers send cannot write lines of its own into the log, or fill it', async (t) => {
  const other = await Gateway.start();
  t.after(() => other.close());
  for (let i = 0; i < 400; i++) {
    await fetchRaw(other.port, '/', { headers: { Host: `host${i}.example`, 'X': '\u001b[31m' } });
  }
  await fetchRaw(other.port, '/', { headers: { Host: 'a\u001b[2Jb', Origin: 'https://x\u001b]0;y' } });
  assert.doesNotMatch(other.errors, /\u001b/);
  assert.ok(other.errors.split('\n').length < 300, `${other.errors.split('\n').length} lines`);
});

// --- other protocols with JSON lines inside ---

function clientHello({ ticket = '', server = '' }) {
  const extension = (type, data) => Buffer.concat([Buffer.from([type >> 8, type & 255, data.length >> 8, data.length & 255]), data]);
  const name = Buffer.from(server);
  const names = Buffer.concat([Buffer.from([(name.length + 3) >> 8, (name.length + 3) & 255, 0, name.length >> 8, name.length & 255]), name]);
  const extensions = Buffer.concat([extension(0x23, Buffer.from(ticket)), ...(server ? [extension(0, names)] : [])]);
  const body = Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32, 7), Buffer.from([0, 0, 2, 0xc0, 0x2f, 1, 0]),
    Buffer.from([extensions.length >> 8, extensions.length & 255]), extensions]);
  const handshake = Buffer.concat([Buffer.from([1, 0, body.length >> 8, body.length & 255]), body]);
  return Buffer.concat([Buffer.from([0x16, 3, 1, handshake.length >> 8, handshake.length & 255]), handshake]);
}

// What comes back, up to the end or `ms`; in `pieces` with time in between.
async function said(of, pieces, ms = 1500) {
  const wire = await Wire.connect(of.port);
  for (const piece of pieces) {
    wire.send(piece);
    await pause(30);
  }
  await Promise.race([wire.ended, pause(ms)]);
  wire.close();
  return wire.bytes.toString('latin1');
}

for (const [what, of] of [['without a certificate', () => gateway], ['with one', () => secure]]) {
  for (const [where, hello] of [['ticket', clientHello({ ticket: `\n${nearest}\n` })],
    ['name', clientHello({ server: `\n${nearest}\n` })]]) {
    test(`${what}: JSON in the ${where} of a TLS hello runs nothing`, async () => {
      await runsNothing(of(), async () => {
        assert.doesNotMatch(await said(of(), [hello]), /nearestDc|"id"/);
        assert.doesNotMatch(await said(of(), [hello, `\n${nearest}\n`, `${nearest}\n`]), /nearestDc|"id"/);
        const cut = hello.indexOf(10);
        assert.doesNotMatch(await said(of(), [hello.subarray(0, cut), hello.subarray(cut)]), /nearestDc|"id"/);
      });
    });
  }
}

test('JSON lines after the first line of HTTP run nothing, however they are cut', async () => {
  await runsNothing(gateway, async () => {
    for (const text of [`GET / HTTP/1.1\r\n${nearest}\r\n\r\n`, `GET / HTTP/1.1\r\nHost: localhost\r\n\r\n${nearest}\n`,
      `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${nearest.length + 1}\r\n\r\n${nearest}\n`,
      `X\n${nearest}\n`, `USER x\r\n${nearest}\r\n`, `EHLO x\r\n${nearest}\r\n`, `POST /${nearest} HTTP/1.1\r\n\r\n${nearest}\n`,
      `GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n${nearest}\n`, `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${nearest}\n`]) {
      assert.doesNotMatch(await said(gateway, [text], 300), /nearestDc|"id"/, text);
      const cut = text.indexOf('\n') + 1;
      assert.doesNotMatch(await said(gateway, [text.slice(0, cut), text.slice(cut)], 300), /nearestDc|"id"/, text);
    }
  });
});

test('a header with JSON in it runs nothing', async () => {
  await runsNothing(gateway, async () => {
    for (const headers of [{ 'X-Json': nearest }, { Cookie: nearest }, { Referer: `http://x/${nearest}` }]) {
      await fetchRaw(gateway.port, '/', { headers });
    }
    assert.doesNotMatch(await said(gateway, [`GET / HTTP/1.1\r\nHost: localhost\r\nX: y\r\n ${nearest}\r\n\r\n`], 300), /nearestDc/);
  });
});

test('a first line that is no JSON object is the last', async () => {
  await runsNothing(gateway, async () => {
    for (const first of ['get / http/1.1', '<policy-file-request/>\0', '*1', '\x05\x01\x00', '"x"', '[1]', '- {}']) {
      const text = await said(gateway, [`${first}\n${nearest}\n`], 3000);
      assert.doesNotMatch(text, /nearestDc/, first);
      assert.equal(JSON.parse(text).error, 'JSONDecodeError', first);
    }
  });
});

test('a request for a page and JSON lines on one connection: only the page', async () => {
  const wire = await Wire.connect(gateway.port);
  wire.send(request('/livez'));
  assert.equal((await wire.response()).text, 'alive\n');
  wire.send(`${stringify({ id: 1, message: { _cons: 'help.getNearestDc' } })}\n`);
  assert.match(await wire.rest(), /^HTTP\/1\.1 400 /);
  wire.close();
});
