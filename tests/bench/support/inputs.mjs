// What clients may send that is long: n pieces of one kind each. A gateway's work for each should be
// about n. Each gives the bytes of a line, of a POST's body or of frames; a way says how they are
// sent (support/send.mjs).
const times = (n, text) => text.repeat(n);
const each = (n, text) => Array.from({ length: n }, (_, i) => text(i)).join();

// Members of two names, all of one and then all of the other: whoever looks for a name anew for each
// of them looks past all others, from whichever end.
const again = (one, other) => (n) => `${times(n, `${one},`)}${times(n, `${other},`)}${other}`;
const within = (attribute, one, other) => (n) => `{"id":1,"${attribute}":{${again(one, other)(n)}}}`;
const extra = (begin, piece, end) => (n) => `{"options":{},"@extra":${begin}${times(n, piece)}${end}}`;
const message = (begin, piece, end) => (n) => `{"message":{${begin}${times(n, piece)}${end}}}`;
const wrapped = (count, text) => `${times(count, '{"_cons":"invokeWithoutUpdates","query":')}${text}${times(count, '}')}`;

// A frame masked by zeros.
const frame = (first, payload) => Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), Buffer.from(payload)]);

const lines = {
  'attributes given again and again': (n) => `{${again('"dc":2', '"id":1')(n)},"options":{}}`,
  'options given again and again': within('options', '"json":"classic"', '"max_message":9999'),
  'members of server given again and again': within('server', '"dc":2', '"transport":"abridged"'),
  'members of session given again and again': within('session', '"dc":2', '"last_seqno":1'),
  'members of signin given again and again': within('signin', '"phone":"1"', '"code":"2"'),
  'fields of a message given again and again': within('message', '"_cons":"ping"', '"ping_id":1'),
  'one field given again and again': message('"_cons":"ping"', ',"ping_id":1', ''),
  'unknown attributes': (n) => `{${each(n, (i) => `"a${i}":1`)}}`,
  'unknown options': (n) => `{"options":{${each(n, (i) => `"a${i}":1`)}}}`,
  'unknown fields, refused': (n) => `{"message":{"_cons":"help.getConfig",${each(n, (i) => `"a${i}":1`)}}}`,
  'unknown fields, ignored': (n) => `{"options":{"unknown":"ignore"},"message":{"_cons":"help.getConfig",${each(n, (i) => `"a${i}":1`)}}}`,
  'unknown fields in 10 wrappers, ignored': (n) => `{"options":{"unknown":"ignore"},"message":${wrapped(10, `{"_cons":"help.getConfig",${each(n, (i) => `"a${i}":1`)}}`)}}`,
  'a vector of objects': message('"_cons":"messages.getMessages","id":[', '{"_cons":"inputMessageID","id":1},', '{"_cons":"inputMessageID","id":1}]'),
  'a vector of longs': message('"_cons":"msgs_ack","msg_ids":[', '"12345678901234567",', '1]'),
  'a vector of strings': message('"_cons":"contacts.deleteByPhones","phones":[', '"+123",', '"4"]'),
  'a vector with the last element wrong': message('"_cons":"msgs_ack","msg_ids":[', '1,', '{}]'),
  'bytes': message('"_cons":"upload.saveFilePart","file_id":1,"file_part":0,"bytes":"', 'AAAA', '"'),
  'text with escapes': message('"_cons":"messages.sendMessage","peer":{"_cons":"inputPeerSelf"},"message":"', '\\u00e9\\n\\ud83d\\ude00', '"'),
  'numbers, given back': extra('[', '1,', '1]'),
  'long numbers, given back': extra('[', '-1.2345678901234567e-300,', '1]'),
  'a number of many digits': extra('', '12345678', ''),
  'empty objects, given back': extra('[', '{},[],', '1]'),
  'nests of 60, given back': extra('[', `${times(60, '[')}${times(60, ']')},`, '1]'),
  'members, given back': extra('{', '"a":1,', '"b":2}'),
  'text with escapes, given back': extra('"', '\\u00e9\\n\\"', '"'),
  'a long attribute name': (n) => `{"${times(n, 'a~/')}":1}`,
  'a long _cons': (n) => `{"message":{"_cons":"${times(n, 'get')}"}}`,
  'a long id': (n) => `{"id":"${times(n, 'id')}"}`,
  'white space in an object': (n) => `{"id":1,${times(n, ' \t')}"options":{}}`,
  'no JSON': (n) => `{"id":1${times(n, '[[]]')}`,
  'no UTF-8': (n) => Buffer.concat([Buffer.from('{"a":"'), Buffer.alloc(n, 0xc3), Buffer.from('"}')]),
};

