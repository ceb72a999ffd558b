import type { InteractionId } from '../../../domain/base/ids.ts';
import { type Fields, id, number, text } from '../../../runtime/http/fields.ts';
import type { Facts, Period, RemoteContact } from '../../shared/compare/comparable.ts';
import { unreadable } from '../api/errors.ts';
import type { Command, Portal } from '../api/portal.ts';
import { finishedOf } from '../calls/statistics.ts';
import { timeOf } from '../written/text.ts';
import { allRows } from './pages.ts';

/** Directions by `CALL_TYPE`. Calls of other types are begun by the portal itself. */
const directions: Readonly<Record<string, string>> = { 1: 'outbound', 2: 'inbound', 3: 'inbound' };

/** The finished calls of a period in the portal's statistics, those of other telephonies as well. */
export async function* listCalls(
  { from, until }: Period,
  portal: Portal,
  signal: AbortSignal,
): AsyncGenerator<RemoteContact> {
  const period = { '>=CALL_START_DATE': timeText(from), '<CALL_START_DATE': timeText(until) };
  const page = (after: number, start: number): Command => ({
    method: 'voximplant.statistic.get',
    parameters: { FILTER: { ...period, '>ID': after }, SORT: 'ID', ORDER: 'ASC', start },
  });
  for await (const { fields } of allRows(page, portal, signal)) yield remoteCall(fields);
}

/** A time in milliseconds as a filter of the portal takes it: whole seconds. */
export function timeText(at: number): string {
  return timeOf(new Date(at).toISOString());
}

/** A row of the statistics. */
export function remoteCall(row: Fields): RemoteContact {
  const call = finishedOf(row);
  if (call === null) throw unreadable();
  const [, interaction, part] =
    /^([0-9a-f-]{36}):([1-9]\d{0,3})(?::again)?$/.exec(text(row.EXTERNAL_CALL_ID) ?? '') ?? [];
  return {
    interaction: interaction === undefined ? null : (interaction as InteractionId),
    channel: 'call',
    item: interaction === undefined ? 'call' : `call ${part}`,
    id: call.callId,
    companion: call.activity === null ? null : String(call.activity),
    facts: factsOf(row, call.card),
  };
}

function factsOf(row: Fields, card: string | null): Facts {
  const [seconds, status, person] = [number(row.CALL_DURATION), id(row.CALL_FAILED_CODE), id(row.PORTAL_USER_ID)];
  const direction = directions[id(row.CALL_TYPE) ?? ''];
  return {
    ...(seconds !== null && { seconds }),
    ...(status !== null && { status }),
    ...(person !== null && { person }),
    ...(direction !== undefined && { direction }),
    client: card ?? 'none',
    recording: (number(row.RECORD_FILE_ID) ?? 0) > 0 || text(row.CALL_RECORD_URL) !== null,
  };
}
