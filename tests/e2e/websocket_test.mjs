// WebSocket by the book, through three clients: npm's `ws`, Node's own where it has one, and frames
// by hand. What only hostile bytes can say is said by hand.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { WebSocket as NpmWebSocket } from 'ws';
import { connect } from '../../web/client.js';
import { Gateway, apart, patience } from './support/gateway.mjs';
import { parse, stringify } from './support/json.mjs';
import { RawWebSocket, acceptOf, closeFrame, frame, op, upgrade } from './support/raw_websocket.mjs';
import { Relay } from './support/relay.mjs';
import { Wire, eventually, fetchRaw, metrics } from './support/wire.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const limit = 4096;
let gateway;
before(async () => (gateway = await Gateway.start(['--sandbox', '--max-line', `${limit}`])));
after(() => gateway.close());

// --- one suite, several clients ---

// A client with events behind the few calls of the suite.
class Evented {
  static async open(Socket, path = '/ws', port = gateway.port) {
    const client = new Evented(new Socket(`ws://localhost:${port}${path}`));
    await new Promise((resolve, reject) => {
      client.socket.onopen = resolve;
      client.socket.onerror = (event) => reject(new Error(event.message ?? 'no connection'));
    });
    return client;
  }

  constructor(socket) {
    this.socket = socket;
    this.texts = [];
    this.takers = [];
    socket.onmessage = ({ data }) => {
      const take = this.takers.shift();
      if (take) take(parse(data));
      else this.texts.push(parse(data));
    };
    this.over = new Promise((resolve) => (socket.onclose = ({ code, reason }) => resolve({ code, reason })));
  }

  send(what) {
    this.socket.send(typeof what === 'string' || ArrayBuffer.isView(what) ? what : stringify(what));
  }

  next() {
    if (this.texts.length) return Promise.resolve(this.texts.shift());
    return new Promise((resolve) => this.takers.push(resolve));
  }

  closed() {
    return this.over;
  }

  leave(code) {
    this.socket.close(code);
  }

  close() {
    this.socket.close();
  }
}

class ByHand extends RawWebSocket {
  send(what) {
    if (ArrayBuffer.isView(what)) this.raw(frame(op.binary, what));
    else super.send(what);
  }

  leave(code) {
    this.raw(closeFrame(code));
  }
}

const clients = {
  'npm ws': (path) => Evented.open(NpmWebSocket, path),
  'by hand': async (path) => {
    const raw = await RawWebSocket.open(gateway.port, { path });
    return new ByHand(raw.wire, raw.response);
  },
  "Node's own": globalThis.WebSocket && ((path) => Evented.open(globalThis.WebSocket, path)),
};

