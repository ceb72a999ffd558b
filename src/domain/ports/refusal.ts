import type { Change, WriteResult } from './writes.ts';

/** A write that was refused without effect. */
export type Refusal = Extract<WriteResult, { ok: false }>;

/** The changes of a write, or its refusal. */
export type Outcome = readonly Change[] | Refusal;

/** Makes a refusal. */
export function refuse(code: Refusal['code'], message: string, path?: string): Refusal {
  return { ok: false, code, message, ...(path !== undefined && { path }) };
}
