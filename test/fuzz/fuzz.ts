import { JobOverrunError } from '../../src/runtime/jobs/job.ts';
import { JobPool } from '../../src/runtime/jobs/pool.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { spawnThread } from '../../src/runtime/thread.ts';
import { damaged } from './damage.ts';
import { randomOf, randomShape, type Shape } from './shape.ts';
import { type FuzzTarget, targets } from './targets.ts';
import { type TrialInput, type TrialResult, tryInput } from './trial.ts';

/** An input that a parser fails on. */
export type Finding = { readonly target: string; readonly fault: string } & (
  | { readonly shape: Shape }
  | { readonly text: string }
);

/** The result of fuzzing a parser. */
export interface FuzzOutcome {
  readonly target: string;
  readonly trials: number;
  /** The slowest input of the largest size, in nanoseconds per character. */
  readonly worst: number;
  /** The slowest damaged genuine input, in milliseconds of CPU time; 0 if there is none. */
  readonly slowest: number;
  readonly findings: readonly Finding[];
}

/** Compared input sizes: the larger has four times the characters. */
const small = 8000;
const large = 4 * small;
/** Size of the inputs of a quick run. */
const short = 3000;
/** Milliseconds; shorter times say nothing about growth. */
const quick = 25;
/** Maximum factor between the times of the two sizes: linear is 4, quadratic 16. */
const maxGrowth = 9;
/** Milliseconds of CPU time for an input of `large` characters; more is a finding, whatever the growth. */
const maxCpuTime = 3000;
/** Milliseconds of wall-clock time after which an input counts as endless. Generous, because the machine may be busy. */
const deadline = 60_000;
const maxFindings = 5;
/** Milliseconds of CPU time for a damaged genuine input. */
const maxGenuine = 250;

/** Tries shapes of a seed on a parser for some seconds, and in turn with them damaged genuine inputs if it has any. */
export async function fuzz(target: FuzzTarget, seconds: number, seed: number): Promise<FuzzOutcome> {
  const pool = trialPool();
  const random = randomOf(seed);
  const findings: Finding[] = [];
  const { name, words } = target;
  const cases = target.cases?.() ?? [];
  // The thread starts with its first input, which takes seconds; the time is for trials.
  await attempt(pool, name, { text: '' });
  const until = performance.now() + seconds * 1000;
  let trials = 0;
  let worst = 0;
  let slowest = 0;
  while (performance.now() < until && findings.length < maxFindings) {
    trials += 1;
    if (trials % 2 === 0 && cases.length > 0) {
      const text = damaged(random, cases, words);
      const { fault, milliseconds } = await judgeGenuine(pool, name, text);
      slowest = Math.max(slowest, milliseconds);
      if (fault !== null) findings.push({ target: name, text, fault });
    } else {
      const shape = randomShape(random, words);
      const { fault, nanoseconds } = await judge(pool, name, shape);
      worst = Math.max(worst, nanoseconds);
      if (fault !== null) findings.push({ target: name, shape, fault });
    }
  }
  await pool.stop();
  return { target: name, trials, worst, slowest, findings };
}

/** Tries so many short shapes of a seed and damaged genuine inputs on a parser, whatever time they take. Returns the faults. */
export async function tryMany(
  pool: JobPool,
  target: FuzzTarget,
  count: number,
  seed: number,
): Promise<readonly Finding[]> {
  const random = randomOf(seed);
  const findings: Finding[] = [];
  const { name, words } = target;
  const cases = target.cases?.() ?? [];
  for (let trial = 0; trial < count; trial++) {
    const input =
      trial % 2 === 1 && cases.length > 0
        ? { text: damaged(random, cases, words) }
        : { shape: randomShape(random, words), characters: short };
    const found = await attempt(pool, name, input);
    const fault = typeof found === 'string' ? found : found.fault;
    if (fault !== null) findings.push({ target: name, ...input, fault });
  }
  return findings;
}

