/** A store in which all commits go one after the other, and what waits meanwhile goes into the next one together. */
export interface CommitOrder {
  /** Milliseconds of a commit, whatever is in it. */
  readonly fixed: number;
  /** Milliseconds that each write adds. */
  readonly each: number;
  /** The most that one commit takes. */
  readonly most: number;
}

/** How writes fared. */
export interface Fared {
  /** The share of the time in which something was being committed; 1 and more: what comes is never caught up with. */
  readonly load: number;
  /** Milliseconds from a write's coming to the end of its commit, half of them and 99 of 100. */
  readonly half: number;
  readonly p99: number;
  /** The mean wait before a commit began. */
  readonly meanBefore: number;
  /** Writes in a commit, on average. */
  readonly group: number;
}

/** The order of commits that was measured at two points: writes a second with nothing else under way, and in a crowd of `crowd` writes. */
export function orderOf(alone: number, crowded: number, crowd: number, most: number): CommitOrder {
  const [one, all] = [1000 / alone, (1000 / crowded) * crowd];
  const each = Math.max(0, (all - one) / (crowd - 1));
  return { fixed: Math.max(0, one - each), each, most };
}

/** The most writes a second that are kept up with: in commits as full as they may be. */
export function ceilingOf({ fixed, each, most }: CommitOrder): number {
  return (1000 * most) / (fixed + each * most);
}

/** Lets `count` writes come at random (Poisson), so many a second, and tells how they fared. */
export function fare(order: CommitOrder, perSecond: number, count: number, random: () => number): Fared {
  const took: number[] = [];
  let [at, free, busy, commits, before] = [0, 0, 0, 0, 0];
  let waiting: number[] = [];
  const commit = () => {
    const start = Math.max(free, waiting[0] ?? 0);
    const group = waiting.slice(0, order.most);
    waiting = waiting.slice(order.most);
    const time = order.fixed + order.each * group.length;
    free = start + time;
    busy += time;
    commits += 1;
    for (const came of group) {
      took.push(free - came);
      before += start - came;
    }
  };
  for (let n = 0; n < count; n += 1) {
    at += (-Math.log(1 - random()) / perSecond) * 1000;
    // Whatever can begin before this one comes does so without it.
    while (waiting.length > 0 && Math.max(free, waiting[0] ?? 0) < at) commit();
    waiting.push(at);
  }
  while (waiting.length > 0) commit();
  took.sort((a, b) => a - b);
  const share = (part: number) => took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0;
  return { load: busy / at, half: share(0.5), p99: share(0.99), meanBefore: before / count, group: count / commits };
}
