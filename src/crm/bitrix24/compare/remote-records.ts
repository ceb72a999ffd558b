import type { InteractionId } from '../../../domain/base/ids.ts';
import type { Channel } from '../../../domain/interaction/interaction.ts';
import { type Fields, fields, list, number, text } from '../../../runtime/http/fields.ts';
import type { Period, RemoteContact } from '../../shared/compare/comparable.ts';
import { originator } from '../api/origin.ts';
import type { Command, Portal } from '../api/portal.ts';
import { cardText, kindOfType } from '../cards/card.ts';
import { allRows } from './pages.ts';
import { timeText } from './remote-calls.ts';

/** Channels by `PROVIDER_TYPE_ID`, which messages and forms have. */
const provided: Readonly<Record<string, Channel>> = { MESSAGE: 'message', FORM: 'form' };

/** The fields of an activity that a comparison needs. */
export const activityFields = ['ID', 'ORIGIN_ID', 'TYPE_ID', 'PROVIDER_TYPE_ID', 'COMMUNICATIONS'];

/** The activities with our mark of contacts that began in a period. Comments can't be listed by time. */
export async function* listActivities(
  { from, until }: Period,
  portal: Portal,
  signal: AbortSignal,
): AsyncGenerator<RemoteContact> {
  const filter = { ORIGINATOR_ID: originator, '>=START_TIME': timeText(from), '<START_TIME': timeText(until) };
  const page = (after: number, start: number): Command => ({
    method: 'crm.activity.list',
    parameters: { filter: { ...filter, '>ID': after }, order: { ID: 'ASC' }, select: activityFields, start },
  });
  for await (const row of allRows(page, portal, signal)) yield remoteActivity(row.id, row.fields);
}

/** An activity with our mark. */
export function remoteActivity(activity: number, row: Fields): RemoteContact {
  const origin = text(row.ORIGIN_ID) ?? '';
  const client = clientOf(row);
  return {
    interaction: /^[0-9a-f-]{36}$/.test(origin) ? (origin as InteractionId) : null,
    channel: channelOf(row),
    item: 'activity',
    id: String(activity),
    companion: null,
    facts: client === null ? {} : { client },
  };
}

function channelOf({ TYPE_ID, PROVIDER_TYPE_ID }: Fields): Channel {
  const type = number(TYPE_ID);
  if (type === 4) return 'email';
  return type === 1 ? 'meeting' : (provided[text(PROVIDER_TYPE_ID) ?? ''] ?? 'message');
}

/** The card of the client whom the activity is with. */
function clientOf({ COMMUNICATIONS }: Fields): string | null {
  const [first] = list(COMMUNICATIONS).map(fields);
  const [kind, id] = [kindOfType(number(first?.ENTITY_TYPE_ID)), number(first?.ENTITY_ID)];
  return kind === null || id === null ? null : cardText({ kind, id });
}
