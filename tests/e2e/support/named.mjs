// Accounts that a gateway keeps, and who listens to them over HTTP.
import { once } from 'node:events';
import http from 'node:http';
import { Client } from './client.mjs';

// An account that is kept under that name.
export async function keep({ port }, account = 'ada', { phone = '9996620001', token } = {}) {
  const client = await Client.connect(port);
  try {
    await client.request({ ...(token && { token }), account, signin: { phone } });
    const { signin } = await client.request({ account, signin: { code: '22222' } });
    if (signin?.state !== 'done') throw new Error(`could not sign in to ${account}`);
  } finally {
    client.close();
  }
}

// A path below /api/v1: status and object. `body`: an object to be sent.
export async function api({ port }, target, { method, body, headers = {} } = {}) {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${target}`, {
    method: method ?? (body ? 'POST' : 'GET'), body: body && JSON.stringify(body), headers });
  return { status: response.status, headers: response.headers, ...(await response.json()) };
}
export const say = (gateway, message, account = 'ada') =>
  api(gateway, `/${account}/messages.sendMessage`, { body: { peer: 'me', message } });

// The texts of new messages in `message` of an update.
export const texts = ({ message }) => (message?.updates ?? [])
  .filter((u) => u._cons === 'updateNewMessage').map((u) => u.message.message);

// Who is called by a webhook: keeps what came, and answers as `answer(request, response, count)` does.
export async function receiver(t, answer = (request, response) => response.writeHead(204).end()) {
  const calls = [];
  const server = http.createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    calls.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
    answer(request, response, calls.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { calls, url: `http://127.0.0.1:${server.address().port}/hook` };
}

// What a stream of events brings. `EventSource`: whose.
export function follow(t, EventSource, url) {
  const out = { items: [], gone: [], away: [], events: [], opened: 0 };
  out.numbers = () => out.items.map(({ id }) => Number(id));
  out.texts = () => out.items.flatMap(texts);
  const source = new EventSource(url);
  t.after(() => source.close());
  source.addEventListener('update', ({ lastEventId: id, data }) => out.items.push({ id, ...JSON.parse(data) }));
  for (const name of ['gone', 'away']) source.addEventListener(name, ({ data }) => out[name].push(JSON.parse(data)));
  for (const name of ['connection', 'signin']) source.addEventListener(name, ({ data }) => out.events.push([name, JSON.parse(data)]));
  source.addEventListener('open', () => (out.opened += 1));
  return out;
}

// Until it is so.
export async function until(is, what, ms = 15_000) {
  for (const begun = Date.now(); ; ) {
    const value = await is();
    if (value) return value;
    if (Date.now() - begun > ms) throw new Error(`not in ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
