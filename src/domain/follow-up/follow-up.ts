import type { InteractionId } from '../base/ids.ts';
import { timeText } from '../base/time-text.ts';
import type { Attribution, Channel, Interaction, LineRef, Named, Party } from '../interaction/interaction.ts';
import { namedRef } from '../interaction/named-ref.ts';
import type { Recording } from '../interaction/recording.ts';

/** `open`: in the pool. `taken`: a manager is working on it. `qualified`: it is a client. `rejected`: it is not. */
export type LeadState = 'open' | 'taken' | 'qualified' | 'rejected';

/** An unmatched inbound contact that a manager has to qualify. Later contacts of the same party are added to it. */
export interface Lead {
  readonly id: string;
  readonly revision: number;
  readonly state: LeadState;
  readonly channel: Channel;
  readonly party: Party;
  readonly line: LineRef | null;
  readonly attribution: Attribution | null;
  /** The first contact, and the latest. */
  readonly first: InteractionId;
  readonly latest: InteractionId;
  readonly contacts: number;
  readonly takenBy: Named | null;
  /** The client, once the lead is qualified with one. */
  readonly client: Named | null;
  /** Why it was rejected, as a human wrote it. */
  readonly reason: string | null;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** `call_back`: a missed call, or a form that requests a call. `answer`: an unanswered letter, message or form. `other`: entered by a human. */
export type TaskKind = 'call_back' | 'answer' | 'other';

/** Something a manager has to do. A task that an interaction created has the interaction's id and is closed automatically once it is done. */
export interface Task {
  readonly id: string;
  readonly revision: number;
  readonly kind: TaskKind;
  readonly state: 'open' | 'done';
  /** The manager who has to do it; null if anybody may. */
  readonly manager: Named | null;
  readonly interaction: InteractionId | null;
  /** The latest of its contacts, and how many there are: several missed calls of a party are one task. */
  readonly latest: InteractionId | null;
  readonly contacts: number;
  readonly client: Named | null;
  readonly party: Party | null;
  readonly text: string | null;
  /** RFC 3339; null if it is calculated from the working hours. */
  readonly dueAt: string | null;
  readonly createdAt: string;
  /** When it was given to another manager because it was not done in time; else null. */
  readonly escalatedAt: string | null;
  readonly doneAt: string | null;
  /** Null if it was closed automatically. */
  readonly doneBy: Named | null;
}

/** A task as other programs see it, with the due time calculated from its manager's working hours. */
export interface TaskView extends Omit<Task, 'dueAt'> {
  readonly dueAt: string | null;
  readonly overdue: boolean;
}

/** A lead or task that a commit changed, for the desks. */
export type FollowUp = { readonly kind: 'lead'; readonly lead: Lead } | { readonly kind: 'task'; readonly task: Task };

/** Maximum age in milliseconds of contacts that create leads and tasks, so that a mailbox's history creates none. */
export const maxContactAge = 7 * 86_400_000;

/** Identifies an unknown party by phone, else by e-mail, else by account. Null if it has none of them. */
export function leadKey({ party }: Pick<Interaction, 'party'>): string | null {
  if (party.phone !== null) return `phone:${party.phone}`;
  if (party.email !== null) return `email:${party.email}`;
  return party.account === null ? null : `account:${party.account.kind}:${party.account.id}`;
}

/** Whether this change is a new contact of an unknown party. */
export function bringsLead(before: Interaction | null, after: Interaction, now: number): boolean {
  return (
    isNew(before, after, now) &&
    after.match.outcome === 'unknown' &&
    after.match.decidedBy === 'auto' &&
    leadKey(after) !== null
  );
}

/** Whether this change identifies an unknown party. */
export function endsLead(before: Interaction | null, after: Interaction): boolean {
  return before !== null && before.match.outcome !== 'matched' && after.match.outcome === 'matched';
}

/** Whether a recent contact from an outside human has just arrived or, for a call, has just ended. */
function isNew(before: Interaction | null, after: Interaction, now: number): boolean {
  const arrived = after.endedAt !== null && (before === null || before.endedAt === null);
  const human = after.direction === 'inbound' && after.automatic === null && after.mergedInto === null;
  return arrived && human && now - Date.parse(after.startedAt) < maxContactAge;
}

/** The lead after one more contact. */
export function leadAfter(open: Lead | null, contact: Interaction, id: string, now: number): Lead {
  const at = timeText(now);
  if (open !== null) {
    return {
      ...open,
      latest: contact.id,
      contacts: open.contacts + 1,
      party: { ...open.party, name: open.party.name ?? contact.party.name },
      attribution: open.attribution ?? contact.attribution,
      revision: open.revision + 1,
      updatedAt: at,
    };
  }
  const { channel, party, line, attribution } = contact;
  const latest = contact.id;
  const whole = { state: 'open', takenBy: null, client: null, reason: null, contacts: 1 } as const;
  return {
    id,
    revision: 1,
    ...whole,
    channel,
    party,
    line,
    attribution,
    first: latest,
    latest,
    createdAt: at,
    updatedAt: at,
  };
}

/** A lead whose party has turned out to be a client. */
export function qualifiedBy(lead: Lead, client: Named, now: number): Lead {
  const known = { id: client.id, name: client.name };
  return { ...lead, state: 'qualified', client: known, revision: lead.revision + 1, updatedAt: timeText(now) };
}

/** The effect of a change on the task of the interaction: the kind of task to open, `done`, or null for none. */
export function taskNews(
  before: Interaction | null,
  after: Interaction,
  now: number,
): 'call_back' | 'answer' | 'done' | null {
  if (after.answeredAt !== null && before !== null && before.answeredAt === null && after.direction === 'inbound')
    return 'done';
  if (!isNew(before, after, now) || after.answeredAt !== null) return null;
  // Nobody can be called back at a withheld number, but a message can be listened to.
  if (after.channel === 'call')
    return after.state === 'missed' && (!after.party.withheld || voicemailOf(after) !== null) ? 'call_back' : null;
  if (after.state !== 'received' || after.channel === 'meeting') return null;
  // A form can request a call as its answer.
  return after.channel === 'form' && after.attribution?.ids.request === 'callback' ? 'call_back' : 'answer';
}

/** The message that the caller left in voicemail, or null. */
function voicemailOf({ recordings }: Interaction): Recording | null {
  return recordings.find(({ kind }) => kind === 'voicemail') ?? null;
}

/** The manager in whose mailbox the caller left a message, or null. */
function mailboxOwner(contact: Interaction): Named | null {
  const leg = voicemailOf(contact)?.leg ?? null;
  return leg === null ? null : (contact.legs[leg]?.manager ?? null);
}

/** Whether a manager has just talked with the party, in either direction. This resolves its missed calls. */
export function talkedNow(before: Interaction | null, after: Interaction): boolean {
  const talked = (one: Interaction | null) => one !== null && one.channel === 'call' && one.answeredAt !== null;
  return after.direction !== 'internal' && talked(after) && !talked(before);
}

/** The task that a contact creates for the manager who has to answer it. `owner` is given for missed calls. */
export function taskOf(contact: Interaction, kind: TaskKind, owner: Named | null | undefined, now: number): Task {
  return {
    id: contact.id,
    revision: 1,
    kind,
    state: 'open',
    manager: (owner === undefined ? (contact.assignee ?? contact.responsible) : owner) ?? mailboxOwner(contact),
    interaction: contact.id,
    latest: contact.id,
    contacts: 1,
    client: namedRef(contact.client),
    party: contact.party,
    // The subject distinguishes two letters of one client.
    text: contact.channel === 'email' ? contact.subject : null,
    dueAt: null,
    createdAt: timeText(now),
    escalatedAt: null,
    doneAt: null,
    doneBy: null,
  };
}

/** Reads a stored task. Older versions wrote fewer fields. */
export function parseTask(text: string): Task {
  const stored = JSON.parse(text) as Task;
  if (stored.contacts !== undefined) return stored;
  const { interaction } = stored;
  return { ...stored, latest: interaction, contacts: interaction === null ? 0 : 1, escalatedAt: null };
}

/** Marks a task as done by a manager, or automatically (null). */
export function doneTask(task: Task, by: Named | null, now: number): Task {
  return { ...task, state: 'done', doneAt: timeText(now), doneBy: by, revision: task.revision + 1 };
}
