// The outsiders' packages, as they are installed here.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const packages = fileURLToPath(new URL('../node_modules', import.meta.url));

// "@mtcute/node" → "@mtcute/node 0.30.3"
export function withVersion(name, shown = name) {
  const { version } = JSON.parse(fs.readFileSync(path.join(packages, name, 'package.json'), 'utf8'));
  return `${shown} ${version}`;
}
