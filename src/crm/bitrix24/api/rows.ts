import { reason } from '../../../domain/reasons/reasons.ts';
import { type Fields, fields, id, list } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { service } from './errors.ts';
import type { Answer } from './portal.ts';

/**
 * The rows of a list. Rejects an answer without a count: "there is nothing" from a portal in trouble must never be
 * taken as a reason to make something again.
 */
export function rowsOf({ result, total }: Answer): readonly Fields[] {
  if (total === null) throw unclear();
  return list(result).map(fields);
}

/** The id of something new. Without one, it is unknown whether it was made. */
export function newIdOf(result: unknown): number {
  const made = Number(id(result));
  if (!Number.isSafeInteger(made) || made <= 0) throw unclear();
  return made;
}

/** Rejects anything but the `true` that methods answer who change something. */
export function checkDone(result: unknown): void {
  if (result !== true) throw unclear();
}

/** The answer of a command in a batch. Throws its error. */
export function answered(answer: Answer | Error): Answer {
  if (answer instanceof Error) throw answer;
  return answer;
}

function unclear(): ServiceError {
  return new ServiceError('unknown', reason('answerUnclear', { service }));
}