/** Tries a finding again. Returns the fault, or null. */
export async function replay(finding: Finding): Promise<string | null> {
  const pool = trialPool();
  try {
    const { target } = finding;
    const found = 'text' in finding ? judgeGenuine(pool, target, finding.text) : judge(pool, target, finding.shape);
    return (await found).fault;
  } finally {
    await pool.stop();
  }
}

/** The targets with the given names, or all if none is given. */
export function chosenTargets(names: readonly string[]): readonly FuzzTarget[] {
  const wrong = names.find((name) => targets.every((target) => target.name !== name));
  if (wrong !== undefined)
    throw new Error(`unknown parser "${wrong}"; expected one of: ${targets.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? targets : targets.filter(({ name }) => names.includes(name));
}

/** A thread for trials, with limited memory. It takes seconds to start, because `tsx` bundles it. */
export function trialPool(): JobPool {
  return new JobPool({
    spawn: () => spawnThread(import.meta.url, './thread', { resourceLimits: { maxOldGenerationSizeMb: 256 } }),
    threads: 1,
    deadline,
    maxQueue: 10,
    log: silentLogger,
  });
}

/** A genuine input must not be slow, either; the best of three counts, because memory is cleared now and then. */
async function judgeGenuine(
  pool: JobPool,
  target: string,
  text: string,
): Promise<{ fault: string | null; milliseconds: number }> {
  let milliseconds = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3 && milliseconds > maxGenuine; run += 1) {
    const found = await attempt(pool, target, { text });
    if (typeof found === 'string') return { fault: found, milliseconds: deadline };
    if (found.fault !== null) return { fault: found.fault, milliseconds: found.milliseconds };
    milliseconds = Math.min(milliseconds, found.milliseconds);
  }
  const isSlow = milliseconds > maxGenuine;
  return { fault: isSlow ? `took ${milliseconds.toFixed(0)} ms of the processor` : null, milliseconds };
}

async function judge(
  pool: JobPool,
  target: string,
  shape: Shape,
): Promise<{ fault: string | null; nanoseconds: number }> {
  const big = await attempt(pool, target, { shape, characters: large });
  if (typeof big === 'string') return { fault: big, nanoseconds: 0 };
  const nanoseconds = (big.milliseconds * 1e6) / Math.max(large, big.characters);
  if (big.fault !== null || big.milliseconds < quick) return { fault: big.fault, nanoseconds };
  if (big.milliseconds > maxCpuTime)
    return { fault: `${large} characters: took ${big.milliseconds.toFixed(0)} ms of the processor`, nanoseconds };
  const growth = await growthOf(pool, target, shape);
  const fault = growth <= maxGrowth ? null : `takes ${growth.toFixed(1)} times as long for four times the characters`;
  return { fault, nanoseconds };
}

/**
 * How much longer four times the characters take, measured at two sizes, because non-linear time shows at both. Most inputs are
 * linear in the first measurement, a single run of each size. The others are judged by the best of three.
 */
async function growthOf(pool: JobPool, target: string, shape: Shape): Promise<number> {
  const once = await growthBy(1, pool, target, shape);
  return once <= maxGrowth ? once : growthBy(3, pool, target, shape);
}

async function growthBy(runs: number, pool: JobPool, target: string, shape: Shape): Promise<number> {
  const best = async (characters: number) => {
    const times: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      const one = await attempt(pool, target, { shape, characters });
      times.push(typeof one === 'string' ? maxCpuTime : one.milliseconds);
    }
    return Math.max(0.5, Math.min(...times));
  };
  const [before, at, behind] = [await best(small), await best(large), await best(4 * large)];
  // A time that long at the larger size is proof enough.
  return behind >= maxCpuTime ? at / before : Math.min(at / before, behind / at);
}

/** The result, or the limit that the trial exceeded. */
async function attempt(pool: JobPool, target: string, input: TrialInput): Promise<TrialResult | string> {
  try {
    return await pool.run(tryInput, { target, ...input });
  } catch (error) {
    if (error instanceof JobOverrunError) return error.message;
    throw error;
  }
}
