import type { HookAnswer } from '../../../domain/ports/hooks.ts';
import type { CoreContext } from '../../contract.ts';
import type { Accounts } from '../accounts.ts';

/** What commands of the CRM work with. */
export interface CommandParts {
  readonly context: CoreContext;
  readonly accounts: Accounts;
}

/** A command of the CRM (`cmd`), with the fields of its form. */
export type Command = (form: URLSearchParams, parts: CommandParts) => Promise<HookAnswer> | HookAnswer;

/** An answer as the protocol has it. */
export function jsonAnswer(value: unknown, status = 200): HookAnswer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

/** Fields are missing or wrong, or the command is unknown. */
export const invalid = jsonAnswer({ error: 'Invalid parameters' }, 400);
/** The key is missing or wrong. */
export const unknownToken = jsonAnswer({ error: 'Invalid token' }, 401);
/** Nothing can be done about it now. */
export const unavailable = jsonAnswer({ error: 'Temporarily unavailable' }, 503);
