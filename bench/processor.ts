import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of one tick in /proc. Linux reports 100 ticks per second to programs (`getconf CLK_TCK`). */
const tick = 10;

/** Processor time (user and system) of all threads of a process so far, in milliseconds. */
export function processorOf(pid: number): number {
  const [user = 0, system = 0] = times(pid);
  return (user + system) * tick;
}

/** Processor time of a process, its live descendants and those that have ended, such as of PostgreSQL by its main process. */
export function processorOfFamily(pid: number): number {
  const own = times(pid).reduce((sum, ticks) => sum + ticks, 0) * tick;
  return childrenOf(pid).reduce((sum, child) => sum + processorOfFamily(child), own);
}

/** User and system time of the process and of its ended children, in ticks (proc(5), fields 14 to 17 of `stat`). */
function times(pid: number): readonly number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name of the program, which may contain any character.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).map(Number);
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    const listed = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
    return listed.split(' ').filter(Boolean).map(Number);
  });
}
