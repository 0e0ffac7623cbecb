// The netcats of Debian 12, and how each sends a line, prints the answer and ends. README.md's table says the same.
import { run } from '../e2e/support/gateway.mjs';

export const line = '{"message":{"_cons":"help.getNearestDc"}}';

// `args`: behind which HOST and PORT come, or what is made of them.
export const netcats = [
  { name: 'OpenBSD', package: 'netcat-openbsd', command: 'nc.openbsd', shown: 'nc -N', args: ['-N'] },
  { name: 'traditional', package: 'netcat-traditional', command: 'nc.traditional', shown: 'nc -q 2', args: ['-q', '2'] },
  { name: 'Nmap', package: 'ncat', command: 'ncat', shown: 'ncat', args: [] },
  { name: 'BusyBox', package: 'busybox', command: 'busybox', shown: 'busybox nc', args: ['nc'] },
  { name: 'socat', package: 'socat', command: 'socat', shown: 'socat -t 10 -', args: ['-t', '10', '-'],
    place: (host, port) => [`TCP:${host}:${port}`] },
  { name: 'curl', package: 'curl', command: 'curl', shown: 'curl', args: ['-s'], stdin: false,
    place: (host, port) => [`${host}:${port}/json`, '-d', line] },
];

// What it printed, and whether it ended by itself within `ms`.
export async function ask({ command, args, place, stdin }, host, port, ms) {
  const where = place ? place(host, port) : [host, `${port}`];
  const { stdout, stderr, status, signal } = await run(command, [...args, ...where],
    { input: stdin === false ? '' : `${line}\n`, ms });
  return { answered: /"nearestDc"/.test(stdout), ended: signal === null, status, stderr };
}
