#!/usr/bin/env node
// Makes an npm package of client.js in the folder where it is called: streamjson-client, and
// streamjson-client/layerN with the types of what build/streamjson has loaded, or another gateway.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const usage = `Usage: web/pack.mjs [URL]

Makes streamjson-client-VERSION.tgz here. URL: of the gateway whose layer's types it has, such as
http://localhost:1543; without one build/streamjson is started for it.
`;
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const given = process.argv.slice(2);
if (given.includes('--help') || given.length > 1) {
  process.stdout.write(usage);
  process.exit(given.includes('--help') ? 0 : 2);
}

// A gateway on a free port, until `use` is done with it.
async function own(use) {
  const program = path.join(here, '../build/streamjson');
  if (!fs.existsSync(program)) throw new Error('build/streamjson is not there: server/run builds it');
  const gateway = spawn(program, ['--sandbox', '--sandbox-port', '0', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '', errors = '';
  gateway.stderr.on('data', (piece) => (errors += piece));
  try {
    for await (const piece of gateway.stdout) {
      const port = /^streamjson \S+ on [^\n]*?:(\d+)[^\n]*\n/m.exec((said += piece))?.[1];
      if (port) return await use(`http://localhost:${port}`);
    }
    throw new Error(`build/streamjson did not start: ${errors}`);
  } finally {
    gateway.kill();
  }
}

async function typesOf(url) {
  const response = await fetch(new URL('/types.d.ts', url));
  if (!response.ok) throw new Error(`${url} answered ${response.status} to /types.d.ts`);
  return response.text();
}

try {
  const types = await (given[0] ? typesOf(given[0]) : own(typesOf));
  const layer = /^\/\/ Telegram's API, layer (\d+)/.exec(types)?.[1];
  if (!layer) throw new Error('these are no types of a layer');
  const stage = fs.mkdtempSync(path.join(os.tmpdir(), 'streamjson-client-'));
  const about = JSON.parse(fs.readFileSync(path.join(here, 'package.json'), 'utf8'));
  for (const name of [...about.files, 'README.md', '../LICENSE']) {
    fs.copyFileSync(path.join(here, name), path.join(stage, path.basename(name)));
  }
  fs.writeFileSync(path.join(stage, `layer${layer}.d.ts`), types);
  about.files.push(`layer${layer}.d.ts`);
  about.exports[`./layer${layer}`] = { types: `./layer${layer}.d.ts` };
  fs.writeFileSync(path.join(stage, 'package.json'), JSON.stringify(about, null, 2));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', process.cwd()], { cwd: stage, stdio: ['ignore', 'inherit', 'inherit'] });
  fs.rmSync(stage, { recursive: true });
} catch (error) {
  process.stderr.write(`web/pack.mjs: ${error.message}\n`);
  process.exitCode = 1;
}
