import { type JobCounts, JobPool } from '../../runtime/jobs/pool.ts';
import type { Logger } from '../../runtime/log.ts';
import { spawnThread } from '../../runtime/thread.ts';

/** Worker threads that parse text from outside, so that hostile input can block neither the main thread nor the store's writer. */
export interface ReadingPools {
  /** Searches texts for identifiers. Visitors wait for the result, so this pool gets no slow jobs. */
  readonly texts: JobPool;
  /** Parses incoming letters, makes them safe to display, and prepares the words of all texts for the search. */
  readonly letters: JobPool;
  /** Number of jobs of all pools, by outcome. */
  readonly counts: JobCounts;
  stop(): Promise<void>;
}

/** Milliseconds. Searching a text takes only a few, whatever its content. */
const textDeadline = 200;
/** Queue limit, about one second of work. Texts beyond it are not searched. */
const maxTexts = 2000;

/** Milliseconds. The largest genuine letters take a few hundred. */
const letterDeadline = 5000;
/** Heap limit in megabytes: enough for the largest letter that is held in memory as a whole. */
const letterMemory = 192;
/** Two, so that one slow letter does not hold up the others. */
const letterThreads = 2;
const maxLetters = 10_000;

/** Creates the pools. Their threads start with the first job. */
export function openPools(log: Logger): ReadingPools {
  const texts = new JobPool({
    spawn: () => spawnThread(import.meta.url, './text-thread', { resourceLimits: { maxOldGenerationSizeMb: 64 } }),
    threads: 1,
    deadline: textDeadline,
    maxQueue: maxTexts,
    log,
  });
  const letters = new JobPool({
    spawn: () =>
      spawnThread(import.meta.url, './letter-thread', { resourceLimits: { maxOldGenerationSizeMb: letterMemory } }),
    threads: letterThreads,
    deadline: letterDeadline,
    maxQueue: maxLetters,
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
