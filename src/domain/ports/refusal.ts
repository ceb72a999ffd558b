import type { Change, WriteResult } from './writes.ts';

/** A refused write, which changed nothing. */
export type Refusal = Extract<WriteResult, { ok: false }>;

/** What a write changed, or why it is refused. */
export type Outcome = readonly Change[] | Refusal;

/** Creates a refusal. */
export function refuse(code: Refusal['code'], message: string, path?: string): Refusal {
  return { ok: false, code, message, ...(path !== undefined && { path }) };
}
