/** A store with sequential commits. Writes that arrive during a commit share the next one. */
export interface CommitOrder {
  /** Fixed cost of a commit in milliseconds. */
  readonly fixed: number;
  /** Cost of each write in milliseconds. */
  readonly each: number;
  /** Limit of writes in a commit. */
  readonly maxWrites: number;
}

/** Result of a simulation. */
export interface SimulationResult {
  /** Share of the time spent committing. At 1 or more, the store can't keep up. */
  readonly load: number;
  /** Milliseconds from the arrival of a write to the end of its commit: median and 99th percentile. */
  readonly half: number;
  readonly p99: number;
  /** Mean wait before the start of the commit. */
  readonly meanBefore: number;
  /** Average number of writes per commit. */
  readonly group: number;
}

/** Derives the costs from two measurements of writes per second: with single writes, and with `crowd` concurrent ones. */
export function orderOf(alone: number, crowded: number, crowd: number, maxWrites: number): CommitOrder {
  const [one, all] = [1000 / alone, (1000 / crowded) * crowd];
  const each = Math.max(0, (all - one) / (crowd - 1));
  return { fixed: Math.max(0, one - each), each, maxWrites };
}

/** The maximum rate of writes per second, reached with full commits. */
export function ceilingOf({ fixed, each, maxWrites }: CommitOrder): number {
  return (1000 * maxWrites) / (fixed + each * maxWrites);
}

/** Simulates `count` writes that arrive at random (Poisson) at a rate of `perSecond`. */
export function simulate(order: CommitOrder, perSecond: number, count: number, random: () => number): SimulationResult {
  const took: number[] = [];
  let [at, free, busy, commits, before] = [0, 0, 0, 0, 0];
  let waiting: number[] = [];
  const commit = () => {
    const start = Math.max(free, waiting[0] ?? 0);
    const group = waiting.slice(0, order.maxWrites);
    waiting = waiting.slice(order.maxWrites);
    const time = order.fixed + order.each * group.length;
    free = start + time;
    busy += time;
    commits += 1;
    for (const arrival of group) {
      took.push(free - arrival);
      before += start - arrival;
    }
  };
  for (let n = 0; n < count; n += 1) {
    at += (-Math.log(1 - random()) / perSecond) * 1000;
    // Commits that start before this write arrives do not include it.
    while (waiting.length > 0 && Math.max(free, waiting[0] ?? 0) < at) commit();
    waiting.push(at);
  }
  while (waiting.length > 0) commit();
  took.sort((a, b) => a - b);
  const share = (part: number) => took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0;
  return { load: busy / at, half: share(0.5), p99: share(0.99), meanBefore: before / count, group: count / commits };
}
