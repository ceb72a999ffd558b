import { type Fields, fields } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { unreadable } from '../api/errors.ts';
import type { Answer } from '../api/portal.ts';

/** A row of a list, with its id. Its other fields are unchecked. */
export interface Row {
  readonly id: number;
  readonly fields: Fields;
}

/** The answer of a command. Throws its error. */
export function answered(answer: Answer | Error | undefined): Answer {
  if (answer === undefined) throw unreadable();
  if (answer instanceof Error) throw answer;
  return answer;
}

/** The rows of a list. Throws a ServiceError unless every one has an id: a spoiled page must not look like a short one. */
export function rowsOf(answer: Answer | Error | undefined): readonly Row[] {
  const { result } = answered(answer);
  if (!Array.isArray(result)) throw unreadable();
  return result.map((row) => {
    const own = fields(row);
    const id = cardNumber(own.ID);
    if (id === null) throw unreadable();
    return { id, fields: own };
  });
}

/** The id of a card; null for 0, which stands for "none", and for anything else. */
export function cardNumber(value: unknown): number | null {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

/** Whether the portal says that there is no such card, rather than that we may not see it. */
export function isNotFound(error: unknown): boolean {
  if (!(error instanceof ServiceError) || error.trouble !== 'refused') return false;
  const { said } = error.reason.values;
  return typeof said === 'string' && /^not found\b/i.test(said);
}
