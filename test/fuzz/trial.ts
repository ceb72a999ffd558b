import { cleanedDeep, isCleanDeep } from '../../src/domain/base/clean-text.ts';
import type { Job } from '../../src/runtime/jobs/job.ts';
import { inputOf, type Shape } from './shape.ts';
import { targets } from './targets.ts';

/** One input for one parser. */
export interface Trial {
  readonly target: string;
  readonly shape: Shape;
  readonly characters: number;
}

/** How a trial went. */
export interface TrialResult {
  /** Of the processor, which nothing else of this process uses meanwhile: what else the machine does is not to look like growth. */
  readonly milliseconds: number;
  readonly characters: number;
  /** What was wrong, or null. */
  readonly fault: string | null;
}

/** Characters that a parser may answer for each that it is given, and beside them: `\u0001` in HTML is five, a record has fields. */
const mostPerCharacter = 30;
const mostBeside = 200_000;

/** Has a parser read an input. */
export const tryInput: Job<Trial, TrialResult> = {
  name: 'trial',
  run: async ({ target: name, shape, characters }) => {
    const target = targets.find((one) => one.name === name);
    if (target === undefined) throw new Error(`there is no parser "${name}"`);
    const input = inputOf(shape, characters);
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
  if (size > input.length * mostPerCharacter + mostBeside) return `made ${size} characters of ${input.length}`;
  return isCleanDeep(cleanedDeep(found)) ? null : 'what a store would get is not clean';
}

/** Characters and bytes within what a parser answered. */
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
