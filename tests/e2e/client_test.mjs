// The JavaScript client against a gateway that plays canned answers over real sockets.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  connect,
  fromBase64,
  GatewayError,
  parse,
  RpcError,
  stringify,
  TimeoutError,
  toBase64,
} from '../../web/client.js';
import { fakeGateway, hello } from './support/fake_gateway.mjs';

const SESSION = {
  auth_key: toBase64(new Uint8Array(256).fill(7)),
  session_id: '12345678901234567890',
  last_seqno: 5,
};

// Runs `body` with a client of a gateway that answers by `answer`, and `session` when it is asked for it.
async function withClient(answer, body, options = {}, session = { error_message: 'there is none' }) {
  const gateway = await fakeGateway(
    (request, peer) =>
      hello(request) ?? (request.session && !request.signin ? { session } : answer(request, peer)),
  );
  const tg = await connect(gateway.url, options);
  try {
    await body(tg, gateway);
  } finally {
    tg.close();
    await gateway.close();
  }
}
const message = (object) => ({ message: object });
const rejection = (promise) =>
  promise.then(
    () => assert.fail('did not reject'),
    (error) => error,
  );
const once = (tg, name, wanted = () => true) =>
  new Promise((resolve) => {
    const off = tg.on(name, (value) => wanted(value) && (off(), resolve(value)));
  });

test('the first object of a connection asks for the plain notation and brings token, options and session', () =>
  withClient(
    () => null,
    async (tg, gateway) => {
      assert.deepEqual(gateway.requests[0], {
        id: 1,
        token: 'secret',
        options: { events: true, json: 'plain' },
        session: SESSION,
      });
    },
    { token: 'secret', session: SESSION, options: { events: true } },
  ));

test('a call is answered by its own id, whatever the order', () => {
  const held = [];
  return withClient(
    (request, peer) => {
      held.push(request);
      if (held.length === 2)
        for (const { id, message } of held.reverse())
          peer.send({ id, message: { _cons: 'echo', of: message._cons } });
    },
    async (tg) => {
      const [first, second] = await Promise.all([tg.call('a.first'), tg.call('a.second')]);
      assert.equal(first.of, 'a.first');
      assert.equal(second.of, 'a.second');
    },
  );
});

test('bigint and Uint8Array, Buffers too, are taken as arguments', () =>
  withClient(
    (request) => message({ _cons: 'ok', got: request.message }),
    async (tg) => {
      const { got } = await tg.call('m.x', {
        id: 2n ** 62n,
        bytes: new Uint8Array([1, 2, 255]),
        deep: [{ b: Buffer.from('hi') }],
        view: new Uint8Array([9, 8, 7]).subarray(1),
      });
      assert.deepEqual(got, {
        _cons: 'm.x',
        id: '4611686018427387904',
        bytes: 'AQL/',
        deep: [{ b: 'aGk=' }],
        view: 'CAc=',
      });
    },
  ));

test('a parameter cannot change which method is called', () =>
  withClient(
    (request) => message({ _cons: request.message._cons }),
    async (tg) =>
      assert.equal(
        (await tg.call('help.getConfig', { _cons: 'account.deleteAccount' }))._cons,
        'help.getConfig',
      ),
  ));

test('integers above 2^53 come through parse whole, and nothing else is touched', () => {
  assert.deepEqual(
    parse(
      '{"a":12345678901234567890,"b":"x 12345678901234567890 \\" 1","c":0.12345678901234567,"d":-9223372036854775808,"e":1234567890123456,"f":12345678901234567e3}',
    ),
    {
      a: '12345678901234567890',
      b: 'x 12345678901234567890 " 1',
      c: 0.12345678901234567,
      d: '-9223372036854775808',
      e: 1234567890123456,
      f: 12345678901234567e3,
    },
  );
  assert.deepEqual([...fromBase64('-_8')], [0xfb, 0xff]);
  assert.equal(stringify({ a: 1n, b: undefined }), '{"a":"1"}');
});

