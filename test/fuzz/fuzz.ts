import { JobOverrunError } from '../../src/runtime/jobs/job.ts';
import { JobPool } from '../../src/runtime/jobs/pool.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { spawnThread } from '../../src/runtime/thread.ts';
import { randomOf, randomShape, type Shape } from './shape.ts';
import { type FuzzTarget, targets } from './targets.ts';
import { type TrialResult, tryInput } from './trial.ts';

/** An input that a parser does not stand. */
export interface Finding {
  readonly target: string;
  readonly shape: Shape;
  readonly fault: string;
}

/** What came of fuzzing a parser. */
export interface FuzzOutcome {
  readonly target: string;
  readonly trials: number;
  /** The slowest that was seen of inputs of the largest size, in nanoseconds for each character. */
  readonly worst: number;
  readonly findings: readonly Finding[];
}

/** Sizes of an input whose times are compared: the larger has four times the characters. */
const small = 8000;
const large = 4 * small;
/** Below this a time says nothing about growth, in milliseconds. */
const quick = 25;
/** Times the time of the smaller one that the larger may take: linear is 4, quadratic 16. */
const mostGrowth = 9;
/** An input of `large` characters that takes the processor this long is a finding whatever its growth, in milliseconds. */
const mostProcessor = 3000;
/** Milliseconds by the clock after which an input never ends: the machine may be busy with something else. */
const deadline = 60_000;
const mostFindings = 5;

/** Tries a parser with shapes of a seed for some seconds. */
export async function fuzz(target: FuzzTarget, seconds: number, seed: number): Promise<FuzzOutcome> {
  const pool = trialPool();
  const random = randomOf(seed);
  const findings: Finding[] = [];
  const until = performance.now() + seconds * 1000;
  let trials = 0;
  let worst = 0;
  while (performance.now() < until && findings.length < mostFindings) {
    const shape = randomShape(random, target.words);
    const { fault, nanoseconds } = await judge(pool, target.name, shape);
    trials += 1;
    worst = Math.max(worst, nanoseconds);
    if (fault !== null) findings.push({ target: target.name, shape, fault });
  }
  await pool.stop();
  return { target: target.name, trials, worst, findings };
}

/** Tries a finding again: what is wrong, or null. */
export async function replay({ target, shape }: Pick<Finding, 'target' | 'shape'>): Promise<string | null> {
  const pool = trialPool();
  try {
    return (await judge(pool, target, shape)).fault;
  } finally {
    await pool.stop();
  }
}

/** The parsers of a choice of names, all where none is named. */
export function chosenTargets(names: readonly string[]): readonly FuzzTarget[] {
  const wrong = names.find((name) => targets.every((target) => target.name !== name));
  if (wrong !== undefined)
    throw new Error(`there is no parser "${wrong}"; there are: ${targets.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? targets : targets.filter(({ name }) => names.includes(name));
}

function trialPool(): JobPool {
  return new JobPool({
    spawn: () => spawnThread(import.meta.url, './thread', { resourceLimits: { maxOldGenerationSizeMb: 256 } }),
    threads: 1,
    deadline,
    maxQueue: 10,
    log: silentLogger,
  });
}

async function judge(
  pool: JobPool,
  target: string,
  shape: Shape,
): Promise<{ fault: string | null; nanoseconds: number }> {
  const big = await attempt(pool, target, shape, large);
  if (typeof big === 'string') return { fault: big, nanoseconds: 0 };
  const nanoseconds = (big.milliseconds * 1e6) / Math.max(large, big.characters);
  if (big.fault !== null || big.milliseconds < quick) return { fault: big.fault, nanoseconds };
  if (big.milliseconds > mostProcessor)
    return { fault: `${large} characters: took ${big.milliseconds.toFixed(0)} ms of the processor`, nanoseconds };
  const growth = await growthOf(pool, target, shape);
  const fault = growth <= mostGrowth ? null : `takes ${growth.toFixed(1)} times as long for four times the characters`;
  return { fault, nanoseconds };
}

/**
 * How much longer four times the characters take, at two sizes: what is not linear shows at both. Most is linear at the first look,
 * which is a single run of each size; what does not look so is judged by the best of three.
 */
async function growthOf(pool: JobPool, target: string, shape: Shape): Promise<number> {
  const once = await growthBy(1, pool, target, shape);
  return once <= mostGrowth ? once : growthBy(3, pool, target, shape);
}

async function growthBy(runs: number, pool: JobPool, target: string, shape: Shape): Promise<number> {
  const best = async (characters: number) => {
    const times: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      const one = await attempt(pool, target, shape, characters);
      times.push(typeof one === 'string' ? mostProcessor : one.milliseconds);
    }
    return Math.max(0.5, Math.min(...times));
  };
  const [before, at, behind] = [await best(small), await best(large), await best(4 * large)];
  // What takes that long at the larger size has shown enough.
  return behind >= mostProcessor ? at / before : Math.min(at / before, behind / at);
}

/** The result, or in words what the trial ran into. */
async function attempt(pool: JobPool, target: string, shape: Shape, characters: number): Promise<TrialResult | string> {
  try {
    return await pool.run(tryInput, { target, shape, characters });
  } catch (error) {
    if (error instanceof JobOverrunError) return `${characters} characters: ${error.message}`;
    throw error;
  }
}