for (const [name, open] of Object.entries(clients)) {
  describe(`a client of WebSocket, ${name}`, { skip: open ? false : 'this Node has none' }, () => {
    const talk = (what, body, path) => test(what, async () => {
      const client = await open(path);
      try {
        await body(client);
      } finally {
        client.close();
      }
    });

    talk('a message is a request, and its reply is one', async (client) => {
      client.send({ id: 7, message: nearest });
      const reply = await client.next();
      assert.equal(reply.id, 7);
      assert.equal(reply.message._cons, 'nearestDc');
    });

    talk('no greeting: the first message is the answer', async (client) => {
      client.send({ id: 'first', options: {} });
      assert.equal((await client.next()).id, 'first');
    });

    talk('?json=plain is the option', async (client) => {
      client.send({ id: 1, options: {} });
      assert.equal((await client.next()).options.json, 'plain');
    }, '/ws?json=plain');

    talk('and so is ?json=auto', async (client) => {
      client.send({ id: 1, options: {} });
      assert.equal((await client.next()).options.json, 'auto');
    }, '/ws?json=auto');

    talk('a hundred requests, a hundred replies', async (client) => {
      for (let id = 1; id <= 100; id++) client.send({ id, message: { _cons: 'ping', ping_id: id } });
      const ids = new Set();
      for (let i = 0; i < 100; i++) ids.add((await client.next()).id);
      assert.equal(ids.size, 100);
    });

    talk('text of all of Unicode comes back as it went', async (client) => {
      const text = 'ä€😀 \u2028 “quoted” \\ \n';
      client.send({ id: 1, options: {}, '@extra': text });
      assert.equal((await client.next())['@extra'], text);
    });

    talk('an empty message and one of blanks are nothing', async (client) => {
      client.send('');
      client.send(' \n');
      client.send({ id: 2, options: {} });
      assert.equal((await client.next()).id, 2);
    });

    talk('what is no object gets an error, and the connection goes on', async (client) => {
      for (const [text, id, error] of [['nonsense', -2, 'JSONDecodeError'], ['[]', -3, 'TypeError'],
        ['{"id":1,"options":{}} {"id":2,"options":{}}', 1, 'JSONDecodeError'],
        ['{"id":1,"options":{}}\n{"id":2,"options":{}}', 1, 'JSONDecodeError'],
        ['{"id":"a","options":', 'a', 'JSONDecodeError'], ['{"options":,"id":7}', -2, 'JSONDecodeError']]) {
        client.send(text);
        const reply = await client.next();
        assert.deepEqual([reply.id, reply.error], [id, error], text);
      }
      client.send({ id: 3, options: {} });
      assert.equal((await client.next()).id, 3);
    });

    talk('a message above the limit gets LineTooLong, and the connection goes on', async (client) => {
      client.send({ id: 1, options: {}, '@extra': 'x'.repeat(limit * 40) });
      const reply = await client.next();
      assert.deepEqual([reply.id, reply.error, reply.limit], [1, 'LineTooLong', limit]);
      client.send({ id: 2, options: {}, '@extra': 'x'.repeat(limit - 200) });
      assert.equal((await client.next()).id, 2);
    });

    talk('a binary message is refused with 1003 and a reason', async (client) => {
      client.send(Buffer.from('{"id":1,"options":{}}'));
      const { code, reason } = await client.closed();
      assert.equal(code, 1003);
      assert.match(reason, /text/);
    });

    talk('a closing handshake is answered with its code', async (client) => {
      client.send({ id: 1, options: {} });
      await client.next();
      client.leave(1000);
      assert.equal((await client.closed()).code, 1000);
    });
  });
}

// --- bytes by hand ---

const raw = (name, body, options) => test(name, async () => {
  const socket = await RawWebSocket.open(gateway.port, options);
  try {
    await body(socket);
  } finally {
    socket.close();
  }
});

const asked = (id) => stringify({ id, options: {} });

raw('a message in fragments, cut anywhere, is one message', async (socket) => {
  const text = Buffer.from(stringify({ id: 1, options: {}, '@extra': 'ä€😀' }));
  for (let cut = 1; cut < text.length; cut++) {
    socket.raw(frame(op.text, text.subarray(0, cut), { fin: false }));
    socket.raw(frame(op.more, '', { fin: false }));
    socket.raw(frame(op.more, text.subarray(cut)));
    assert.equal((await socket.next())['@extra'], 'ä€😀', `cut at ${cut}`);
  }
});

raw('a message of one fragment a byte', async (socket) => {
  const text = Buffer.from(asked(5));
  text.forEach((byte, i) => socket.raw(frame(i ? op.more : op.text, [byte], { fin: i === text.length - 1 })));
  assert.equal((await socket.next()).id, 5);
});

