// What others make of /openapi.json: the linters find no error in it, and the types that it is made
// into are right under TypeScript's strictest.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import SwaggerParser from '@apidevtools/swagger-parser';
import createClient from 'openapi-fetch';
import { Gateway, folder, run, top } from '../e2e/support/gateway.mjs';
import { keep } from '../e2e/support/named.mjs';

const modules = fileURLToPath(new URL('node_modules', import.meta.url));
const documents = { 'openapi.json': '', 'twin.json': '?version=3.0' };
let at;

before(async () => {
  at = folder();
  const gateway = await Gateway.start();
  for (const [name, query] of Object.entries(documents)) {
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/openapi.json${query}`);
    fs.writeFileSync(path.join(at, name), await answer.text());
  }
  await gateway.close();
  fs.symlinkSync(modules, path.join(at, 'node_modules'));
  fs.writeFileSync(path.join(at, 'package.json'), '{"type":"module"}');
});
after(() => fs.rmSync(at, { recursive: true, force: true }));

const tool = (name, ...args) =>
  run(process.execPath, [path.join(modules, name), ...args],
    { cwd: at, env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } });

// The examples are the same in both, and to check them takes most of the time.
const skipped = { 'openapi.json': [], 'twin.json': ['--skip-rule=no-invalid-media-type-examples'] };

for (const name of Object.keys(documents)) {
  test(`redocly finds no error in ${name}`, async () => {
    const { status, stdout, stderr } = await tool('@redocly/cli/bin/cli.js', 'lint', '--format=json',
      ...skipped[name], name);
    const { totals, problems } = JSON.parse(stdout.slice(stdout.indexOf('{')));
    assert.deepEqual([totals.errors, status], [0, 0], JSON.stringify(problems).slice(0, 2000) + stderr);
    const rules = new Set(problems.map((one) => one.ruleId));
    assert.deepEqual([...rules].sort(), ['info-license', 'no-unused-components']);
  });

  test(`swagger-parser takes ${name}`, async () => {
    const read = await SwaggerParser.validate(path.join(at, name), { dereference: { circular: 'ignore' } });
    assert.ok(read.paths['/api/v1/{account}/messages.sendMessage']);
  });
}

const compilerOptions = { strict: true, noEmit: true, target: 'es2022', module: 'nodenext', types: [],
  lib: ['es2023', 'dom', 'dom.iterable'] };
const use = `import createClient from 'openapi-fetch';
import type { components, paths } from './types.js';
const tg = createClient<paths>({ baseUrl: 'http://localhost:1543' });
const params = { path: { account: 'ada' } };
`;
const right = `${use}
const { data, error } = await tg.POST('/api/v1/{account}/messages.getHistory', {
  params, body: { peer: '@echobot', limit: 2 },
});
if (error) throw new Error(\`\${error.error_code} \${error.parameters?.retry_after}\`);
if (data.result._cons === 'messages.messagesSlice')
  for (const one of data.result.messages)
    if (one._cons === 'message') console.log(data.result.count.toFixed(), one.message.length, one.id);
const id: components['schemas']['Long'] = '1';
const sent = await tg.POST('/api/v1/{account}/messages.sendMedia', {
  params, body: { peer: { _cons: 'inputPeerUser', user_id: id, access_hash: '-5' }, message: 'hi', media: { _cons: 'inputMediaEmpty' } },
});
console.log(sent.data?.result._cons);
const me = await tg.GET('/api/v1/{account}/users.getUsers', { params: { ...params, query: { id: JSON.stringify(['me']) } } });
console.log(me.data?.result[0]?._cons);
`;
const wrong = `${use}
await tg.POST('/api/v1/{account}/messages.sendMessage', { params, body: { peer: 'me', message: 5 } });
await tg.POST('/api/v1/{account}/messages.sendMessage', { params, body: { message: 'to nobody' } });
await tg.POST('/api/v1/{account}/messages.sendNothing', { params });
await tg.GET('/api/v1/{account}/messages.sendMessage', { params });
const { data } = await tg.POST('/api/v1/{account}/messages.getDialogs', { params, body: { offset_peer: { _cons: 'inputPeerEmpty' } } });
if (data?.result._cons === 'messages.dialogsNotModified') console.log(data.result.messages);
`;

// What server/API.md shows, with the name that the types have here.
function shown() {
  const text = fs.readFileSync(path.join(top, 'server/API.md'), 'utf8');
  return /^```ts\n(import createClient[^]*?)^```$/m.exec(text)[1].replace('./telegram.js', './types.js');
}

test('openapi-typescript makes types by which an openapi-fetch client is checked', async () => {
  const made = await tool('openapi-typescript/bin/cli.js', 'openapi.json', '--output', 'types.d.ts');
  assert.equal(made.status, 0, made.stderr);
  const texts = { 'right.ts': right, 'shown.ts': shown(), 'wrong.ts': wrong };
  for (const [name, text] of Object.entries(texts)) fs.writeFileSync(path.join(at, name), text);
  fs.writeFileSync(path.join(at, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: Object.keys(texts) }));
  const said = (await tool('typescript/bin/tsc', '--project', '.')).stdout;
  const places = [...said.matchAll(/^(\S+\.ts)\((\d+),/gm)].map((found) => `${found[1]}:${found[2]}`);
  assert.deepEqual([...new Set(places)], [6, 7, 8, 9, 11].map((line) => `wrong.ts:${line}`), said);
});

test('openapi-fetch calls the gateway by these paths', async (t) => {
  const gateway = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:']);
  t.after(() => gateway.close());
  await keep(gateway);
  const tg = createClient({ baseUrl: `http://127.0.0.1:${gateway.port}` });
  const params = { path: { account: 'ada' } };
  const sent = await tg.POST('/api/v1/{account}/messages.sendMessage', { params, body: { peer: '@echobot', message: 'typed' } });
  assert.equal(sent.data?.ok, true, JSON.stringify(sent.error));
  const read = await tg.GET('/api/v1/{account}/messages.getHistory', { params: { ...params, query: { peer: '@echobot', limit: 5 } } });
  assert.ok(read.data.result.messages.some(({ message }) => message === 'typed'));
  const refused = await tg.POST('/api/v1/{account}/messages.sendMessage', { params, body: { peer: '@nobody_at_all', message: 'x' } });
  assert.deepEqual([refused.response.status, refused.error.description], [400, 'USERNAME_NOT_OCCUPIED']);
  const { data } = await tg.GET('/api/v1/{account}/updates', { params: { ...params, query: { after: 0, limit: 10, timeout: 10 } } });
  assert.ok(data.result.length > 0);
});
