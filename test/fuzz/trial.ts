import { cleanedDeep, isCleanDeep } from '../../src/domain/base/clean-text.ts';
import type { Job } from '../../src/runtime/jobs/job.ts';
import { inputOf, type Shape } from './shape.ts';
import { targets } from './targets.ts';

/** An input: a text, or a shape of about that many characters. */
export type TrialInput = { readonly text: string } | { readonly shape: Shape; readonly characters: number };

/** One input for one parser. */
export type Trial = TrialInput & { readonly target: string };

/** The result of a trial. */
export interface TrialResult {
  /** CPU time of this process, which runs nothing else meanwhile; other load on the machine must not look like growth. */
  readonly milliseconds: number;
  readonly characters: number;
  /** The fault, or null. */
  readonly fault: string | null;
}

/** Maximum output characters per input character, plus a constant: `\u0001` becomes five in HTML, and a record has fields. */
const maxPerCharacter = 30;
const maxConstant = 200_000;

/** Lets a parser read an input. */
export const tryInput: Job<Trial, TrialResult> = {
  name: 'trial',
  run: async (trial) => {
    const name = trial.target;
    const target = targets.find((one) => one.name === name);
    if (target === undefined) throw new Error(`unknown parser "${name}"`);
    const input = 'text' in trial ? trial.text : inputOf(trial.shape, trial.characters);
    const since = process.cpuUsage();
    let fault: string | null = null;
    let found: unknown = null;
    try {
      found = await target.read(input);
    } catch (error) {
      if (target.refuses?.(error) !== true) fault = `threw ${String((error as Error).stack ?? error).slice(0, 500)}`;
    }
    const { user, system } = process.cpuUsage(since);
    return { milliseconds: (user + system) / 1000, characters: input.length, fault: fault ?? faultOf(found, input) };
  },
};

function faultOf(found: unknown, input: string): string | null {
  const size = sizeOf(found);
  if (size > input.length * maxPerCharacter + maxConstant) return `made ${size} characters of ${input.length}`;
  return isCleanDeep(cleanedDeep(found)) ? null : 'what a store would get is not clean';
}

/** Characters and bytes in a parser's result. */
function sizeOf(found: unknown): number {
  if (typeof found === 'string') return found.length;
  if (ArrayBuffer.isView(found)) return found.byteLength;
  if (typeof found !== 'object' || found === null) return 8;
  const parts: Iterable<unknown> =
    found instanceof Map ? [...found].flat() : Array.isArray(found) ? found : Object.values(found);
  let size = 0;
  for (const part of parts) size += sizeOf(part);
  return size;
}
