import { afterAll, expect, it } from 'vitest';
import { trialPool, tryMany } from './fuzz.ts';
import { targets } from './targets.ts';

/** For more: `PATCHBAY_FUZZ_RUNS=20000`, and another `PATCHBAY_FUZZ_SEED`. `npm run fuzz` also judges times. */
const count = Number(process.env.PATCHBAY_FUZZ_RUNS ?? 300);
const seed = Number(process.env.PATCHBAY_FUZZ_SEED ?? 4);

// In a thread with limited memory, so that an endless or greedy parser fails its test instead of stopping the run.
const pool = trialPool();
afterAll(() => pool.stop());

it.each(targets)(
  `$name reads ${count} hostile and damaged inputs`,
  async (target) => {
    expect(await tryMany(pool, target, count, seed)).toEqual([]);
  },
  120_000,
);