test('an rpc_error is an RpcError with code, name and value', () =>
  withClient(
    () =>
      message({
        _cons: 'rpc_error',
        error_code: 420,
        error_message: 'FLOOD_WAIT_30',
        _name: 'FLOOD_WAIT',
        _value: 30,
        _random_id: '77',
      }),
    async (tg) => {
      const error = await rejection(tg.call('messages.sendMessage'));
      assert.ok(error instanceof RpcError && error instanceof Error);
      assert.deepEqual(
        [error.code, error.name, error.value, error.randomId, error.method],
        [420, 'FLOOD_WAIT', 30, '77', 'messages.sendMessage'],
      );
    },
  ));

test('an error of the gateway keeps its name and path', () =>
  withClient(
    () => ({ error: 'SchemeError', msg: 'no such field', path: '/message/per' }),
    async (tg) => {
      const error = await rejection(tg.call('messages.sendMessage', { per: 1 }));
      assert.ok(error instanceof GatewayError);
      assert.deepEqual(
        [error.name, error.message, error.path],
        ['SchemeError', 'no such field', '/message/per'],
      );
    },
  ));

test('rpc_timeout is a TimeoutError, and a silent gateway is one as well', async () => {
  await withClient(
    () => message({ _cons: 'rpc_timeout', error_message: 'no answer in 1 s', _random_id: '5' }),
    async (tg, gateway) => {
      const error = await rejection(tg.call('help.getConfig', {}, { timeout: 1 }));
      assert.ok(error instanceof TimeoutError);
      assert.equal(error.randomId, '5');
      assert.equal(gateway.requests[1].timeout, 1);
    },
  );
  await withClient(
    () => null,
    async (tg) =>
      assert.ok((await rejection(tg.call('help.getConfig', {}, { timeout: 0.05 }))) instanceof TimeoutError),
  );
});

test("a request that is none is refused before it is sent, and its id is the client's own", () =>
  withClient(
    (request) => message({ _cons: 'pong', text: JSON.stringify(request) }),
    async (tg, gateway) => {
      const cyclic = {};
      cyclic.self = cyclic;
      const before = gateway.requests.length;
      for (const wrong of [null, 5, 'x', [], undefined, new Uint8Array(2), { message: cyclic }])
        assert.equal((await rejection(tg.request(wrong))).name, 'TypeError');
      for (const timeout of [-1, NaN, 'soon'])
        assert.equal((await rejection(tg.request({ message: {} }, { timeout }))).name, 'TypeError');
      assert.equal(gateway.requests.length, before);
      const reply = await tg.request({ id: 777, message: { _cons: 'ping' }, timeout: 3 });
      assert.match(reply.message.text, /^{"id":\d+,/);
      assert.notEqual(reply.id, 777);
      assert.match(reply.message.text, /"timeout":3}$/);
    },
  ));

test("what the gateway could not read is the one request in flight, and of several nobody's", () => {
  let held = [];
  return withClient(
    (request, peer) => {
      if (request.message._cons === 'broken') peer.send({ id: -2, error: 'JSONDecodeError', msg: 'no JSON' });
      if (request.message._cons === 'held') held.push(request.id);
      if (request.message._cons === 'free')
        for (const id of [...held.splice(0), request.id]) peer.send({ id, message: { _cons: 'pong' } });
    },
    async (tg) => {
      assert.equal((await rejection(tg.call('broken'))).name, 'JSONDecodeError');
      const one = tg.call('held');
      const other = tg.call('broken', {}, { timeout: 0.3 });
      assert.equal((await rejection(other)).name, 'TimeoutError');
      await tg.call('free');
      assert.equal((await one)._cons, 'pong');
    },
  );
});

test('what names no time limit has one, which waits for floods come on top of', () =>
  withClient(
    (request, peer) => peer.send({ id: request.id, message: { _cons: 'pong' } }),
    async (tg) => {
      const limits = [];
      const real = globalThis.setTimeout;
      globalThis.setTimeout = (work, ms, ...more) => {
        limits.push(ms);
        return real(work, ms, ...more);
      };
      try {
        const calls = [tg.call('a'), tg.call('b', {}, { timeout: 5 }), tg.call('c', {}, { timeout: 0 }),
          tg.call('d', {}, { timeout: Infinity })];
        assert.deepEqual(limits, [91_500, 6_500, 2 ** 31 - 1]);
        await Promise.all(calls);
      } finally {
        globalThis.setTimeout = real;
      }
    },
    { options: { flood_wait: 30 } },
  ));

