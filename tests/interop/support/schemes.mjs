// The layers that outsiders speak, as scheme files made from what their packages carry.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, top } from '../../e2e/support/gateway.mjs';
import { packages } from './packages.mjs';

const require = createRequire(import.meta.url);

// GramJS carries the text of its scheme: the same in every package of that layer.
const textOf = (name) => require(`${name}/tl/apiTl.js`);

function write(folder, layer, text) {
  const file = path.join(folder, `layer-${layer}.tl`);
  fs.writeFileSync(file, `// LAYER ${layer}\n${text}`);
  return file;
}

export const gramjsLayer = require('telegram/tl/AllTLObjects').LAYER;
export const gramjs = (folder) => write(folder, gramjsLayer, textOf('telegram'));

// @mtproto/core has its layer as code only; a GramJS of its time has it as text.
export const mtprotoCoreLayer = 158;
export const mtprotoCore = (folder) => write(folder, mtprotoCoreLayer, textOf('telegram-158'));

// mtcute carries it as JSON: in the newest within its core, before that as a package beside it.
function ofMtcute(within) {
  const from = path.join(packages, within);
  const layer = JSON.parse(fs.readFileSync(path.join(from, 'tl/api-schema.json'), 'utf8')).l;
  return { layer, write(folder) {
    const output = path.join(folder, `layer-${layer}`);
    execFileSync('node', [path.join(top, 'scheme/make_api_tl.mjs'), from, output]);
    return path.join(output, 'api.tl');
  } };
}
export const { layer: mtcuteLayer, write: mtcute } = ofMtcute('@mtcute/core');
export const { layer: mtcuteWebLayer, write: mtcuteWeb } = ofMtcute('@mtcute');

// Telethon has its layer as code, too, and no package has it as text; but its lines are in layers before
// and after, and the id of a line is its checksum.
const read = (file) => fs.readFileSync(file, 'utf8');
const aroundTelethon = {
  // 1.25 of Debian 12 and Ubuntu 24.04
  144: () => [textOf('telegram-143'), textOf('telegram-145')],
  // 1.40 of Debian 13
  201: () => [textOf('telegram'), read(path.join(top, 'tests/interop/support/between_198_and_204.tl')),
    read(path.join(build, 'scheme/layers/layer-204.tl'))],
};

// Also gives the ids that were found in none of them, save those of service messages.
export function telethon(folder) {
  const known = telethonKnows();
  const around = aroundTelethon[known.layer];
  if (!around) throw new Error(`Telethon speaks layer ${known.layer}: of ${Object.keys(aroundTelethon)} alone there is a text`);
  const wanted = new Set(known.ids);
  for (const { id } of lines(require('telegram-143/tl/schemaTl.js'))) wanted.delete(id);
  const sections = { types: [], functions: [] };
  for (const text of around()) {
    for (const { id, section, line } of lines(text)) {
      if (wanted.delete(id)) sections[section].push(line);
    }
  }
  const text = [...sections.types, '---functions---', ...sections.functions, ''].join('\n');
  return { file: write(folder, known.layer, text), layer: known.layer, missing: [...wanted] };
}

function telethonKnows() {
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', `
import json
from telethon.tl.alltlobjects import LAYER, tlobjects
print(json.dumps({'layer': LAYER, 'ids': list(tlobjects)}))`], { encoding: 'utf8' }));
}
export const telethonLayer = () => telethonKnows().layer;

function lines(text) {
  let section = 'types';
  return text.split('\n').flatMap((line) => {
    section = /^---(types|functions)---$/.exec(line)?.[1] ?? section;
    const id = /^[\w.]+#([0-9a-f]+) /.exec(line)?.[1];
    return id ? [{ id: Number.parseInt(id, 16), section, line }] : [];
  });
}
