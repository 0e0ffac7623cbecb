// The client's types, and those that the gateway makes of the layer, as TypeScript's strictest reads
// them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folder, Gateway, run, top } from './support/gateway.mjs';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

let gateway, types;
before(async () => {
  gateway = await Gateway.start();
  types = await (await fetch(`http://127.0.0.1:${gateway.port}/types.d.ts`)).text();
});
after(() => gateway.close());

async function compile(t, text) {
  const at = folder(t);
  fs.copyFileSync(`${top}/web/client.d.ts`, path.join(at, 'client.d.ts'));
  fs.writeFileSync(path.join(at, 'types.d.ts'), types);
  fs.writeFileSync(path.join(at, 'use.ts'), text);
  const args = ['--strict', '--noEmit', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext'];
  fs.writeFileSync(path.join(at, 'package.json'), '{"type":"module"}');
  return (await run(process.execPath, [tsc, ...args, 'use.ts'], { cwd: at })).stdout;
}

const head = "import { connect } from './client.js';\n";

test('updates are walked without the types of a layer', async (t) => {
  const said = await compile(
    t,
    `${head}const tg = await connect();
    for await (const update of tg.updates({ signal: AbortSignal.timeout(1000) }))
      if (update._cons === 'updates') for (const one of update.updates) console.log(one._cons);
      else if (update._cons === 'updateShort') console.log(update.update._cons, update.date);
    tg.on('update', (update) => {
      if (update._cons === 'updatesCombined') for (const one of update.users) console.log(one._cons);
    });
    const ada = await connect({ account: 'ada', on: { gone: ({ oldest }) => console.log(oldest.toFixed()) } });
    console.log(ada.account?.name.length, ada.account?.update_seq.toFixed());
    for await (const { update_seq, message } of ada.updates({ after: 5 }))
      if (message._cons === 'updateShort') console.log(update_seq.toFixed(), message.update._cons);
    const { users } = await tg.call('messages.getDialogs', { offset_peer: { _cons: 'inputPeerEmpty' } });
    console.log(users[0].id);`,
  );
  assert.equal(said, '');
});

test("with a layer's types each update, parameter and answer has its own", async (t) => {
  const withTypes = `${head}import type { Methods } from './types.js';
    const tg = await connect<Methods>();\n`;
  const right = `${withTypes}
    for await (const update of tg.updates())
      if (update._cons === 'updates')
        for (const one of update.updates)
          if (one._cons === 'updateNewMessage' && one.message._cons === 'message')
            console.log(one.message.message.length);
    const sent = await tg.call('messages.sendMessage', { peer: 'me', message: 'hi' });
    console.log(sent._cons);`;
  assert.equal(await compile(t, right), '');
  const wrong = await compile(
    t,
    `${withTypes}
    await tg.call('messages.sendMessage', { peer: 'me', message: 5 });
    await tg.call('messages.sendNothing', {});
    for await (const update of tg.updates()) if (update._cons === 'updates') console.log(update.nothing);
    for await (const update of tg.updates({ after: 5 })) console.log(update._cons);
    await connect<Methods>({ account: { updates_after: 5 } });`,
  );
  for (const line of [5, 6, 7, 8, 9]) assert.match(wrong, new RegExp(`use\\.ts\\(${line},`));
});
