import type { Lead, Task } from '../../../../src/domain/follow-up/follow-up.ts';
import type { Interaction, Named } from '../../../../src/domain/interaction/interaction.ts';
import type { Portal } from '../../../support/bitrix24/portal.ts';
import type { Mode } from './office.ts';
import { core, mappedUsers, owner, portalUsers } from './people.ts';
import type { Parties } from './parties.ts';
import { wantedCall } from './wanted-calls.ts';

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

/** Files that are copied with one contact; the others are named with a link. */
const maxFiles = 20;

/** Where a contact has to stand. `cards` are the acceptable places; an empty one is nowhere. */
export type Places = readonly (readonly string[])[];

/** The portal's user of a manager or extension; whatever belongs to nobody there is the owner's. */
export function userOf(manager: Named | null, extension: string | null = null): number {
  const mapped = (mappedUsers as Readonly<Record<string, number>>)[manager?.id ?? ''];
  if (mapped !== undefined) return mapped;
  const number = manager?.id.slice(1) ?? extension?.split('/').at(-1);
  return portalUsers.find((user) => number !== undefined && user.extension === number)?.id ?? owner;
}

/** What has to be seen in the portal. */
export function wantedOf(ours: Ours): Wanted {
  const wanted: Wanted = new Map();
  for (const contact of ours.contacts) {
    if (contact.channel === 'call') for (const [name, states] of wantedCall(contact, ours)) wanted.set(name, states);
    else wanted.set(`record ${contact.id}`, wantedRecord(contact, ours));
  }
  for (const task of ours.tasks) wanted.set(`to-do ${task.id}`, wantedTodo(task, ours));
  for (const [name, states] of wantedLeads(ours)) wanted.set(name, states);
  return wanted;
}

/** Whether a person has said that it is no client of ours. */
export function isDenied({ match }: Interaction): boolean {
  return match.outcome === 'unknown' && match.decidedBy === 'human';
}

