import { createHmac } from 'node:crypto';
import type { EventKey } from '../../domain/base/ids.ts';
import { sameData } from '../../domain/base/same-data.ts';
import { accountOf } from '../../domain/directory/party-identifiers.ts';
import { type Interaction, isLive } from '../../domain/interaction/interaction.ts';

/** How many desk entries are kept per manager. A page that has missed more must reload. */
export const deskWindow = 2000;

/** The hour and line that a contact is counted under; `connection` is '' for lines without one. */
export interface LineHour {
  /** The first 13 characters of an RFC 3339 time in UTC: `2026-11-24T09`. */
  readonly hour: string;
  readonly line: string;
  readonly connection: string;
}

/** The hour and line to count a contact under, or null: only inbound contacts of a line are counted. */
export function lineHourOf({ direction, line, startedAt }: Interaction): LineHour | null {
  if (direction !== 'inbound' || line === null) return null;
  return { hour: startedAt.slice(0, 13), line: line.id, connection: line.connection ?? '' };
}

/**
 * Where a contact was counted before a revision (`was`) and where it is counted now (`is`); null for nowhere. Both
 * are null if the revision changes nothing.
 */
export function countChange(before: Interaction | null, after: Interaction) {
  const [was, is] = [before === null ? null : lineHourOf(before), lineHourOf(after)];
  return sameData(was, is) ? { was: null, is: null } : { was, is };
}

/** The deals of an interaction: the one a person selected as its object, and those that destinations reported. */
export function dealsOf({ object, links }: Pick<Interaction, 'object' | 'links'>): ReadonlySet<string> {
  const deals = new Set(object?.type === 'deal' ? [object.id] : []);
  for (const destination in links) {
    const deal = links[destination]?.deal;
    if (deal) deals.add(deal);
  }
  return deals;
}

/**
 * The column values of an interaction in table order, `id` to `account`, without its body. `live` and `auto` are
 * booleans.
 */
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

/**
 * The key under which an outside key is stored. A truncated HMAC can outlive the contact without revealing its
 * identifier.
 */
export function keyHash(secret: Buffer, key: EventKey): Buffer {
  return createHmac('sha256', secret).update(key).digest().subarray(0, 16);
}

/** The numbers whose last talk may change with a revision. */
export function talkChange(before: Interaction | null, after: Interaction): readonly string[] {
  const [was, is] = [before === null ? null : talkOf(before), talkOf(after)];
  if (sameData(was, is)) return [];
  return [...new Set([was, is].flatMap((talk) => (talk === null ? [] : [talk.phone])))];
}

function talkOf({ channel, party, handledBy, startedAt }: Interaction) {
  if (channel !== 'call' || party.phone === null || handledBy === null) return null;
  return { phone: party.phone, manager: handledBy.id, startedAt };
}
