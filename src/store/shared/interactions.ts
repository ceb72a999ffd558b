import { createHmac } from 'node:crypto';
import type { EventKey } from '../../domain/base/ids.ts';
import { sameData } from '../../domain/base/same-data.ts';
import { accountOf } from '../../domain/directory/party-identifiers.ts';
import { type Interaction, isLive } from '../../domain/interaction/interaction.ts';

/** Desk entries kept per manager; a page that missed more is told to start afresh. */
export const deskWindow = 2000;

/** Every manager an interaction concerns, for "my calls". */
export function managersOf(interaction: Interaction): ReadonlySet<string> {
  const ids = [
    ...interaction.legs.map((leg) => leg.manager?.id),
    interaction.responsible?.id,
    interaction.assignee?.id,
    interaction.handledBy?.id,
  ];
  return new Set(ids.filter((id) => id !== undefined));
}

/** Under which hour of which line a contact is counted; connection '' where the line has none. */
export interface LineHour {
  /** The first 13 characters of RFC 3339 in UTC: `2026-11-24T09`. */
  readonly hour: string;
  readonly line: string;
  readonly connection: string;
}

/** Inbound contacts of a line are counted; null for others. */
export function lineHourOf({ direction, line, startedAt }: Interaction): LineHour | null {
  if (direction !== 'inbound' || line === null) return null;
  return { hour: startedAt.slice(0, 13), line: line.id, connection: line.connection ?? '' };
}

/** Where a contact was counted before a revision, and where it is counted now. Null: nowhere. Both are null where nothing changes. */
export function countChange(before: Interaction | null, after: Interaction) {
  const [was, is] = [before === null ? null : lineHourOf(before), lineHourOf(after)];
  return sameData(was, is) ? { was: null, is: null } : { was, is };
}

/** The deals an interaction names: what a human put as its object, and what destinations answered. */
export function dealsOf({ object, links }: Pick<Interaction, 'object' | 'links'>): ReadonlySet<string> {
  const deals = new Set(object?.type === 'deal' ? [object.id] : []);
  for (const destination in links) {
    const deal = links[destination]?.deal;
    if (deal) deals.add(deal);
  }
  return deals;
}

/** The columns of an interaction in their order, `id` to `account`, all but its body; the two flags (`live`, `auto`) are booleans. */
export function columnsOf(interaction: Interaction): readonly (string | number | boolean | null)[] {
  const { id, revision, channel, direction, state, startedAt, party, client, line } = interaction;
  return [
    id,
    revision,
    channel,
    direction,
    state,
    startedAt,
    party.phone,
    party.email,
    client?.id ?? null,
    line?.id ?? null,
    line?.connection ?? null,
    isLive(state) && interaction.endedAt === null,
    interaction.match.decidedBy === 'auto' && direction !== 'internal',
    interaction.thread,
    accountOf(interaction),
  ];
}

/** Under what an outside key is kept: enough of an HMAC, so that keys outlive what they named without telling it. */
export function keyHash(secret: Buffer, key: EventKey): Buffer {
  return createHmac('sha256', secret).update(key).digest().subarray(0, 16);
}