test('a gateway that takes connections and says nothing is told as such', async () => {
  const gateway = await fakeGateway(() => null);
  try {
    const error = await rejection(connect(gateway.url, { timeout: 0.1, reconnect: false }));
    assert.equal(error.name, 'ConnectionError');
    assert.match(error.message, /no answer in time/);
  } finally {
    await gateway.close();
  }
});

test('a listener that throws keeps no promise from settling', async () => {
  const thrown = [];
  const catcher = (error) => thrown.push(error.message);
  process.prependListener('uncaughtException', catcher);
  const others = process.listeners('uncaughtException').filter((one) => one !== catcher);
  for (const one of others) process.off('uncaughtException', one);
  try {
    await withClient(
      () => message({ _cons: 'pong' }),
      async (tg) => {
        tg.on('received', () => {
          throw new Error('of the listener');
        });
        assert.equal((await tg.call('ping'))._cons, 'pong');
      },
    );
    assert.ok(thrown.includes('of the listener'));
  } finally {
    process.off('uncaughtException', catcher);
    for (const one of others) process.on('uncaughtException', one);
  }
});

test('an answer that is no object ends the connection', () =>
  withClient(
    (request, peer) => peer.send('null\n'),
    async (tg) => assert.equal((await rejection(tg.call('ping'))).name, 'OutcomeUnknown'),
    { reconnect: false },
  ));

test("an aborted call rejects with the signal's reason and its late answer is dropped", () => {
  let late;
  return withClient(
    (request, peer) =>
      request.message._cons === 'slow'
        ? void (late = () => peer.send({ id: request.id, message: { _cons: 'late' } }))
        : message({ _cons: 'fine' }),
    async (tg) => {
      const stop = new AbortController();
      const slow = tg.call('slow', {}, { signal: stop.signal });
      stop.abort(new Error('enough'));
      assert.equal((await rejection(slow)).message, 'enough');
      assert.equal((await tg.call('quick'))._cons, 'fine');
      late();
      assert.equal((await tg.call('quick'))._cons, 'fine');
      assert.equal(
        (await rejection(tg.call('quick', {}, { signal: AbortSignal.abort(new Error('before')) }))).message,
        'before',
      );
    },
  );
});

test('updates arrive in order, also those that came before next()', () =>
  withClient(
    (request, peer) => {
      for (const n of [1, 2, 3]) peer.send({ id: 0, message: { _cons: 'updateShort', n } });
      return message({ _cons: 'ok' });
    },
    async (tg) => {
      const updates = tg.updates();
      await tg.call('poke');
      const seen = [];
      for await (const update of updates) {
        seen.push(update.n);
        if (seen.length === 3) break;
      }
      assert.deepEqual(seen, [1, 2, 3]);
      assert.deepEqual(await updates.next(), { value: undefined, done: true });
    },
  ));

test('updates() ends when the client is closed, and when its signal fires', () =>
  withClient(
    () => null,
    async (tg) => {
      const stop = new AbortController();
      const first = tg.updates({ signal: stop.signal }).next();
      const second = tg.updates().next();
      stop.abort(new Error('stopped'));
      assert.deepEqual(await first, { value: undefined, done: true });
      const late = tg.updates({ signal: stop.signal }).next();
      assert.deepEqual(await late, { value: undefined, done: true });
      tg.close();
      assert.equal((await second).done, true);
    },
  ));

test('updates() that nobody reads are bounded', () =>
  withClient(
    (request, peer) => {
      peer.send((JSON.stringify({ id: 0, message: { _cons: 'u' } }) + '\n').repeat(10_001));
      return message({ _cons: 'ok' });
    },
    async (tg) => {
      const updates = tg.updates();
      await tg.call('flood');
      for (let n = 0; n < 10_001; n++) assert.equal((await updates.next()).done, false);
      assert.equal((await rejection(updates.next())).name, 'Busy');
      assert.equal((await updates.next()).done, true);
    },
  ));

