import { type JobCounts, JobPool } from '../../runtime/jobs/pool.ts';
import type { Logger } from '../../runtime/log.ts';
import { spawnThread } from '../../runtime/thread.ts';

/** Where what outsiders wrote is read: never on the main thread, and never by who writes the store. */
export interface ReadingPools {
  /** Searches texts. Visitors wait for it, so that nothing slow is done there. */
  readonly texts: JobPool;
  /** Reads letters as they come, and makes them safe to show. */
  readonly letters: JobPool;
  /** How the jobs of all pools ended. */
  readonly counts: JobCounts;
  stop(): Promise<void>;
}

/** Milliseconds: a text is searched within a few, whatever stands in it. */
const textDeadline = 200;
/** Texts that may wait, about a second's work; those beyond suggest nothing. */
const mostTexts = 2000;

/** Milliseconds: the largest letters of people take some hundred. */
const letterDeadline = 5000;
/** Megabytes of objects that a letter of the largest size that is held whole may become. */
const letterMemory = 192;
/** One letter that takes long does not hold the others up. */
const letterThreads = 2;
const mostLetters = 10_000;

/** Makes the pools; their threads start with the first job. */
export function openPools(log: Logger): ReadingPools {
  const texts = new JobPool({
    spawn: () => spawnThread(import.meta.url, './text-thread', { resourceLimits: { maxOldGenerationSizeMb: 64 } }),
    threads: 1,
    deadline: textDeadline,
    maxQueue: mostTexts,
    log,
  });
  const letters = new JobPool({
    spawn: () =>
      spawnThread(import.meta.url, './letter-thread', { resourceLimits: { maxOldGenerationSizeMb: letterMemory } }),
    threads: letterThreads,
    deadline: letterDeadline,
    maxQueue: mostLetters,
    log,
  });
  const pools = [texts, letters];
  return {
    texts,
    letters,
    get counts() {
      return Object.assign({}, ...pools.map(({ counts }) => counts)) as JobCounts;
    },
    async stop() {
      await Promise.all(pools.map((pool) => pool.stop()));
    },
  };
}
