// What the host of a virtual machine took of its time, as the machine's kernel counts it.
import fs from 'node:fs';

// In ticks: user, nice, system, idle, iowait, irq, softirq, steal. proc_stat(5)
const ticks = () => fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).slice(1, 9).map(Number);
const sum = (values) => values.reduce((a, b) => a + b, 0);

export class Stolen {
  #before = ticks();

  // Of the time of all cores since it was made.
  share() {
    const passed = ticks().map((value, i) => value - this.#before[i]);
    return sum(passed) && passed.at(-1) / sum(passed);
  }
}