raw('a frame that arrives byte by byte', async (socket) => {
  for (const byte of frame(op.text, asked(6))) {
    socket.raw(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  assert.equal((await socket.next()).id, 6);
});

raw('pings between fragments are answered with their payload', async (socket) => {
  const text = asked(8);
  socket.raw(frame(op.text, text.slice(0, 3), { fin: false }));
  socket.raw(frame(op.ping, 'are you there?'));
  const pong = await socket.frame();
  assert.deepEqual([pong.code, pong.fin, pong.payload.toString()], [op.pong, true, 'are you there?']);
  socket.raw(frame(op.more, text.slice(3, 9), { fin: false }));
  socket.raw(frame(op.ping, ''));
  socket.raw(frame(op.more, text.slice(9)));
  const empty = await socket.frame();
  assert.deepEqual([empty.code, empty.payload.length], [op.pong, 0]);
  assert.equal((await socket.next()).id, 8);
});

raw('a ping of 125 bytes, the longest', async (socket) => {
  const payload = randomBytes(125);
  socket.raw(frame(op.ping, payload));
  assert.deepEqual((await socket.frame()).payload, payload);
});

raw('a pong that nobody asked for is nothing', async (socket) => {
  socket.raw(frame(op.pong, 'hello'));
  socket.send({ id: 1, options: {} });
  assert.equal((await socket.next()).id, 1);
});

raw('a hundred requests in one piece of the stream, with pings among them', async (socket) => {
  const frames = [];
  for (let id = 1; id <= 100; id++) {
    frames.push(frame(op.text, asked(id)));
    if (id % 10 === 0) frames.push(frame(op.ping, `${id}`));
  }
  socket.raw(Buffer.concat(frames));
  for (let id = 1; id <= 100; id++) assert.equal((await socket.next()).id, id);
  await eventually(async () => {
    if (socket.seen.length < 10) socket.seen.push(await socket.frame());
    return socket.seen.length === 10;
  }, 'ten pongs');
  assert.deepEqual(socket.seen.map(({ code, payload }) => [code, `${payload}`]),
    Array.from({ length: 10 }, (_, i) => [op.pong, `${(i + 1) * 10}`]));
});

raw('lengths in all three notations', async (socket) => {
  const at = (size) => stringify({ id: size, options: {}, '@extra': '' }).length;
  for (const size of [100, 125, 126, 127, 4000]) {
    const text = stringify({ id: size, options: {}, '@extra': 'x'.repeat(size - at(size)) });
    assert.equal(text.length, size);
    socket.send(text);
    assert.equal((await socket.next()).id, size);
  }
  socket.raw(frame(op.text, 'x'.repeat(70_000)));
  assert.equal((await socket.next()).error, 'LineTooLong');
});

raw('the limit counts over fragments: an error at once, the rest skipped, then on', async (socket) => {
  socket.raw(frame(op.text, '{"id":1,"@extra":"', { fin: false }));
  for (let i = 0; i < 20; i++) socket.raw(frame(op.more, 'x'.repeat(1000), { fin: false }));
  const error = await socket.next();
  assert.deepEqual([error.id, error.error, error.limit], [1, 'LineTooLong', limit]);
  for (let i = 0; i < 20; i++) socket.raw(frame(op.more, 'x'.repeat(1000), { fin: false }));
  socket.raw(frame(op.more, '"}'));
  socket.send({ id: 2, options: {} });
  assert.equal((await socket.next()).id, 2);
});

const refused = {
  'a frame that is not masked': [frame(op.text, asked(1), { mask: false }), 1002],
  'reserved bits': [frame(op.text, asked(1), { rsv: 2 }), 1002],
  'the bit of compression where none was agreed on': [frame(op.text, asked(1), { rsv: 4 }), 1002],
  'an unknown opcode': [frame(3, asked(1)), 1002],
  'an unknown control opcode': [frame(11, ''), 1002],
  'a control frame of more than 125 bytes': [frame(op.ping, Buffer.alloc(126)), 1002],
  'a control frame in fragments': [frame(op.ping, 'x', { fin: false }), 1002],
  'a continuation of nothing': [frame(op.more, asked(1)), 1002],
  'a new message inside another': [
    Buffer.concat([frame(op.text, '{', { fin: false }), frame(op.text, asked(1))]), 1002],
  'text that is not UTF-8': [frame(op.text, Buffer.from('{"id":1,"@extra":"\xff"}', 'latin1')), 1007],
  'text that ends in the middle of a character': [frame(op.text, Buffer.from([0x7b, 0xe2, 0x82])), 1007],
  'text whose character is broken by a fragment': [Buffer.concat([
    frame(op.text, Buffer.from([0x22, 0xe2]), { fin: false }), frame(op.more, Buffer.from([0x22]))]), 1007],
  'a surrogate in UTF-8': [frame(op.text, Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), 1007],
  'a close frame of one byte': [frame(op.close, 'x'), 1002],
  'a close frame with a code that is none': [closeFrame(999), 1002],
  'a close frame with code 1005': [closeFrame(1005), 1002],
  'a close frame with code 1006': [closeFrame(1006), 1002],
  'a close frame whose reason is not UTF-8': [
    frame(op.close, Buffer.from([3, 232, 0xff])), [1002, 1007]],
};
for (const [what, [bytes, code]] of Object.entries(refused)) {
  raw(`${what}: closed with ${code}`, async (socket) => {
    socket.raw(bytes);
    const end = await socket.closed();
    assert.ok([code].flat().includes(end.code), `${end.code} ${end.reason}`);
    await socket.wire.ended;
  });
}

raw('close frames with codes of their own and with none are answered alike', async (socket) => {
  socket.raw(closeFrame(4321, 'goodbye'));
  assert.equal((await socket.closed()).code, 4321);
  await socket.wire.ended;
  const other = await RawWebSocket.open(gateway.port);
  other.raw(frame(op.close));
  assert.ok([1005, 1000].includes((await other.closed()).code));
  await other.wire.ended;
});

raw('nothing that comes after a close frame is carried out', async (socket) => {
  socket.raw(Buffer.concat([closeFrame(1000), frame(op.text, stringify({ id: 1, message: nearest }))]));
  assert.equal((await socket.closed()).code, 1000);
  assert.equal(await socket.wire.rest(), '');
});

for (const up of [false, true]) {
  raw(`a request and a Close in one packet, the link ${up ? '' : 'not yet '}up: carried out, answered, then closed`, async (socket) => {
    if (up) assert.equal((await socket.request({ id: 1, message: nearest })).message._cons, 'nearestDc');
    socket.raw(Buffer.concat([frame(op.text, stringify({ id: 2, message: nearest })), closeFrame(1000)]));
    const { code, payload } = await socket.frame();
    assert.equal(code, op.text);
    assert.equal(parse(payload.toString()).message._cons, 'nearestDc');
    assert.equal((await socket.closed()).code, 1000);
    await socket.wire.ended;
  });
}

raw('a request, and the end of the connection without a Close: carried out and answered', async (socket) => {
  socket.wire.socket.end(frame(op.text, stringify({ id: 2, message: nearest })));
  assert.equal((await socket.next()).message._cons, 'nearestDc');
  await socket.wire.ended;
});

test('connections that break off in the middle of anything leave the gateway well', async () => {
  const stages = [upgrade().slice(0, 30), upgrade(), upgrade() + '\x81',
    Buffer.concat([Buffer.from(upgrade()), frame(op.text, asked(1)).subarray(0, 9)]),
    Buffer.concat([Buffer.from(upgrade()), frame(op.text, '{"id"', { fin: false })]),
    Buffer.concat([Buffer.from(upgrade()), frame(op.text, stringify({ id: 1, message: nearest }))])];
  await Promise.all(Array.from({ length: 60 }, async (_, i) => {
    const wire = await Wire.connect(gateway.port);
    wire.send(stages[i % stages.length]);
    if (i % 3) await wire.when((bytes) => (bytes.length || i % stages.length === 0 ? true : undefined), 'anything');
    if (i % 2) wire.socket.resetAndDestroy();
    else wire.close();
  }));
  await eventually(async () => (await metrics(gateway.port)).get('streamjson_clients{kind="websocket"}') === 0,
    'no WebSocket is open any more');
  const socket = await RawWebSocket.open(gateway.port);
  assert.equal((await socket.request({ id: 1, message: nearest })).message._cons, 'nearestDc');
  socket.close();
});

test('a request that comes with the handshake is answered', async () => {
  const wire = await Wire.connect(gateway.port);
  wire.send(Buffer.concat([Buffer.from(upgrade()), frame(op.text, asked(3))]));
  assert.equal((await wire.head()).status, 101);
  assert.equal((await new RawWebSocket(wire).next()).id, 3);
  wire.close();
});

// --- the handshake ---

test('101 answers the key that was sent', async () => {
  const wire = await Wire.connect(gateway.port);
  wire.send(upgrade({ key: 'dGhlIHNhbXBsZSBub25jZQ==' }));
  const { status, headers } = await wire.head();
  assert.equal(status, 101);
  assert.equal(headers['sec-websocket-accept'], 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  assert.equal(acceptOf('dGhlIHNhbXBsZSBub25jZQ=='), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  assert.equal(headers.upgrade.toLowerCase(), 'websocket');
  assert.doesNotMatch(headers.server ?? '', /Beast/);
  assert.equal(headers['sec-websocket-extensions'], undefined);
  wire.close();
});

test('without an upgrade the place says 426', async () => {
  const { status, headers, text } = await fetchRaw(gateway.port, '/ws');
  assert.equal(status, 426);
  assert.match(headers.upgrade, /websocket/i);
  assert.match(JSON.parse(text).msg, /WebSocket/);
});

for (const [what, headers, wanted] of [
  ['another version', { 'Sec-WebSocket-Version': '8' }, [400, 426]],
  ['no version', { 'Sec-WebSocket-Version': undefined }, [400, 426]],
  ['no key', { 'Sec-WebSocket-Key': undefined }, [400]],
  ['a key that is no 16 bytes', { 'Sec-WebSocket-Key': 'x' }, [400]],
  ['a key of 17 bytes', { 'Sec-WebSocket-Key': randomBytes(17).toString('base64') }, [400]],
  ['an upgrade to something else', { Upgrade: 'h2c' }, [426]],
]) {
  test(`${what}: no WebSocket, and an answer that says so`, async () => {
    const wire = await Wire.connect(gateway.port);
    wire.send(upgrade({ headers }));
    const response = await wire.response();
    assert.ok(wanted.includes(response.status), `${response.status}`);
    if (what === 'another version') assert.equal(response.headers['sec-websocket-version'], '13');
    wire.close();
  });
}

test('an upgrade by POST is none', async () => {
  const wire = await Wire.connect(gateway.port);
  wire.send(upgrade().replace('GET', 'POST'));
  assert.equal((await wire.head()).status, 405);
  wire.close();
});

test('an upgrade at another path is none', async () => {
  const wire = await Wire.connect(gateway.port);
  wire.send(upgrade({ path: '/nowhere' }));
  assert.equal((await wire.head()).status, 404);
  wire.close();
});

test('?json=nonsense is a 400 that says what is taken', async () => {
  const wire = await Wire.connect(gateway.port);
  wire.send(upgrade({ path: '/ws?json=nonsense' }));
  const { status, text } = await wire.response();
  assert.equal(status, 400);
  assert.match(text, /plain/);
  wire.close();
});

// --- compression ---

const offer = { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' };

test('compression is not agreed on by default', async () => {
  const socket = await RawWebSocket.open(gateway.port, { headers: offer });
  assert.equal(socket.response.headers['sec-websocket-extensions'], undefined);
  socket.send({ id: 1, message: nearest });
  assert.equal((await socket.frame()).rsv, 0);
  socket.close();
});

test('--ws-compression: replies are compressed, those with a session never', async (t) => {
  const other = await Gateway.start(['--sandbox', '--ws-compression']);
  t.after(() => other.close());
  const socket = await RawWebSocket.open(other.port, { headers: offer });
  t.after(() => socket.close());
  assert.match(socket.response.headers['sec-websocket-extensions'], /^permessage-deflate/);
  const ask = async (object) => {
    socket.send(object);
    return socket.frame();
  };
  assert.equal((await ask({ id: 1, message: { _cons: 'help.getConfig' } })).rsv, 4);
  const session = await ask({ id: 2, session: {} });
  assert.equal(session.rsv, 0);
  assert.match(session.payload.toString(), /"auth_key":"/);
  assert.equal((await ask({ id: 3, message: { _cons: 'help.getConfig' } })).rsv, 4);
  const state = await ask({ id: 4, signin: { phone: '9996620001' } });
  assert.equal(state.rsv, 0);
  assert.match(state.payload.toString(), /"auth_key":"/);
});

test('--ws-compression: npm ws speaks it both ways', async (t) => {
  const other = await Gateway.start(['--sandbox', '--ws-compression']);
  t.after(() => other.close());
  const client = await Evented.open(NpmWebSocket, '/ws', other.port);
  assert.match(client.socket.extensions, /permessage-deflate/);
  client.send({ id: 1, options: {}, '@extra': 'x'.repeat(10_000) });
  assert.equal((await client.next())['@extra'].length, 10_000);
  client.send({ id: 2, session: {}, message: { _cons: 'help.getConfig' } });
  assert.equal((await client.next()).message._cons, 'config');
  client.leave(1000);
  await client.closed();
});

test('--ws-compression: a large message is compressed in pieces, and arrives whole', async (t) => {
  const other = await Gateway.start(['--sandbox', '--ws-compression']);
  t.after(() => other.close());
  const client = await Evented.open(NpmWebSocket, '/ws', other.port);
  const extra = [randomBytes(500_000).toString('base64'), 'x'.repeat(3_000_000), randomBytes(300_000).toString('hex')];
  client.send({ id: 1, options: {}, '@extra': extra });
  assert.deepEqual((await client.next())['@extra'], extra);
  client.leave(1000);
  await client.closed();
});

test('--ws-compression: a bomb in a message ends at the limit', async (t) => {
  const other = await Gateway.start(['--sandbox', '--ws-compression', '--max-line', `${limit}`]);
  t.after(() => other.close());
  const client = await Evented.open(NpmWebSocket, '/ws', other.port);
  client.send(`{"id":1,"@extra":"${' '.repeat(20_000_000)}"}`);
  assert.equal((await client.next()).error, 'LineTooLong');
  client.send({ id: 2, options: {} });
  assert.equal((await client.next()).id, 2);
  client.leave(1000);
  await client.closed();
});

// --- time ---

test('a reader that stops: the gateway stops reading Telegram, and all comes once it reads again', async (t) => {
  const other = await Gateway.start(['--sandbox']);
  t.after(() => other.close());
  const socket = await RawWebSocket.open(other.port);
  t.after(() => socket.close());
  await socket.request({ id: 1, signin: { phone: '9996620001' } });
  await socket.request({ id: 2, signin: { code: '22222' } });
  for (let id = 100; id < 150; id++) {
    const message = randomBytes(3000).toString('base64');
    await socket.request({ id, message: { _cons: 'messages.sendMessage', peer: 'me', message } });
  }
  const received = async () => (await metrics(other.port)).get('streamjson_telegram_received_bytes_total');
  const one = await received();
  await socket.request({ id: 200, message: { _cons: 'messages.getHistory', peer: 'me', limit: 50 } });
  const size = await received() - one;
  socket.wire.socket.pause();
  const wanted = 300;
  for (let id = 1000; id < 1000 + wanted; id++) {
    socket.send({ id, timeout: 300, message: { _cons: 'messages.getHistory', peer: 'me', limit: 50 } });
  }
  let last = -1, still = 0;
  await eventually(async () => {
    const now = await received();
    still = now === last && now > one + size * 2 ? still + 1 : 0;
    last = now;
    return still > 30;
  }, 'reading stops', 25_000 * patience);
  assert.ok(last - one < size * wanted * 0.8, `${last - one} of ${size * wanted} bytes were read all the same`);
  socket.wire.socket.resume();
  const ids = new Set();
  while (ids.size < wanted) {
    const reply = await socket.next();
    if (reply.id >= 1000) {
      assert.equal(reply.message.messages.length, 50);
      ids.add(reply.id);
    }
  }
});

test('at SIGTERM what is in flight is answered, then the close says why', async (t) => {
  const relay = new Relay();
  const { gateway: other } = await apart(t, relay);
  const busy = await RawWebSocket.open(other.port);
  const idle = await RawWebSocket.open(other.port);
  await busy.request({ id: 1, message: nearest });
  relay.hold();
  busy.send({ id: 2, message: nearest });
  await eventually(async () => (await metrics(other.port)).get('streamjson_requests_in_flight') === 1, 'in flight');
  const stopped = other.stop('SIGTERM');
  const { code, reason } = await idle.closed();
  assert.equal(code, 1001);
  assert.match(reason, /stopping/);
  relay.release();
  assert.equal((await busy.next()).message._cons, 'nearestDc');
  assert.equal((await busy.closed()).code, 1001);
  assert.equal((await stopped).status, 0);
});

// --- the whole of it ---

test('client.js over ws signs in, writes to the bot and hears its answer', async (t) => {
  const tg = await connect(`ws://localhost:${gateway.port}`, { WebSocket: NpmWebSocket });
  t.after(() => tg.close());
  const heard = (async () => {
    for await (const update of tg.updates()) {
      const found = update.updates?.find((one) => one.message?.message === 'by WebSocket' && !one.message.out);
      if (found) return found;
    }
    return undefined;
  })();
  const user = await tg.signIn({ phone: '9996620001', code: '22222' });
  assert.equal(user.first_name, 'Ada');
  await tg.call('messages.sendMessage', { peer: '@echobot', message: 'by WebSocket' });
  assert.ok(await heard);
});
