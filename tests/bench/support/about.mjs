// What a table was measured with.
import { execFileSync } from 'node:child_process';
import os from 'node:os';

const first = (command, ...args) => {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).split('\n')[0];
  } catch {
    return `no ${command}`;
  }
};

export function about(quick) {
  const cpus = os.cpus();
  return `${quick ? 'Short runs. ' : ''}${cpus.length} × ${cpus[0].model.trim()}, Linux ${os.release()}, ` +
    `${first('g++', '--version')}, ${first('openssl', 'version')}, Node ${process.versions.node}.`;
}
