// The table of WebSocket clients: by which addresses each comes in, and whether it stops where web_sockets.mjs says.
//   node tests/languages/web_sockets_table.mjs [NAME…]     # those in whose names this is
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Gateway, folder, run } from '../e2e/support/gateway.mjs';
import { clients } from './web_sockets.mjs';

const programs = fileURLToPath(new URL('web_sockets/', import.meta.url));
const wanted = process.argv.slice(2);
const hosts = ['localhost', '127.0.0.1', '[::1]'];
const most = 16 * 1024 * 1024 - 1024;  // that goes in
const gateway = await Gateway.start();
const made = folder();
let wrong = 0;

console.log(`| client | ${hosts.join(' | ')} | stops above | lifted by |\n|${' --- |'.repeat(hosts.length + 3)}`);
for (const client of clients.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)))) {
  const reasons = [];
  const cells = [];
  try {
    const command = await prepare(client);
    for (const host of hosts) cells.push(await comesIn(command, host, client.fails?.includes(host), reasons));
    const { limit } = client;
    const bound = Math.min(limit ?? most, most);
    // The reply's own members take some hundred bytes beside what is asked for.
    await gets(command, bound - 2048, [], true, reasons);
    if (limit && limit < most) {
      await gets(command, limit + 64, [], false, reasons);
      await gets(command, most, ['lift'], true, reasons);
    }
    cells.push(limit ? size(limit) : '–', client.lift ?? '');
  } catch (error) {
    reasons.push(error.message.slice(0, 400));
  }
  wrong += reasons.length > 0 ? 1 : 0;
  console.log(`| ${[client.name, ...cells].join(' | ')} |`);
  for (const reason of reasons) console.log(`    ${reason}`);
}
fs.rmSync(made, { recursive: true });
await gateway.close();
if (wrong > 0) console.log(`${wrong} of them do otherwise than is said here`);
process.exitCode = wrong > 0 ? 1 : 0;

async function prepare({ name, run: command, build, npm }) {
  const to = path.join(made, name.replace(/\W/g, '_'));
  if (npm) await must('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', made, npm]);
  if (!build) return command;
  const [compiler, ...args] = build(to);
  await must(compiler, args);
  return [to];
}

async function must(program, args) {
  const { status, stderr } = await run(program, args, { cwd: programs, ms: 300_000,
    env: { GOCACHE: made, GO111MODULE: 'off', GOPATH: '/usr/share/gocode' } });
  if (status !== 0) throw new Error(stderr);
}

// How many bytes it got, or what it said.
async function ask([program, ...args], host, bytes, more = [], ms = 120_000) {
  const url = `ws://${host}:${gateway.port}/ws`;
  const { stdout, stderr } = await run(program, [...args, url, `${bytes}`, ...more], { cwd: programs, ms,
    env: { NODE_FOLDER: made, ORIGIN: `http://${host}/` } });
  const got = Number(/^\d+$/m.exec(stdout)?.[0] ?? 0);
  return { got, said: (stderr + stdout).trim().split('\n').filter(Boolean).at(-1) ?? '' };
}

async function comesIn(command, host, fails, reasons) {
  const { got, said } = await ask(command, host, 10);
  if ((got === 0) !== Boolean(fails)) reasons.push(`${host}: ${said.slice(0, 200)}`);
  return got > 0 ? '✓' : '✗';
}

async function gets(command, bytes, more, due, reasons) {
  const { got, said } = await ask(command, '127.0.0.1', bytes, more);
  if ((got > bytes) !== due) reasons.push(`${bytes} bytes ${more}: ${got > bytes ? 'came' : `did not come: ${said.slice(0, 200)}`}`);
}

function size(bytes) {
  return bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MiB` : `${bytes / 1024} KiB`;
}
