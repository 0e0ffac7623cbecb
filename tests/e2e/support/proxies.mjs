// Proxies from Debian on loopback, each on a free port of its own.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { folder, pause } from './gateway.mjs';

export const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

const answers = (port) => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('connect', () => resolve(true));
  socket.on('error', () => resolve(false));
  socket.on('connect', () => socket.destroy());
});

async function started(t, program, args, port) {
  const child = spawn(program, args, { stdio: 'ignore' });
  const gone = new Promise((resolve) => child.on('error', resolve).on('exit', resolve));
  t.after(async () => {
    child.kill();
    await gone;
  });
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (await answers(port)) return port;
    await pause(50);
  }
  throw new Error(`${program} does not listen`);
}

export async function microsocks(t, { user, password } = {}) {
  const port = await freePort();
  const who = user ? ['-u', user, '-P', password] : [];
  return started(t, 'microsocks', ['-i', '127.0.0.1', '-p', `${port}`, ...who], port);
}

export async function tinyproxy(t, { user, password } = {}) {
  const port = await freePort();
  const file = path.join(folder(t), 'tinyproxy.conf');
  const lines = [`Port ${port}`, 'Listen 127.0.0.1', 'Allow 127.0.0.1', 'Timeout 60', 'LogLevel Critical'];
  if (user) lines.push(`BasicAuth ${user} ${password}`);
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
  return started(t, 'tinyproxy', ['-d', '-c', file], port);
}

// A proxy of the test's own: `talk` is given each connection.
export async function listener(t, talk) {
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    talk(socket);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server.address().port;
}
