import { reason } from '../../../domain/reasons/reasons.ts';
import { fields, id, list, number } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { service } from '../api/errors.ts';
import type { Bitrix24Parts } from '../parts.ts';
import type { Finished } from './reported.ts';

/** Finds a finished call in the portal's statistics. Rejects with a ServiceError if the portal does not say. */
export async function finishedCall(
  by: { readonly CALL_ID: string } | { readonly EXTERNAL_CALL_ID: string },
  { portal }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<Finished | null> {
  const asked = { FILTER: by, SORT: 'ID', ORDER: 'ASC' } as const;
  const { result, total } = await portal.call('voximplant.statistic.get', asked, { signal });
  const [row] = list(result);
  if (row !== undefined) return finishedOf(row);
  // A list says how long it is. An empty answer that does not is no proof that there is no such call.
  if (total !== 0) throw new ServiceError('later', reason('answerUnclear', { service }));
  return null;
}

/** Reads a row of the statistics, which `finish` answers as well; null if it is none. */
export function finishedOf(row: unknown): Finished | null {
  const { CALL_ID, CRM_ACTIVITY_ID, CRM_ENTITY_TYPE, CRM_ENTITY_ID } = fields(row);
  const callId = id(CALL_ID);
  if (callId === null) return null;
  const [activity, card] = [number(CRM_ACTIVITY_ID), number(CRM_ENTITY_ID)];
  const kind = id(CRM_ENTITY_TYPE)?.toLowerCase() ?? null;
  return {
    callId,
    activity: activity !== null && activity > 0 ? activity : null,
    card: kind !== null && card !== null && card > 0 ? `${kind}-${card}` : null,
  };
}
