// Resident memory of a process, and the most that it was since it began to be watched. The kernel's
// own high-water mark tells exactly, where it rose; what was before it is told by looking often.
import fs from 'node:fs';

const KiB = 1024;
const look = (pid, name) => KiB *
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

export const resident = (pid) => look(pid, 'VmRSS');

// What it has worked so far, in ticks of 10 ms: utime and stime, proc_pid_stat(5).
export function worked(pid) {
  try {
    const [user, system] = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ').slice(11, 13);
    return Number(user) + Number(system);
  } catch {
    return 0; // it ended
  }
}

export class Watch {
  constructor(pid) {
    this.pid = pid;
    this.start = resident(pid);
    this.most = this.start;
    this.highBefore = look(pid, 'VmHWM');
    this.timer = setInterval(() => this.see(), 20);
  }

  // The most so far; what it was at its end, of a process that is gone.
  see() {
    try {
      const high = look(this.pid, 'VmHWM');
      this.most = Math.max(this.most, resident(this.pid) || 0, high > this.highBefore ? high : 0);
    } catch {
      // It ended.
    }
    return this.most;
  }

  stop() {
    clearInterval(this.timer);
    return this.see();
  }
}