test('a gateway that went away is asked for every 2.5 s in the first half minute, every 19 s later', async (t) => {
  const gateway = await fakeGateway(hello);
  const tg = await connect(gateway.url);
  // The client's time alone runs fast.
  const { setTimeout } = globalThis;
  let now = Date.now();
  t.mock.method(Date, 'now', () => now);
  t.mock.method(globalThis, 'setTimeout', (then, ms, ...more) => {
    const fast = ms < 20_000; // no deadline of a request or a greeting
    return setTimeout(() => ((now += fast ? ms : 0), then()), fast ? 1 : ms, ...more);
  });
  const pauses = [];
  const done = new Promise((resolve) =>
    tg.on('connection', ({ state, retry_in }) => state === 'lost' && pauses.push(retry_in) === 30 && resolve()),
  );
  await gateway.close();
  await done;
  tg.close();
  let at = 0;
  for (const pause of pauses) {
    if (at < 30) assert.ok(pause <= 2.5, `${pause} s at ${at}`);
    at += pause;
  }
  assert.ok(Math.max(...pauses) > 11 && Math.max(...pauses) < 19, `${pauses}`);
});

test('a lost connection: what was sent is OutcomeUnknown, what waits is sent on the next one, with the session', () =>
  withClient(
    (request) => (request.message._cons === 'hang' ? null : message({ _cons: 'ok' })),
    async (tg, gateway) => {
      const states = [];
      tg.on('connection', (event) => states.push(event.state));
      await tg.call('one'); // after which the client asks for the session that it now has
      await once(tg, 'session');
      const hanging = rejection(tg.call('hang'));
      const lost = once(tg, 'connection', (event) => event.state === 'lost');
      gateway.dropAll();
      const event = await lost;
      assert.ok(event.retry_in > 0 && event.reason);
      assert.equal((await hanging).name, 'OutcomeUnknown');
      const before = gateway.requests.length;
      assert.equal((await tg.call('two'))._cons, 'ok');
      assert.deepEqual(gateway.requests[before].session, SESSION);
      assert.equal(gateway.requests[before].options.json, 'plain');
      assert.deepEqual(states, ['lost', 'connecting', 'open']);
      assert.equal(tg.connected, true);
    },
    {},
    SESSION,
  ));

test('after a reconnect Telegram is spoken to again, so that updates go on', () =>
  withClient(
    () => message({ _cons: 'ok' }),
    async (tg, gateway) => {
      await tg.call('one');
      await once(tg, 'session');
      const asked = once(tg, 'sent', (object) => object.message?._cons === 'updates.getState');
      gateway.dropAll();
      await asked;
    },
    {},
    SESSION,
  ));

test('reconnect: false ends the client instead', () =>
  withClient(
    () => null,
    async (tg, gateway) => {
      const hanging = rejection(tg.call('hang'));
      const closed = once(tg, 'connection', (event) => event.state === 'closed');
      gateway.dropAll();
      await closed;
      assert.equal((await hanging).name, 'OutcomeUnknown');
      assert.equal((await rejection(tg.call('more'))).name, 'ConnectionError');
    },
    { reconnect: false },
  ));

test('connect() rejects where nobody listens, and for a wrong token or session without another try', async () => {
  const gone = await fakeGateway(() => null);
  await gone.close();
  assert.equal((await rejection(connect(gone.url))).name, 'ConnectionError');
  for (const error of ['Unauthorized', 'SessionError']) {
    const gateway = await fakeGateway(
      (request, peer) => (
        peer.send({ id: request.id, error, msg: 'no' }),
        error === 'Unauthorized' && peer.drop()
      ),
    );
    assert.equal((await rejection(connect(gateway.url))).name, error);
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(gateway.requests.length, 1);
    await gateway.close();
  }
});

