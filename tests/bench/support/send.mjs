// Sends long inputs by each way in and waits until the gateway is through with them.
import fs from 'node:fs';
import net from 'node:net';
import { pause } from '../../e2e/support/gateway.mjs';
import { upgrade } from '../../e2e/support/raw_websocket.mjs';

const end = '{"id":"the end","options":{}}';
const endFrame = Buffer.concat([Buffer.from([0x81, 0x80 | end.length, 0, 0, 0, 0]), Buffer.from(end)]);
const post = (fields) => `POST /json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${fields}\r\n\r\n`;

const ways = {
  // The first line may not be the bad one: that would be the last.
  lines: (bytes) => ['{"id":"begin","options":{}}\n', bytes, `\n${end}\n`],
  post: (bytes) => [post(`Content-Length: ${bytes.length}`), bytes],
  chunked: (bytes) => [post('Transfer-Encoding: chunked'), bytes],
  raw: (bytes) => [bytes],
  frames: (bytes) => [upgrade(), bytes, endFrame],
};

// Until its last word, or the end of the connection where that is it; or until `enough` is settled.
export async function send(port, way, bytes, before = '', enough = new Promise(() => {})) {
  const socket = net.connect({ port, host: '127.0.0.1' });
  const mark = Buffer.from('"id":"the end"');
  let tail = Buffer.alloc(0);
  const over = new Promise((resolve) => {
    socket.on('error', () => {}).on('close', resolve).on('data', (chunk) => {
      const seen = Buffer.concat([tail, chunk]);
      if (seen.includes(mark)) resolve();
      tail = Buffer.from(seen.subarray(Math.max(0, seen.length - mark.length)));
    });
  });
  if (before) socket.write(before);
  for (const part of ways[way](bytes)) socket.write(part);
  await Promise.race([over, enough]);
  return socket;
}

// CPU time of all its threads, in milliseconds.
export function cpu(pid) {
  let ns = 0;
  for (const task of fs.readdirSync(`/proc/${pid}/task`)) {
    try {
      ns += Number(fs.readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // A thread that ended.
    }
  }
  return ns / 1e6;
}

// CPU time of a gateway for one input, until it rests.
export async function cost({ pid, port }, way, bytes, before) {
  const begun = cpu(pid);
  const socket = await send(port, way, bytes, before);
  let now = cpu(pid);
  for (let last = -1; now - last > 0.5; await pause(30)) [last, now] = [now, cpu(pid)];
  socket.destroy();
  await pause(20);
  for (let last = -1; now - last > 0.5; await pause(30)) [last, now] = [now, cpu(pid)];
  return now - begun;
}
