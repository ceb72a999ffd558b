import { chosenTargets, fuzz } from '../test/fuzz/fuzz.ts';
import { type BenchResult, result } from './result.ts';

const seconds = 3;
const seed = 1;
/** Limit in nanoseconds per character of hostile text. At 20,000, the largest form takes 2 s of the thread that parses it. */
const limit = 20_000;

/** The slowest input for each parser of text from outside, found by a short fuzz run. `npm run fuzz` searches longer. */
export async function benchParsers(): Promise<readonly BenchResult[]> {
  const rows: BenchResult[] = [];
  for (const target of chosenTargets([])) {
    const { worst } = await fuzz(target, seconds, seed);
    rows.push(result(`slowest input found for ${target.name}`, worst, 'ns/character', 'limit', limit, '< 1'));
  }
  return rows;
}
