import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { fingerprint } from '../api/origin.ts';
import type { Parameters } from '../api/portal.ts';
import type { Bitrix24Parts } from '../parts.ts';
import type { ListPlace } from './reported.ts';

const types = { outbound: 1, inbound: 2, internal: 1 } as const;

/** The call's id of ours at the portal. Each part has its own: the portal takes calls with equal ids for one. */
export function externalId({ id }: Pick<Interaction, 'id'>, part: number): string {
  return `${id}:${part}`;
}

/** The same of a call that is registered with another side, which the portal would otherwise take for the first one. */
export function againId(call: Pick<Interaction, 'id'>, part: number): string {
  return `${externalId(call, part)}:again`;
}

/**
 * Parameters of `telephony.externalCall.register`. The card is not shown by it, but by `show`. `of` is the place in a call list that the
 * call was clicked in: the portal enters the call there, by its card, once it is finished.
 */
export async function registration(
  call: Interaction,
  { part, user, startedAt }: { readonly part: number; readonly user: number; readonly startedAt: string },
  of: ListPlace | null,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<Parameters> {
  const { calls } = parts.config;
  const phone = phoneOf(call);
  const cards = call.direction === 'internal' ? [] : await parts.cards.of(call, signal);
  const card = of?.card ?? cards.find(({ kind }) => kind !== 'deal');
  const source = calls.sources[call.line?.id ?? ''] ?? calls.source;
  const mayCreate = calls.create && phone !== null && call.direction !== 'internal';
  return {
    USER_ID: user,
    PHONE_NUMBER: phone ?? calls.withheld,
    TYPE: types[call.direction],
    CALL_START_DATE: timeOf(startedAt),
    CRM_CREATE: mayCreate ? 1 : 0,
    ...(mayCreate && source !== undefined && { CRM_SOURCE: source }),
    ...(card !== undefined && { CRM_ENTITY_TYPE: card.kind.toUpperCase(), CRM_ENTITY_ID: card.id }),
    SHOW: 0,
    ADD_TO_CHAT: 0,
    ...(calls.lineNumbers && call.line !== null && { LINE_NUMBER: call.line.address }),
    ...(of !== null && { CALL_LIST_ID: of.list }),
    EXTERNAL_CALL_ID: externalId(call, part),
  };
}

/**
 * Whom a registration is with: its number, and whether that is somebody with a card. A call can be registered before
 * the number or the client is known.
 */
export function otherSide({ PHONE_NUMBER, CRM_ENTITY_ID }: Parameters): string {
  return `${fingerprint(String(PHONE_NUMBER), 12)}${CRM_ENTITY_ID === undefined ? '' : '+card'}`;
}

/** Whether a call that was registered with one side belongs to another one. A card that has become another is moved. */
export function isOtherSide(registered: string, now: string): boolean {
  return registered !== now && registered !== `${now}+card`;
}

/** The number of the party. Null if it has none that the portal would accept. */
function phoneOf({ party }: Interaction): string | null {
  if (party.phone !== null) return party.phone;
  return /\d/.test(party.raw) && !party.withheld ? party.raw : null;
}

/** A time as the portal reads it, without fractions of a second. */
function timeOf(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19)}+00:00`;
}
