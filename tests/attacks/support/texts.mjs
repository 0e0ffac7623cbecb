// What attacks are made of: long texts that cost nothing to make, and WebSocket frames around them.
// Each is one buffer that is sent again and again.

export const MB = 1_000_000;
// A line that is nearly as long as the gateway takes them.
export const huge = 15 * MB;

const block = 60_000;
export const repeat = (text, size = block) => Buffer.from(text.repeat(Math.max(1, Math.floor(size / text.length))));
// How often `part` is to be sent for so many bytes.
export const times = (size, part) => Math.ceil(size / part.length);

// What a line may be in the middle of: each fills another container of whoever reads it.
export const shapes = [
  { begin: '{"message":{"a":[', part: repeat('1,') },
  { begin: '{"message":{"a":[', part: repeat('{},[],') },
  { begin: '{"message":{', part: repeat('"a":1,') },
  { begin: '{"message":{"a":"', part: repeat('x') },
  { begin: '{"message":{"a":"', part: repeat('\\u00e9\\n') },
  { begin: `{"message":${'[{"a":'.repeat(60)}[`, part: repeat('"ab",1.5e3,null,') },
];
export const shape = (i) => shapes[i % shapes.length];

export const nearest = '{"_cons":"help.getNearestDc"}';

// A frame of a client that masks by zeros, so that the same bytes can be sent again.
export function frame(code, payload, { fin = true, rsv1 = false } = {}) {
  const data = Buffer.from(payload);
  const head = [(fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | code];
  if (data.length < 126) head.push(0x80 | data.length);
  else if (data.length < 65536) head.push(0x80 | 126, data.length >> 8, data.length & 255);
  else head.push(0x80 | 127, 0, 0, 0, 0, (data.length >>> 24) & 255, (data.length >> 16) & 255, (data.length >> 8) & 255, data.length & 255);
  return Buffer.concat([Buffer.from(head), Buffer.alloc(4), data]);
}

// `data` cut into continuation frames of `size` bytes each.
export const fragments = (data, size) => Buffer.concat(Array.from({ length: Math.ceil(data.length / size) },
  (_, i) => frame(0, data.subarray(i * size, (i + 1) * size), { fin: false })));

export const head = (fields, target = '/json') =>
  `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${fields}\r\n\r\n`;
