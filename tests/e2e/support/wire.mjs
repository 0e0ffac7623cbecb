// HTTP by hand: requests are the bytes that a test wants, responses are taken apart by the book.
import net from 'node:net';
import tls from 'node:tls';
import { patience } from './gateway.mjs';
import { parse } from './json.mjs';

export class Wire {
  // `where` is a port, or options of net.connect; with `secure`, of tls.connect.
  static connect(where, { secure } = {}) {
    const address = typeof where === 'object' ? where : { port: where, host: '127.0.0.1' };
    return new Promise((resolve, reject) => {
      const socket = secure
        ? tls.connect({ ...address, servername: 'localhost', ...secure, allowHalfOpen: true })
        : net.connect({ ...address, allowHalfOpen: true });
      socket.once('error', reject);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        socket.off('error', reject);
        resolve(new Wire(socket));
      });
    });
  }

  constructor(socket) {
    this.socket = socket;
    this.bytes = Buffer.alloc(0); // came, and nobody took them yet
    this.over = false;
    this.waiting = new Set();
    const look = () => [...this.waiting].forEach((one) => one());
    socket.on('data', (data) => {
      this.bytes = this.bytes.length ? Buffer.concat([this.bytes, data]) : data;
      look();
    });
    this.ended = new Promise((resolve) => {
      const end = () => {
        this.over = true;
        look();
        resolve();
      };
      socket.on('end', end);
      socket.on('close', end);
      socket.on('error', () => {});
    });
  }

  send(bytes) {
    this.socket.write(bytes);
    return this;
  }

  // What `find(bytes)` makes of the bytes so far, as soon as it makes something of them.
  when(find, what, ms = 15_000 * patience) {
    return new Promise((resolve, reject) => {
      const finish = (how, value) => {
        clearTimeout(timer);
        this.waiting.delete(look);
        how(value);
      };
      const fail = (why) => finish(reject,
        new Error(`no ${what}: ${why}; came: ${JSON.stringify(this.bytes.toString('latin1').slice(0, 500))}`));
      const look = () => {
        const found = find(this.bytes);
        if (found !== undefined) finish(resolve, found);
        else if (this.over) fail('the connection ended');
      };
      const timer = setTimeout(() => fail(`not in ${ms} ms`), ms);
      this.waiting.add(look);
      look();
    });
  }

  async take(size, what = 'bytes') {
    await this.when((bytes) => (bytes.length >= size ? true : undefined), what);
    const taken = this.bytes.subarray(0, size);
    this.bytes = this.bytes.subarray(size);
    return taken;
  }

  async until(end, what) {
    const at = await this.when((bytes) => (bytes.indexOf(end) < 0 ? undefined : bytes.indexOf(end)), what);
    return (await this.take(at + end.length)).subarray(0, at).toString('latin1');
  }

  // { version, status, reason, headers, all }, names in lower case; `all` holds each as it came.
  async head() {
    const [first, ...lines] = (await this.until('\r\n\r\n', 'head of a response')).split('\r\n');
    const [, version, status, reason] = /^HTTP\/(1\.[01]) (\d{3}) (.*)$/.exec(first) ?? [];
    if (!version) throw new Error(`no status line: ${first}`);
    const all = lines.map((line) => /^([!#$%&'*+.^_`|~\w-]+): (.*)$/.exec(line)?.slice(1));
    if (all.includes(undefined)) throw new Error(`no headers: ${lines.join('|')}`);
    const headers = {};
    for (const [name, value] of all) {
      const key = name.toLowerCase();
      headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
    }
    return { version, status: Number(status), reason, headers, all };
  }

  // One chunk of a chunked body as text, '' where it was the last.
  async chunk() {
    const size = parseInt(await this.until('\r\n', 'size of a chunk'), 16);
    const text = (await this.take(size + 2, 'chunk')).subarray(0, size).toString();
    return text;
  }

  async response({ head = false } = {}) {
    const response = await this.head();
    const { headers, status } = response;
    response.text = '';
    if (head || status < 200 || status === 204 || status === 304) return response;
    if (headers['transfer-encoding'] === 'chunked') {
      for (let part; (part = await this.chunk());) response.text += part;
    } else if ('content-length' in headers) {
      response.text = (await this.take(Number(headers['content-length']), 'body')).toString();
    } else {
      await this.ended;
      response.text = this.bytes.toString();
    }
    return response;
  }

  // All that came until the other side closed.
  async rest(ms = 20_000 * patience) {
    await this.when((bytes) => (this.over ? bytes : undefined), 'end of the connection', ms);
    return this.bytes.toString();
  }

  close() {
    this.socket.destroy();
  }
}

// The text of a request, with Host and Content-Length where they are not given.
export function request(target, { method, headers = {}, body } = {}) {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const lines = [`${method ?? (body === undefined ? 'GET' : 'POST')} ${target} HTTP/1.1`];
  if (!names.includes('host')) lines.push('Host: localhost');
  for (const [name, value] of Object.entries(headers)) {
    for (const one of [value].flat()) if (one !== undefined) lines.push(`${name}: ${one}`);
  }
  if (body !== undefined && !names.includes('content-length') && !names.includes('transfer-encoding')) {
    lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  }
  const head = `${lines.join('\r\n')}\r\n\r\n`;
  return Buffer.isBuffer(body) ? Buffer.concat([Buffer.from(head), body]) : `${head}${body ?? ''}`;
}

// One request on a connection of its own.
export async function fetchRaw(where, target, options = {}) {
  const wire = await Wire.connect(where, options);
  try {
    wire.send(request(target, options));
    return await wire.response({ head: options.method === 'HEAD' });
  } finally {
    wire.close();
  }
}

export const objects = (text) => text.split('\n').filter(Boolean).map(parse);

// POST /json: { status, headers, text, replies }
export async function post(where, body, { query = '', headers = {}, ...more } = {}) {
  const response = await fetchRaw(where, `/json${query}`, { body, headers, ...more });
  return { ...response, replies: objects(response.text) };
}

// GET /metrics as a Map from name{labels} to number; what is no Prometheus text is an error.
export async function metrics(where, options) {
  const { status, text } = await fetchRaw(where, '/metrics', options);
  if (status !== 200) throw new Error(`/metrics answered ${status}`);
  return parseMetrics(text);
}

export function parseMetrics(text) {
  const values = new Map();
  const types = new Map();
  const helped = new Set();
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-zA-Z_:][\w:]*) (.+)$/.exec(line);
    const type = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram|summary|untyped)$/.exec(line);
    const sample = /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)+\})? (-?[\d.]+(?:e[+-]?\d+)?|NaN|[+-]Inf)$/i.exec(line);
    if (help) {
      helped.add(help[1]);
    } else if (type) {
      if (types.has(type[1])) throw new Error(`a second TYPE: ${line}`);
      types.set(type[1], type[2]);
    } else if (sample) {
      const [, name, labels = '', value] = sample;
      const family = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
      if (!types.has(family) || !helped.has(family)) throw new Error(`a sample without TYPE and HELP: ${line}`);
      if (values.has(name + labels)) throw new Error(`a sample twice: ${line}`);
      values.set(name + labels, Number(value));
    } else {
      throw new Error(`no Prometheus text: ${line}`);
    }
  }
  values.types = types;
  return values;
}

// Awaits what a condition waits for, such as a number in /metrics or a line in a log.
export async function eventually(look, what, ms = 15_000 * patience) {
  const until = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > until) throw new Error(`${what}: not in ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
