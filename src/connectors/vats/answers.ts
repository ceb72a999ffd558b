import type { HookAnswer } from '../../domain/ports/hooks.ts';

/** An answer as the protocol has it. */
export function answerOf(value: object, status = 200): HookAnswer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

/** A message that is understood. */
export const understood: HookAnswer = { status: 200 };
/** Fields are missing or wrong, or the command is unknown. */
export const invalid = answerOf({ error: 'Invalid parameters' }, 400);
/** The key is missing or wrong. */
export const unknownToken = answerOf({ error: 'Invalid token' }, 401);