/** The cards of a client of ours, the person first. */
export function cardsOf(client: { readonly id: string } | null, contact: { readonly id: string } | null): readonly string[] {
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

/** Where a contact stands beside the newest open deal. */
function placesOf(contact: Interaction, ours: Ours): Places {
  const cards = cardsOf(contact.client, contact.contact);
  if (cards.length > 0) return [[...cards, ...dealOf(cards, ours.portal)].toSorted()];
  if (contact.match.outcome === 'ambiguous') return [[]];
  const card = strangersCard(contact, ours);
  if (card === null) return [[]];
  const places = [[card, ...dealOf([card], ours.portal)].toSorted()];
  if (isDenied(contact)) return card.startsWith('lead') ? [[], ...places] : [[]];
  // An answer or an automatic letter makes nothing, but stands on what another contact has made.
  return makesLead(contact) || card.startsWith('contact') || answersLead(contact, ours) ? places : [[], ...places];
}

/** Whether a contact goes to somebody unknown who has come before. */
export function answersLead({ direction, party, startedAt }: Interaction, { contacts, parties }: Ours): boolean {
  const name = parties.of(party);
  return (
    direction === 'outbound' &&
    contacts.some((one) => makesLead(one) && !isDenied(one) && parties.of(one.party) === name && one.startedAt < startedAt)
  );
}

function dealOf(cards: readonly string[], portal: Portal): readonly string[] {
  const ids = cards.filter((card) => card.startsWith('contact')).map((card) => card.split('-')[1]);
  const deals = portal.cards('DEAL').filter(({ CONTACT_ID, CLOSED }) => ids.includes(String(CONTACT_ID)) && CLOSED === 'N');
  return deals.slice(-1).map(({ ID }) => `deal-${String(ID)}`);
}

function wantedRecord(contact: Interaction, ours: Ours): readonly unknown[] {
  const { channel, direction, state, mergedInto } = contact;
  const isSent = direction !== 'outbound' || state !== 'queued';
  if (mergedInto !== null || direction === 'internal' || !isSent) return [undefined];
  const fate = fateOf(contact);
  const isAnswered = contact.answeredAt !== null || contact.automatic !== null || contact.closed !== null;
  const person = direction === 'outbound' ? (contact.handledBy ?? contact.responsible) : (contact.assignee ?? contact.responsible ?? contact.handledBy);
  const says = { says: 'everything', fate, files: Math.min(ours.files(contact), maxFiles) };
  const isActivity = channel === 'email' || ours.mode === 'app';
  const record = isActivity
    ? {
        what: channel === 'email' ? 'letter' : 'activity',
        direction: direction === 'outbound' ? 2 : 1,
        user: String(userOf(person)),
        completed: direction === 'outbound' || isAnswered ? 'Y' : 'N',
        ...says,
      }
    : { what: 'comment', ...says };
  const states = placesOf(contact, ours).map((on) => (on.length === 0 ? undefined : { ...record, on }));
  if (!ours.wereErased.has(contact.id)) return states;
  // It is deleted with its client, unless it had moved to another one before.
  return contact.client === null ? [undefined] : [undefined, ...states];
}

function fateOf({ direction, state, deletedAt }: Interaction): string {
  if (deletedAt !== null) return 'Deleted by the sender';
  if (direction !== 'outbound') return '';
  return { failed: 'Not delivered', delivered: 'Delivered.', read: 'Read.' }[state as string] ?? '';
}

function wantedTodo(task: Task, ours: Ours): readonly unknown[] {
  const contact = ours.contacts.find(({ id }) => id === task.interaction);
  if (task.kind === 'other' || contact === undefined) return [undefined];
  const places = new Set<string>();
  const add = (card: string | null | undefined) => void (card != null && places.add(card));
  add(cardsOf(task.client, null)[0]);
  const wasErased = ours.wereErased.has(contact.id);
  const isMoved = wasErased || contact.match.decidedBy === 'human' || contact.match.outcome === 'ambiguous';
  if (task.client === null || isMoved) add(strangersCard(contact, ours));
  if (isMoved) {
    add(cardsOf(contact.client, null)[0]);
    for (const { client } of contact.match.candidates) add(cardsOf(client, null)[0]);
  }
  const todo = (card: string) => ({
    user: String(userOf(task.manager)),
    completed: task.state === 'done' ? 'Y' : 'N',
    on: [card],
  });
  // What was done before the portal could be told is not told, and then it may be anybody's who had it.
  const users = task.state === 'done' ? ['*'] : [null];
  const states = [...places].flatMap((card) => users.map((any) => ({ ...todo(card), ...(any !== null && { user: any }) })));
  const isOptional = task.state === 'done' || isMoved || places.size === 0 || !makesLead(contact) && task.client === null;
  return isOptional ? [undefined, ...states] : states;
}

const sources: Readonly<Record<string, string>> = { call: 'CALL', email: 'EMAIL', form: 'WEBFORM', message: 'OTHER' };

/** Exactly one lead of everybody unknown, made by one of his contacts. */
function wantedLeads(ours: Ours): Wanted {
  const wanted: Wanted = new Map();
  const parties = new Set(ours.contacts.map(({ party }) => ours.parties.of(party)));
  for (const party of parties) {
    if (party === null) continue;
    const contacts = ours.contacts.filter((one) => ours.parties.of(one.party) === party);
    const makers = contacts.filter((one) => makesLead(one) && !ours.wereErased.has(one.id) && ours.parties.contactOf(one.party) === null);
    const mayMake = contacts.filter(({ direction }) => direction === 'inbound');
    const isNeeded = makers.some((one) => !isDenied(one));
    const lead = ours.leads.find((one) => ours.parties.of(one.party) === party && one.state !== 'open');
    const states = (makers.length > 0 ? makers : mayMake).map(({ channel, attribution }) => ({
      source: sources[channel],
      utm: [attribution?.source, attribution?.medium, attribution?.campaign].map((part) => part || null).join(' '),
      ...stageOf(lead),
    }));
    wanted.set(`lead of ${party}`, isNeeded ? states : [undefined, ...states]);
    wanted.set(`campaign of lead of ${party}`, [undefined, 'traced']);
  }
  return wanted;
}

function stageOf(lead: Lead | undefined): object {
  const client = lead?.client == null ? null : (cardsOf(lead.client, null)[0]?.split('-')[1] ?? null);
  if (lead?.state === 'rejected') return { status: 'JUNK', client: null };
  if (lead?.state === 'qualified') return { status: 'PROCESSED', client: client === null ? null : Number(client) };
  return { status: 'NEW', client: null };
}
