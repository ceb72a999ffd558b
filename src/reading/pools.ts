import { type JobCounts, JobPool } from '../runtime/jobs/pool.ts';
import type { Logger } from '../runtime/log.ts';
import { spawnThread } from '../runtime/thread.ts';

/** Where what outsiders wrote is read: never on the main thread, and never by who writes the store. */
export interface ReadingPools {
  /** Searches texts. Visitors wait for it, so that nothing slow is done there. */
  readonly texts: JobPool;
  /** How the jobs of all pools ended. */
  readonly counts: JobCounts;
  stop(): Promise<void>;
}

/** Milliseconds: a text is searched within a few, whatever stands in it. */
const textDeadline = 200;
/** Texts that may wait, about a second's work; those beyond suggest nothing. */
const mostTexts = 2000;

/** Makes the pools; their threads start with the first job. */
export function openPools(log: Logger): ReadingPools {
  const texts = new JobPool({
    spawn: () => spawnThread(import.meta.url, './text-thread', { resourceLimits: { maxOldGenerationSizeMb: 64 } }),
    threads: 1,
    deadline: textDeadline,
    longestQueue: mostTexts,
    log,
  });
  const pools = [texts];
  return {
    texts,
    get counts() {
      return Object.assign({}, ...pools.map(({ counts }) => counts)) as JobCounts;
    },
    async stop() {
      await Promise.all(pools.map((pool) => pool.stop()));
    },
  };
}
