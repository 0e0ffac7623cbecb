// What a table was measured with.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';

const first = (command, ...args) => {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).split('\n')[0];
  } catch {
    return `no ${command}`;
  }
};

const boost = () => /BOOST_LIB_VERSION "(.*)"/.exec(fs.readFileSync('/usr/include/boost/version.hpp', 'utf8'))?.[1].replace('_', '.');

export function about(quick) {
  const cpus = os.cpus();
  return `${quick ? 'Short runs. ' : ''}${cpus.length} × ${cpus[0].model.trim()}, Linux ${os.release()}, ` +
    `${first('g++', '--version')}, Boost ${boost()}, ` +
    `${first('openssl', 'version').replace(/ \(.*/, '')}, Node ${process.versions.node}.`;
}
