// A WebSocket client by hand (RFC 6455): frames as a test wants them, also those that are wrong.
import { createHash, randomBytes } from 'node:crypto';
import { parse, stringify } from './json.mjs';
import { Wire } from './wire.mjs';

export const op = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

export const acceptOf = (key) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

export function upgrade({ path = '/ws', headers = {}, key = randomBytes(16).toString('base64') } = {}) {
  const all = { Host: 'localhost', Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': key, ...headers };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

export function frame(code, payload = '', { fin = true, rsv = 0, mask = true } = {}) {
  const data = Buffer.from(payload);
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | code];
  const size = Buffer.alloc(data.length < 126 ? 0 : data.length < 65536 ? 2 : 8);
  if (size.length === 2) size.writeUInt16BE(data.length);
  if (size.length === 8) size.writeBigUInt64BE(BigInt(data.length));
  head.push((mask ? 0x80 : 0) | (size.length === 8 ? 127 : size.length === 2 ? 126 : data.length));
  if (!mask) return Buffer.concat([Buffer.from(head), size, data]);
  const key = randomBytes(4);
  const masked = data.map((byte, i) => byte ^ key[i & 3]);
  return Buffer.concat([Buffer.from(head), size, key, masked]);
}

export const closeFrame = (code, reason = '') =>
  frame(op.close, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));

export class RawWebSocket {
  static async open(where, options = {}) {
    const wire = await Wire.connect(where, options);
    const key = randomBytes(16).toString('base64');
    wire.send(upgrade({ key, ...options }));
    const response = await wire.head();
    if (response.status !== 101) {
      wire.close();
      throw new Error(`no WebSocket: ${response.status}`);
    }
    if (response.headers['sec-websocket-accept'] !== acceptOf(key)) throw new Error('a wrong accept');
    return new RawWebSocket(wire, response);
  }

  constructor(wire, response) {
    this.wire = wire;
    this.response = response;
    this.seen = []; // frames that passed by while another was waited for
  }

  send(what) {
    this.wire.send(frame(op.text, typeof what === 'string' ? what : stringify(what)));
  }

  raw(bytes) {
    this.wire.send(bytes);
  }

  // The next frame: { code, fin, rsv, payload }
  async frame() {
    const [first, second] = await this.wire.take(2, 'frame');
    if (second & 0x80) throw new Error('a masked frame of the server');
    let size = second & 127;
    if (size === 126) size = (await this.wire.take(2, 'length')).readUInt16BE();
    else if (size === 127) size = Number((await this.wire.take(8, 'length')).readBigUInt64BE());
    return { code: first & 15, fin: (first & 0x80) !== 0, rsv: (first >> 4) & 7,
      payload: await this.wire.take(size, 'payload') };
  }

  async next() {
    for (;;) {
      const { code, fin, payload } = await this.frame();
      if (code === op.text && fin) return parse(payload.toString());
      if (code === op.close) throw new Error(`closed: ${payload.toString('latin1')}`);
      this.seen.push({ code, payload });
    }
  }

  async reply(id) {
    for (;;) {
      const object = await this.next();
      if (object.id === id) return object;
    }
  }

  async request(object) {
    this.send(object);
    return this.reply(object.id);
  }

  // The close frame, whatever comes before it, and then the end: { code, reason }
  async closed() {
    for (;;) {
      const { code, payload } = await this.frame();
      if (code !== op.close) continue;
      if (payload.length === 0) return { code: 1005, reason: '' };
      return { code: payload.readUInt16BE(), reason: payload.subarray(2).toString() };
    }
  }

  close() {
    this.wire.close();
  }
}
