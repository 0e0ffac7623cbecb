// Each recipe of the console, carried out in a sandbox: by the console's own runner, and as what can
// be copied of it, run by the program that it is for.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { folder, Gateway, run as runProgram, top } from './support/gateway.mjs';
import { connect, stringify } from '../../web/client.js';
import { languages, program } from '../../web/recipes/code.js';
import { recipes } from '../../web/recipes/list.js';
import { filled, Missing, run, startingValues } from '../../web/recipes/run.js';

// A head that says 64 × 48, and more than one part of whatever.
const jpeg = Buffer.concat([
  Buffer.from('ffd8ffc0001108003000400301220002110103110100ffda', 'hex'),
  randomBytes(700_000),
]);

let gateway, tg, session;
before(async () => {
  gateway = await Gateway.start();
  tg = await connect(`tcp://127.0.0.1:${gateway.port}`);
  await tg.signIn({ phone: '9996620001', code: '22222' });
  session = await tg.session();
});
after(async () => {
  tg.close();
  await gateway.close();
});

const upload = async (name) => {
  assert.equal(name, 'photo.jpg');
  const id = randomBytes(8).readBigInt64LE();
  const parts = Math.ceil(jpeg.length / 524288);
  for (let part = 0; part < parts; part++)
    await tg.call('upload.saveFilePart', {
      file_id: id,
      file_part: part,
      bytes: jpeg.subarray(part * 524288, (part + 1) * 524288),
    });
  return { _cons: 'inputFile', id, parts, name, md5_checksum: '' };
};

for (const recipe of recipes)
  test(`${recipe.title}: runs in the sandbox as it is`, async () => {
    const steps = filled(recipe, startingValues(recipe, true));
    const done = [];
    const told = (number, { answer, done: over }) => over && (done[number] = answer);
    const saved = [];
    const does = {
      call: ({ _cons, ...params }) => tg.call(_cons, params),
      upload,
      save: (name, base64) => saved.push({ name, bytes: Buffer.from(base64, 'base64') }),
    };
    await run(steps, does, told);
    assert.equal(done.length, steps.length);
    if (recipe.id === 'download') assert.ok(saved[0].bytes.equals(jpeg), 'what was sent comes back');
  });

test('what an answer has not is said in words', async () => {
  const steps = filled(
    recipes.find(({ id }) => id === 'forward'),
    { from: 'me', to: 'me' },
  );
  await assert.rejects(
    run(steps, { call: async () => ({ messages: [] }) }),
    (error) => error instanceof Missing && /no message in this chat/.test(error.message),
  );
});

const commands = {
  nc: (file) => ['bash', ['-eu', file]],
  curl: (file) => ['bash', ['-eu', file]],
  js: (file) => [process.execPath, [file]],
  python: (file) => ['python3', [file]],
};

for (const language of Object.keys(languages))
  test(`every recipe runs as ${languages[language]}`, async (t) => {
    const cwd = folder(t);
    fs.writeFileSync(path.join(cwd, 'session.json'), stringify({ id: 1, session }) + '\n');
    fs.writeFileSync(path.join(cwd, 'photo.jpg'), jpeg);
    fs.writeFileSync(path.join(cwd, 'package.json'), '{"type":"module"}');
    fs.copyFileSync(`${top}/web/client.js`, path.join(cwd, 'client.js'));
    const where = {
      host: 'localhost',
      port: gateway.port,
      secure: false,
      origin: `http://localhost:${gateway.port}`,
    };
    for (const recipe of recipes) {
      const file = path.join(cwd, language === 'js' ? `${recipe.id}.js` : recipe.id);
      fs.writeFileSync(file, program(language, filled(recipe, startingValues(recipe, true)), where));
      const { status, stdout, stderr } = await runProgram(...commands[language](file), { cwd });
      assert.equal(status, 0, `${recipe.id}: ${stderr}\n${stdout}\n${fs.readFileSync(file)}`);
      assert.doesNotMatch(stdout, /rpc_error|"error"/, recipe.id);
    }
    assert.ok(fs.readFileSync(path.join(cwd, 'downloaded.jpg')).equals(jpeg));
  });
