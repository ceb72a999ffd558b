import type { Change, WriteResult } from './writes.ts';

/** A write that left nothing behind. */
export type Refusal = Extract<WriteResult, { ok: false }>;

/** What a write changed, or why it is refused. */
export type Outcome = readonly Change[] | Refusal;

/** A refusal, as the batch's result says it. */
export function refuse(code: Refusal['code'], message: string, path?: string): Refusal {
  return { ok: false, code, message, ...(path !== undefined && { path }) };
}