test("a session is taken as object, as whole line with 64-bit integers, and as another library's string", async () => {
  const line = `{"id": 1, "session": {"session_id": 12345678901234567890, "auth_key": "${SESSION.auth_key}", "last_seqno": 5}}\n`;
  for (const [given, expected] of [
    [SESSION, SESSION],
    [{ id: 1, session: SESSION }, SESSION],
    [line, { session_id: '12345678901234567890', auth_key: SESSION.auth_key, last_seqno: 5 }],
    ['1BVtsOK8Bu…', { string: '1BVtsOK8Bu…' }],
  ])
    await withClient(
      () => null,
      async (tg, gateway) => assert.deepEqual(gateway.requests[0].session, expected),
      { session: given },
    );
});

test('no session and no server are left out, where they are given as null', () =>
  withClient(
    () => ({ signin: { state: 'start' } }),
    async (tg, gateway) => {
      assert.ok(!('session' in gateway.requests[0]) && !('server' in gateway.requests[0]));
      await tg.signin({}, { session: null });
      assert.ok(!('session' in gateway.requests[1]));
    },
    { session: null, server: null },
  ));

test('signIn goes from phone to user, asks functions again after a mistake', () => {
  const steps = [];
  const states = [
    { state: 'code', type: 'app', phone: '9996620002', phone_code_hash: 'h' },
    {
      state: 'code',
      type: 'app',
      phone: '9996620002',
      phone_code_hash: 'h',
      error: {
        _cons: 'rpc_error',
        error_code: 400,
        error_message: 'PHONE_CODE_INVALID',
        _name: 'PHONE_CODE_INVALID',
      },
    },
    { state: 'password', hint: 'the obvious one' },
    { state: 'done', user: { _cons: 'user', id: '1' } },
  ];
  return withClient(
    (request) => (steps.push(request.signin), { signin: states[steps.length - 1], session: SESSION }),
    async (tg) => {
      const codes = ['11111', '22222'];
      const user = await tg.signIn({
        phone: '9996620002',
        code: () => codes.shift(),
        password: (state) => `for ${state.hint}`,
      });
      assert.equal(user.id, '1');
      assert.deepEqual(steps, [
        { phone: '9996620002' },
        { code: '11111' },
        { code: '22222' },
        { password: 'for the obvious one' },
      ]);
    },
  );
});

test("signIn with a wrong constant rejects with Telegram's error instead of asking for ever", () => {
  const wrong = { _cons: 'rpc_error', error_code: 400, error_message: 'PHONE_CODE_INVALID' };
  const code = { state: 'code', type: 'sms', phone: '9996620001', phone_code_hash: 'h' };
  return withClient(
    (request) => ({ signin: request.signin.code ? { ...code, error: wrong } : code }),
    async (tg) => {
      const error = await rejection(tg.signIn({ phone: '9996620001', code: '00000' }));
      assert.ok(error instanceof RpcError);
      assert.equal(error.name, 'PHONE_CODE_INVALID');
      assert.match((await rejection(tg.signIn({ phone: '9996620001' }))).message, /"code"/);
    },
  );
});

test('signIn by QR hands on every fresh text until it is scanned', () =>
  withClient(
    (request, peer) => {
      setTimeout(
        () => peer.send({ id: 0, signin: { state: 'qr', url: 'tg://login?token=B', expires: 2 } }),
        20,
      );
      setTimeout(
        () =>
          peer.send({ id: 0, signin: { state: 'done', user: { _cons: 'user', id: '9' } }, session: SESSION }),
        60,
      );
      return { signin: { state: 'qr', url: 'tg://login?token=A', expires: 1 } };
    },
    async (tg) => {
      const seen = [];
      const user = await tg.signIn({ qr: (url) => void seen.push(url) });
      assert.equal(user.id, '9');
      assert.deepEqual(seen, ['tg://login?token=A', 'tg://login?token=B']);
    },
  ));

test('a code that is scanned while it is still being drawn signs in', () =>
  withClient(
    (request, peer) => {
      setTimeout(
        () =>
          peer.send({ id: 0, signin: { state: 'done', user: { _cons: 'user', id: '9' } }, session: SESSION }),
        20,
      );
      return { signin: { state: 'qr', url: 'tg://login?token=A', expires: 1 } };
    },
    async (tg) => {
      const qr = () => new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal((await tg.signIn({ qr })).id, '9');
    },
  ));

