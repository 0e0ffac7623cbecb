// Which cores are used by what a row starts.
import { execFileSync } from 'node:child_process';

const taskset = (...args) => execFileSync('taskset', ['-pc', ...args, `${process.pid}`], { encoding: 'utf8' });

// Has all that `body` starts share one core. With one request in flight only one process works at a
// time; on several cores most of a round trip is the waking of the core that sleeps, which takes
// tens of microseconds in a virtual machine.
async function onOneCore(body) {
  const [cores, last] = /list: ([\d,-]*?(\d+))\s*$/.exec(taskset()).slice(1);
  taskset(last);
  try {
    return await body();
  } finally {
    taskset(cores);
  }
}

// Two rows of a table; `measure` is told where.
export const onOneCoreAndOnAll = async (measure) => [
  await onOneCore(() => measure('all processes on one core')),
  await measure('on all cores'),
];