// What is in flight already grows with the input, too: ids in `after` are looked for among it.
const inFlight = (n) => Array.from({ length: n }, (_, i) => `{"id":${i + 1},"message":{"_cons":"help.getConfig"}}\n`).join('');
const after = (ids) => `{"id":2,"message":{"_cons":"help.getConfig"},"after":[${ids}]}`;
const manyAfter = { way: 'lines', before: (times) => inFlight(225 * times) };

const others = {
  'one id in after, many times': { ...manyAfter, of: (n) => after(`${times(n, '1,')}1`) },
  'ids in after': { ...manyAfter, of: (n) => after(each(n, (i) => i + 1)) },
  'requests with 1,000 ids in after': { ...manyAfter, n: 30, of: (n) => times(n, `${after(each(1000, (i) => i + 1))}\n`) },
  'blank lines': { way: 'lines', of: (n) => times(n, '\r\n') },
  'small lines': { way: 'lines', of: (n) => times(n, '{"id":1,"options":{}}\n') },
  'lines that are no JSON': { way: 'lines', of: (n) => times(n, '{"id":x}\n') },
  'objects in a POST': { way: 'post', of: (n) => times(n, '{"id":1,"options":{}}') },
  'white space in a POST': { way: 'post', of: (n) => `{"options":{}}${times(n, ' \n')}` },
  'chunks of one byte': { way: 'chunked', of: (n) => `e\r\n{"options":{}}\r\n${times(n, '1\r\n \r\n')}0\r\n\r\n` },
  'chunks with long extensions': { way: 'chunked', of: (n) => `e\r\n{"options":{}}\r\n${times(n, `1;a=${'b'.repeat(60)}\r\n \r\n`)}0\r\n\r\n` },
  'requests with many headers': { way: 'raw', of: (n) => `${times(n, `GET /livez HTTP/1.1\r\nHost: localhost\r\n${times(300, 'X-A: b\r\n')}\r\n`)}GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n` },
  'fragments of one byte': { way: 'frames', of: (n) => Buffer.concat([frame(0x01, '{'), ...Array(n).fill(frame(0, ' ')), frame(0x80, '"options":{}}')]) },
  'small messages': { way: 'frames', of: (n) => Buffer.concat(Array(n).fill(frame(0x81, '{"id":1,"options":{}}'))) },
  pings: { way: 'frames', of: (n) => Buffer.concat(Array(n).fill(frame(0x89, 'x'))) },
};

// [{ name, way, of(n) → Buffer, before(times)?: what is sent in front, n?: where it can't be chosen }]
export const inputs = [
  ...Object.entries(lines).map(([name, of]) => ({ name, way: 'lines', line: true, of: (n) => Buffer.from(of(n)) })),
  ...Object.entries(others).map(([name, one]) => ({ ...one, name, of: (n) => Buffer.from(one.of(n)) })),
];

// How many pieces make so many bytes.
export function piecesFor(input, bytes) {
  const one = input.of(1000).length, two = input.of(2000).length;
  let n = Math.max(1, Math.floor((bytes - (2 * one - two)) / ((two - one) / 1000)));
  while (n > 1 && input.of(n).length > bytes) n = Math.floor(n * 0.97);
  return n;
}