test('tls: and unix: carry the same lines', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'client-'));
  try {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-keyout',
        join(folder, 'key.pem'),
        '-out',
        join(folder, 'cert.pem'),
      ],
      { stdio: 'ignore' },
    );
    const key = readFileSync(join(folder, 'key.pem'));
    const cert = readFileSync(join(folder, 'cert.pem'));
    const answer = (request) => hello(request) ?? message({ _cons: 'fine' });
    const secure = await fakeGateway(answer, { secure: { key, cert } });
    const overTls = await connect(`tls://127.0.0.1:${secure.port}`, { tls: { ca: cert } });
    assert.equal((await overTls.call('x'))._cons, 'fine');
    overTls.close();
    assert.equal((await rejection(connect(`tls://127.0.0.1:${secure.port}`))).name, 'ConnectionError');
    await secure.close();
    const path = join(folder, 'socket');
    const local = await fakeGateway(answer, { listen: { path } });
    const overUnix = await connect(`unix:${path}`);
    assert.equal((await overUnix.call('x'))._cons, 'fine');
    overUnix.close();
    await local.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('ws: uses the WebSocket that is passed in, and http: addresses mean its /ws', async () => {
  const opened = [];
  class Socket {
    constructor(url) {
      opened.push(url);
      setTimeout(() => this.onopen());
    }
    send(text) {
      const request = JSON.parse(text);
      setTimeout(() =>
        this.onmessage({
          data: JSON.stringify({ id: request.id, ...(hello(request) ?? message({ _cons: 'fine' })) }),
        }),
      );
    }
    close() {}
  }
  for (const url of ['ws://localhost:1543', 'http://localhost:1543/', 'wss://example.org/gateway/ws']) {
    const tg = await connect(url, { WebSocket: Socket });
    assert.equal((await tg.call('x'))._cons, 'fine');
    tg.close();
  }
  assert.deepEqual(opened, [
    'ws://localhost:1543/ws',
    'ws://localhost:1543/ws',
    'wss://example.org/gateway/ws',
  ]);
});

test('a line may come in pieces, and long ones are put together in linear time', () =>
  withClient(
    (request, peer) => {
      const text =
        JSON.stringify({ id: request.id, message: { _cons: 'big', text: 'ä'.repeat(4_000_000) } }) + '\n';
      for (let at = 0; at < text.length; at += 65_536) peer.send(text.slice(at, at + 65_536));
    },
    async (tg) => {
      const started = process.hrtime.bigint();
      assert.equal((await tg.call('x')).text.length, 4_000_000);
      assert.ok(process.hrtime.bigint() - started < 5_000_000_000n);
    },
  ));

test('a session that others use is set by a connection that begins with it', async () => {
  const gateway = await fakeGateway((request) =>
    hello(request) ??
    (request.session?.auth_key
      ? { error: 'SessionError', msg: 'others use this key: set it in the first object of a connection', path: '/session/auth_key' }
      : { session: SESSION }));
  const tg = await connect(gateway.url);
  try {
    assert.equal((await tg.useSession(SESSION)).auth_key, SESSION.auth_key);
    assert.equal(gateway.requests.at(-2).session.auth_key, SESSION.auth_key);
    assert.ok(gateway.requests.at(-2).options);
  } finally {
    tg.close();
    await gateway.close();
  }
});

const ADA = { name: 'ada', state: 'done', user: { id: '1' }, dc: 2, update_seq: 7 };
const named = (request) => request.options && { options: {}, account: ADA };
async function asAda(answer, body, options = {}) {
  const gateway = await fakeGateway((request, peer) => answer(request, peer) ?? named(request) ?? message({ _cons: 'ok' }));
  const tg = await connect(gateway.url, { account: 'ada', ...options });
  try {
    await body(tg, gateway);
  } finally {
    tg.close();
    await gateway.close();
  }
}
const hellos = (gateway) => gateway.requests.filter((request) => request.options).map(({ account }) => account);
const again = (tg) => once(tg, 'connection', (event) => event.state === 'open' && event.again);
const update = (n) => ({ id: 0, message: { _cons: 'updateShort', n }, update_seq: n });

