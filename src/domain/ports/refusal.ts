import type { WriteResult } from './writes.ts';

/** A write that left nothing behind. */
export type Refusal = Extract<WriteResult, { ok: false }>;

/** A refusal, as the batch's result says it. */
export function refuse(code: Refusal['code'], message: string, path?: string): Refusal {
  return { ok: false, code, message, ...(path !== undefined && { path }) };
}
