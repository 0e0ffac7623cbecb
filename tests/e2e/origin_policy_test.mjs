// The front door: addresses, what the first bytes decide, ends of lines and of connections.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, folder, patience, pause, run, signinCli, streamjson } from './support/gateway.mjs';

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.close());

const nearest = '{"id":2,"message":{"_cons":"help.getNearestDc"}}';

// Sends bytes, collects all that comes until the other side closes (or `ms` pass).
function talk(bytes, { host = '127.0.0.1', port = gateway.port, end = false, ms = 20_000 * patience } = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, allowHalfOpen: true });
    let got = '';
    const finish = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ got, closed });
    };
    const timer = setTimeout(() => finish(false), ms);
    socket.on('connect', () => (end ? socket.end(bytes) : socket.write(bytes)));
    socket.on('data', (data) => (got += data));
    socket.on('end', () => finish(true));
    socket.on('error', (error) => (error.code === 'ECONNREFUSED' ? reject(error) : finish(true)));
  });
}

test('127.0.0.1 and ::1 both listen', async () => {
  for (const host of ['127.0.0.1', '::1', 'localhost']) {
    const { got } = await talk(`${nearest}\n`, { host, end: true });
    assert.match(got, /"nearestDc"/, host);
  }
});

test('there is no greeting, and a connection may stay silent', async () => {
  const { got, closed } = await talk('', { ms: 12_000 });
  assert.equal(got, '');
  assert.equal(closed, false);
});

test('a half-closed pipe: all answers, a last line without its end counts, then closed', async () => {
  const { got, closed } = await talk(`{"id":1,"message":{"_cons":"help.getConfig"}}\n${nearest}`, { end: true });
  assert.ok(closed);
  assert.deepEqual(got.trim().split('\n').map((line) => JSON.parse(line).id).sort(), [1, 2]);
});

test('echo … | nc -N', async () => {
  const { stdout, status } = await run('nc', ['-N', 'localhost', `${gateway.port}`], { input: nearest });
  assert.equal(status, 0);
  assert.match(stdout, /^\{"id":2,"message":\{"_cons":"nearestDc",.*\}\}\n$/);
});

test('nothing sent, then closed: nothing comes', async () => {
  assert.deepEqual(await talk('', { end: true }), { got: '', closed: true });
});

test('empty lines, spaces and \\r\\n are fine', async () => {
  const { got } = await talk(`\n\r\n  \n  {"id":1,"options":{}}  \r\n\n\n${nearest}\r\n\n`, { end: true });
  const lines = got.trim().split('\n');
  assert.deepEqual(lines.map((line) => JSON.parse(line).id), [1, 2]);
});

test('a line in many small pieces', async () => {
  const client = await Client.connect(gateway.port);
  for (const byte of `${nearest}\n`) {
    client.send(byte);
    await pause(1);
  }
  assert.equal((await client.next((v) => v.id === 2)).message._cons, 'nearestDc');
  client.close();
});

test('later bad lines are not fatal', async () => {
  const { got } = await talk(`{"id":1,"options":{}}\nnonsense\n[]\n${nearest}\n`, { end: true });
  assert.deepEqual(got.trim().split('\n').map((line) => JSON.parse(line).id).sort(), [-2, -3, 1, 2].sort());
});

test('a first line that is no JSON object closes the connection after its error', async () => {
  for (const text of ['nonsense\n', '[1]\n', '"x"\n', '{"id":\n', '\x00\x01\x02\n', '{} {}\n']) {
    const { got, closed } = await talk(`${text}${nearest}\n`);
    assert.ok(closed, JSON.stringify(text));
    const lines = got.trim().split('\n');
    assert.equal(lines.length, 1, got);
    assert.equal(JSON.parse(lines[0]).error, 'JSONDecodeError');
  }
});

