import type { Lead, Task } from '../../../../src/domain/follow-up/follow-up.ts';
import type { Interaction, Named } from '../../../../src/domain/interaction/interaction.ts';
import type { Portal } from '../../../support/bitrix24/portal.ts';
import type { Mode } from './office.ts';
import type { Parties } from './parties.ts';
import { core, mappedUsers, owner, portalUsers } from './people.ts';

/** What may be seen under a name: any of these. Undefined: it may be absent. */
export type Wanted = Map<string, readonly unknown[]>;

/** What the office knows at the end of the day. */
export interface Ours {
  readonly contacts: readonly Interaction[];
  readonly leads: readonly Lead[];
  readonly tasks: readonly Task[];
  readonly parties: Parties;
  readonly portal: Portal;
  readonly mode: Mode;
  /** Contacts of the client who was deleted here. */
  readonly wereErased: ReadonlySet<string>;
  readonly hasRecording: (contact: Interaction) => boolean;
  /** Files of a contact that exist. */
  readonly files: (contact: Interaction) => number;
}

/** Where a contact has to stand. `cards` are the acceptable places; an empty one is nowhere. */
export type Places = readonly (readonly string[])[];

/** The portal's user of a manager or extension; whatever belongs to nobody there is the owner's. */
export function userOf(manager: Named | null, extension: string | null = null): number {
  const mapped = (mappedUsers as Readonly<Record<string, number>>)[manager?.id ?? ''];
  if (mapped !== undefined) return mapped;
  const number = manager?.id.slice(1) ?? extension?.split('/').at(-1);
  return portalUsers.find((user) => number !== undefined && user.extension === number)?.id ?? owner;
}

/** Whether a person has said that it is no client of ours. */
export function isDenied({ match }: Interaction): boolean {
  return match.outcome === 'unknown' && match.decidedBy === 'human';
}

/** The cards of a client of ours, the person first. */
export function cardsOf(
  client: { readonly id: string } | null,
  contact: { readonly id: string } | null,
): readonly string[] {
  if (client === null || !client.id.startsWith(`${core}:`)) return [];
  return [...new Set([...(contact === null ? [] : [contact.id]), client.id.slice(core.length + 1)])];
}

/** Whether a contact makes a lead of somebody unknown. */
export function makesLead({ direction, automatic, mergedInto, match }: Interaction): boolean {
  return direction === 'inbound' && automatic === null && mergedInto === null && match.outcome === 'unknown';
}

/** The card of somebody unknown: the portal's own contact, or the lead. Null if he can't be recognised. */
export function strangersCard({ party }: Interaction, { parties }: Ours): string | null {
  const name = parties.of(party);
  return parties.contactOf(party) ?? (name === null ? null : `lead of ${name}`);
}

/** Whether a contact goes to somebody unknown who has come before. */
export function answersLead({ direction, party, startedAt }: Interaction, { contacts, parties }: Ours): boolean {
  const name = parties.of(party);
  return (
    direction === 'outbound' &&
    contacts.some(
      (one) => makesLead(one) && !isDenied(one) && parties.of(one.party) === name && one.startedAt < startedAt,
    )
  );
}
