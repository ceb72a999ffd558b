import { reason } from '../../../domain/reasons/reasons.ts';
import { fields, id, list, number } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { service } from '../api/errors.ts';
import type { Bitrix24Parts } from '../parts.ts';
import type { Finished } from './reported.ts';

type CallFilter = { readonly CALL_ID: string } | { readonly EXTERNAL_CALL_ID: string };

/** Finds a finished call in the portal's statistics. Rejects with a ServiceError if the portal does not say. */
export async function finishedCall(
  by: CallFilter,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<Finished | null> {
  const row = await rowOf(by, parts, signal);
  return row === null ? null : finishedOf(row);
}

/** The id of a finished call's transcript (`TRANSCRIPT_ID`); null if it has none. Rejects with a ServiceError. */
export async function transcriptOfCall(
  callId: string,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<string | null> {
  const found = id(fields(await rowOf({ CALL_ID: callId }, parts, signal)).TRANSCRIPT_ID);
  return found === '0' ? null : found;
}

async function rowOf(by: CallFilter, { portal }: Bitrix24Parts, signal: AbortSignal): Promise<unknown> {
  const asked = { FILTER: by, SORT: 'ID', ORDER: 'ASC' } as const;
  const { result, total } = await portal.call('voximplant.statistic.get', asked, { signal });
  const [row] = list(result);
  if (row !== undefined) return row;
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
