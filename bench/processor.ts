import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of one tick of /proc: every Linux counts a hundred a second for programs (`getconf CLK_TCK`). */
const tick = 10;

/** Processor time (user and system) that a process has used so far, all its threads together, in milliseconds. */
export function processorOf(pid: number): number {
  const [user = 0, system = 0] = times(pid);
  return (user + system) * tick;
}

/** The same of a process, its children that live and those it has seen end: a PostgreSQL by its first process. */
export function processorOfFamily(pid: number): number {
  const own = times(pid).reduce((sum, ticks) => sum + ticks, 0) * tick;
  return childrenOf(pid).reduce((sum, child) => sum + processorOf(child), own);
}

/** Own user and system time, and those of children that have ended, in ticks (proc(5), fields 14 to 17 of `stat`). */
function times(pid: number): readonly number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).map(Number);
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    const listed = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
    return listed.split(' ').filter(Boolean).map(Number);
  });
}