test('a client of a named account says so in its first object, and neither sends, keeps nor asks for a session', () =>
  asAda(
    (request) => request.message && { message: { _cons: 'ok' }, session: SESSION },
    async (tg, gateway) => {
      const told = [];
      tg.on('session', (session) => told.push(session));
      assert.deepEqual(tg.account, ADA);
      await tg.call('one');
      const back = again(tg);
      gateway.dropAll();
      await back;
      assert.deepEqual(hellos(gateway), ['ada', { name: 'ada', updates_after: 7 }]);
      assert.ok(gateway.requests.every((request) => !('session' in request)), stringify(gateway.requests));
      assert.deepEqual(told, []);
    },
    { session: SESSION },
  ));

test('each connection of a named account goes on behind the last number that was heard', () =>
  asAda(
    (request, peer) => {
      if (request.message) for (const n of [8, 9]) peer.send(update(n));
      return request.account?.name && { options: {}, account: { ...ADA, update_seq: 9 } };
    },
    async (tg, gateway) => {
      await tg.call('poke');
      for (let i = 0; i < 2; i++) {
        const back = again(tg);
        gateway.dropAll();
        await back;
      }
      assert.deepEqual(hellos(gateway).slice(1), Array(2).fill({ name: 'ada', updates_after: 9 }));
      await tg.options({ updates: false });
      const back = again(tg);
      gateway.dropAll();
      await back;
      assert.equal(hellos(gateway).at(-1), 'ada', 'who wants no updates asks for none');
    },
  ));

test('an account that nobody has signed in to is named with each step until the gateway knows it', () => {
  const unknown = { error: 'NoSuchAccount', msg: 'there is no account ada; `signin` beside `account` makes it' };
  return asAda(
    (request) => {
      if (request.signin?.code) return { signin: { state: 'done', user: { id: '1' } }, account: ADA };
      if (request.signin?.phone) return { signin: { state: 'code' }, account: { name: 'ada', state: 'code' } };
      if (request.signin) return { signin: { state: 'start' } };
      if (request.account) return unknown;
      return request.options && { options: {} };
    },
    async (tg, gateway) => {
      assert.equal((await rejection(tg.call('early'))).name, 'NoSuchAccount');
      const user = await tg.signIn({ phone: '9996620001', code: '22222' });
      assert.deepEqual([user.id, tg.account], ['1', ADA]);
      const told = gateway.requests.map(({ account, options, signin }) => [account, signin ?? (options ? 'hello' : 'call')]);
      assert.deepEqual(told, [
        ['ada', 'hello'],
        [undefined, 'hello'],
        ['ada', 'call'],
        ['ada', {}],
        ['ada', { phone: '9996620001' }],
        [undefined, { code: '22222' }],
      ]);
    },
  );
});

test('a reader of the log that takes slowly leaves it there and goes on where it was', () =>
  asAda(
    (request, peer) => {
      const after = request.account?.updates_after;
      if (after === undefined) return null;
      peer.send({ id: request.id, options: {}, account: { ...ADA, update_seq: 15_000 } });
      for (let n = after + 1; n <= 15_000; n++) peer.send(update(n));
      return { id: 0, error: 'Nothing' };
    },
    async (tg, gateway) => {
      const updates = tg.updates({ after: 0 });
      let last = 0;
      for await (const { update_seq, message } of updates) {
        assert.deepEqual([update_seq, message.n], [last + 1, last + 1]);
        last = update_seq;
        if (last === 1) await new Promise((resolve) => setTimeout(resolve, 300));
        if (last === 15_000) break;
      }
      const asked = hellos(gateway).slice(1).map((account) => account.updates_after);
      assert.equal(asked[0], 0);
      assert.ok(asked.length >= 2 && asked[1] > 10_000, stringify(asked));
    },
  ));