test('an HTTP request to no place of ours gets an error, and is never read as JSON lines', async () => {
  const body = '{"id":9,"signin":{"phone":"9996620001"}}\n';
  const answer = await new Promise((resolve, reject) => {
    const request = http.request({ port: gateway.port, host: '127.0.0.1', method: 'POST', path: '/x',
      headers: { 'content-type': 'text/plain', 'content-length': body.length } }, (response) => {
      let text = '';
      response.on('data', (data) => (text += data));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
  assert.equal(answer.status, 404);
  assert.equal(JSON.parse(answer.text).error, 'NotFound');
  assert.doesNotMatch(answer.text, /"id":/);
});

test('requests of any method, split or whole, run nothing of their bodies', async () => {
  for (const text of [`GET / HTTP/1.1\r\nHost: x\r\n\r\n${nearest}\n`, `POST / HTTP/1.1\r\n\r\n${nearest}\n`,
    `OPTIONS * HTTP/1.0\r\n\r\n${nearest}\n`, `A\n${nearest}\n`, `PUT /${nearest}\n${nearest}\n`]) {
    const { got } = await talk(text, { ms: 1500, end: true });
    assert.doesNotMatch(got, /nearestDc/, text);
    assert.ok(got === '' || /^HTTP\/1\.[01] (4\d\d|204) /.test(got), got.slice(0, 80));
  }
});

test('a TLS hello is closed unread, whatever its ticket holds', async () => {
  const ticket = Buffer.from(`\n${nearest}\n`);
  const hello = Buffer.concat([Buffer.from([0x16, 3, 1, 0, ticket.length + 4, 1, 0, 0, ticket.length]), ticket]);
  assert.deepEqual(await talk(hello), { got: '', closed: true });
});

test('once a byte came there are ten seconds to tell what it is', async () => {
  const begun = Date.now();
  const { closed } = await talk('  \n ');
  const took = Date.now() - begun;
  assert.ok(closed);
  assert.ok(took > 8000 && took < 14_000, `${took} ms`);
});

test('a taken port is an error that names it', async () => {
  const { status, stderr, stdout } = await run(streamjson, ['--port', `${gateway.port}`, '--sandbox', '--sandbox-port', '0']);
  assert.notEqual(status, 0);
  assert.match(stderr + stdout, new RegExp(`${gateway.port}`));
});

test('a taken sandbox port is an error that names it', async () => {
  const base = gateway.dcs[1] - 1;
  const { status, stderr, stdout } = await run(streamjson, ['--port', '0', '--sandbox', '--sandbox-port', `${base}`]);
  assert.notEqual(status, 0);
  assert.match(stderr + stdout, new RegExp(`${gateway.dcs[1]}`));
});

test('a Unix socket instead of TCP, mode 0600, and signin-cli through it', async (t) => {
  const file = path.join(folder(t), 'socket');
  const other = await Gateway.start(['--sandbox', '--listen', `unix:${file}`], { port: null });
  t.after(() => other.close());
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  assert.match(other.banner[1], new RegExp(`^unix:${file}$`));
  const client = await Client.connect({ path: file });
  assert.equal((await client.call({ _cons: 'help.getNearestDc' }))._cons, 'nearestDc');
  client.close();
  const { status, stdout } = await run(signinCli, ['--unix', file, '--phone', '9996620001'], { input: '22222\n' });
  assert.equal(status, 0);
  assert.match(stdout, /^\{"id": 1, "session": /);
});

test('on a socket file only known names are let in', async (t) => {
  const file = path.join(folder(t), 'socket');
  const other = await Gateway.start(['--sandbox', '--listen', `unix:${file}`, '--allow-host', 'tg.example'], { port: null });
  t.after(() => other.close());
  const curl = async (url) =>
    (await run('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--unix-socket', file, url])).stdout;
  for (const url of ['http://localhost/', 'http://127.0.0.1/', 'http://tg.example/', 'http://rebound.example/livez']) {
    assert.equal(await curl(url), '200', url);
  }
  assert.equal(await curl('http://rebound.example/'), '403');
  assert.match(other.errors, /--allow-host rebound\.example would allow it/);
});

test('a Unix socket beside TCP; it is gone after the end and a stale file does not matter', async (t) => {
  const file = path.join(folder(t), 'socket');
  for (let round = 0; round < 2; round++) {
    const other = await Gateway.start(['--sandbox', '--listen', `unix:${file}`]);
    for (const where of [{ path: file }, other.port]) {
      const client = await Client.connect(where);
      assert.equal((await client.call({ _cons: 'help.getNearestDc' }))._cons, 'nearestDc');
      client.close();
    }
    if (round === 0) {
      other.child.kill('SIGKILL'); // leaves the file
      await other.exited;
    } else {
      await other.close();
      assert.ok(!fs.existsSync(file));
    }
  }
});

test('many connections at once, opened and closed at every stage', async () => {
  const texts = ['', '{', `${nearest}`, `${nearest}\n`, `${nearest}\n{"id":3`, 'GET', '\x16\x03'];
  await Promise.all(Array.from({ length: 140 }, (_, i) => new Promise((resolve) => {
    const socket = net.connect(gateway.port, '127.0.0.1', () => {
      socket.write(texts[i % texts.length]);
      setTimeout(() => (i % 2 ? socket.destroy() : socket.resetAndDestroy()), (i * 7) % 50);
    });
    socket.on('error', () => {});
    socket.on('close', resolve);
  })));
  const { got } = await talk(`${nearest}\n`, { end: true });
  assert.match(got, /nearestDc/);
});
