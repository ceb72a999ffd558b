import type { EventKey, InteractionId } from '../../domain/base/ids.ts';
import { lineRef, named, timeText } from '../../domain/call/call-facts.ts';
import { clientRef } from '../../domain/call/reduce-call.ts';
import { type MatchDecision, matchAt } from '../../domain/directory/match.ts';
import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { Interaction } from '../../domain/interaction/interaction.ts';
import { unspoken, untouched } from '../../domain/interaction/untouched.ts';
import type { Outbound, OutboundContent, SendOutcome } from '../../domain/outbound/outbound.ts';
import type { BlobId } from '../../domain/ports/blobs.ts';
import type { Write } from '../../domain/ports/writes.ts';
import {
  answeredAt,
  bodyText,
  deletedAt,
  reduceReport,
  writtenAt,
  writtenParty,
} from '../../domain/written/reduce-written.ts';
import type { WrittenContact, WrittenDeletion, WrittenReport } from '../../domain/written/written-contact.ts';
import { type Refusal, refuse } from './decisions.ts';

/** A letter or message that one of ours wrote. */
export type SendWrite = Extract<Write, { op: 'send' }>;

/** Reports of keys that nobody knows yet are forgotten after this, in milliseconds. */
export const pendingReportLife = 3 * 86_400_000;

/** Contacts of one thread that are looked at when one of ours answers. */
export const threadWindow = 50;

/** A row of the table `outbound`; `content` is JSON. */
export interface OutboundRow extends Omit<Outbound, 'nextAt' | 'expiresAt' | 'content'> {
  readonly next_at: number;
  readonly expires_at: number;
  readonly content: string;
}

/** A row as the domain says it. */
export function outboundOf(row: OutboundRow): Outbound {
  const { next_at, expires_at, content, ...rest } = row;
  return {
    ...rest,
    attempts: Number(row.attempts),
    nextAt: Number(next_at),
    expiresAt: Number(expires_at),
    content: JSON.parse(content) as OutboundContent,
  };
}

/** Whether a written contact is an answer of ours that left: what the other side waited for. */
export function isAnswer({
  direction,
  automatic,
  state,
}: Pick<Interaction, 'direction' | 'automatic' | 'state'>): boolean {
  return direction === 'outbound' && automatic === null && hasLeft({ state });
}

/** The blobs that a contact's files and its body lie in. */
export function blobsOf({ attachments, body }: Pick<WrittenContact, 'attachments' | 'body'>): readonly BlobId[] {
  return [...attachments.map(({ blob }) => blob), ...(body == null ? [] : [body.blob])];
}

/** The interaction that has a contact's key, where the key still tells that they are the same. */
export function sameContact(
  keyed: Interaction | null,
  { keyLife, at }: Pick<WrittenContact, 'keyLife' | 'at'>,
): Interaction | null {
  if (keyed === null || keyLife === undefined) return keyed;
  return at - Date.parse(keyed.startedAt) < keyLife ? keyed : null;
}

/** Nobody of ours reads and answers faster than this, in milliseconds; letters and some messengers tell times in whole seconds. */
const quickestAnswer = 1000;

/**
 * When the first answer of ours in a thread was written to what is read only now, or null. What had not arrived by then crossed with
 * it, but for what the answer names.
 */
function answerIn(thread: readonly Interaction[], { id, startedAt }: Interaction, arrivedAt?: number): number | null {
  const asked = Date.parse(startedAt);
  const earliest = Math.max(asked + quickestAnswer, arrivedAt ?? asked);
  const times = thread.filter(isAnswer).map((one) => [one.causedBy, Date.parse(one.startedAt)] as const);
  const later = times.flatMap(([cause, at]) => (cause === id || at >= earliest ? [at] : []));
  return later.length === 0 ? null : Math.min(...later);
}

/**
 * What of a thread waited for an answer of ours that left at `at`: before and after. What was written after it waits on, however late
 * it left.
 */
export function answeredBy(
  answer: Interaction,
  thread: readonly Interaction[],
  at: number,
): readonly (readonly [before: Interaction, after: Interaction])[] {
  return thread.flatMap((before) => {
    const after = before.startedAt > answer.startedAt ? null : answeredAt(before, at);
    return after === null ? [] : [[before, after] as const];
  });
}

/** Under what a deletion is kept that came before its message; reports of the same message have another place. */
export function deletionKey(key: EventKey): EventKey {
  return `${key} deleted` as EventKey;
}

/** An interaction after what was told of it before it came, if that says anything new; the revision stays. */
export function withTold(interaction: Interaction, told: WrittenReport | WrittenDeletion): Interaction {
  const next = told.kind === 'report' ? reduceReport(interaction, told) : deletedAt(interaction, told.at);
  return next === null ? interaction : { ...next, revision: interaction.revision };
}

/** What a contact inherits of its conversation: whom that was handed over to, and the answer, where it was read out of order. */
export function inConversation(
  interaction: Interaction,
  thread: readonly Interaction[],
  { arrivedAt }: Pick<WrittenContact, 'arrivedAt'>,
): Interaction {
  const assignee = interaction.assignee ?? thread.find((one) => one.id !== interaction.id)?.assignee ?? null;
  const own = { ...interaction, assignee };
  const at = own.direction === 'inbound' ? answerIn(thread, own, arrivedAt) : null;
  const next = at === null ? null : answeredAt(own, at);
  return next === null ? own : { ...next, revision: own.revision };
}

/** What a contact is looked up by: an internal one by nothing. */
export function partyOf(contact: WrittenContact, country: string) {
  const party = writtenParty(contact, country);
  return contact.direction === 'internal' ? { ...party, phone: null, email: null, account: null } : party;
}

/** What is sent: the words as everybody here reads them, for services refuse or cut at control characters. */
export function outboundContent({ content }: SendWrite, replyTo: OutboundContent['replyTo']): OutboundContent {
  return { ...content, text: bodyText(content.text), replyTo };
}

/** The interaction of something that is about to be sent, at its first revision. */
export function queuedInteraction(
  id: InteractionId,
  write: SendWrite,
  content: OutboundContent,
  about: {
    readonly parent: Interaction | null;
    readonly match: MatchDecision;
    readonly staff: StaffIndex;
    readonly country: string;
    readonly publicUrl: string;
    readonly connection: string;
    readonly attachments: Interaction['attachments'];
  },
): Interaction {
  const { parent, match, staff, country, connection } = about;
  const call = write.channel === 'call';
  const at = timeText(call ? write.at : writtenAt(write, parent));
  // What a human chose for the conversation holds for its answers too.
  const client = parent?.client ?? (match.client === null ? null : clientRef(match.client));
  return {
    id,
    revision: 1,
    channel: write.channel,
    direction: 'outbound',
    state: 'queued',
    party: writtenParty({ party: content.to }, country),
    client,
    contact: parent?.contact ?? match.contact,
    match: parent?.match ?? matchAt(match, match.chosenAt ?? at),
    responsible: parent?.responsible ?? named(staff.byId(match.client?.responsible ?? null)),
    handledBy: named(staff.byId(content.manager)),
    line: content.line === null ? (parent?.line ?? null) : lineRef(staff, connection, content.line),
    attribution: null,
    startedAt: at,
    endedAt: call ? null : at,
    ...unspoken,
    ...untouched,
    subject: content.subject,
    text: call ? null : content.text,
    attachments: about.attachments,
    // A letter that begins a conversation gives it its name, whichever is read first: its copy in Sent, or the answer.
    assignee: call ? null : (parent?.assignee ?? null),
    thread: call ? null : parent === null ? (write.channel === 'email' ? id : null) : (parent.thread ?? parent.id),
    causedBy: parent?.id ?? null,
    automatic: content.automatic === true ? 'auto_reply' : null,
    reconstructed: false,
  };
}

/** Why something can't be sent: nothing says by which connection. */
export function handleless({ answers }: SendWrite): Refusal {
  return answers === null
    ? refuse('invalid', 'expected a connection or an interaction to answer, found neither')
    : refuse('conflict', `interaction ${answers} came by nothing that can be answered`);
}

/** Why a step of sending is refused: the row is not there, or not in the state that the step begins at. */
export function notSent(id: InteractionId, row: Outbound | null, expected: Outbound['state']): Refusal {
  if (row === null) return refuse('not_found', `nothing to be sent is called ${id}`);
  return refuse('conflict', `expected ${id} to be ${expected}, it is ${row.state}`);
}

/** Why something is not sent again: it is known to have gone out. */
export function alreadySent(id: InteractionId): Refusal {
  return refuse('conflict', `${id} has been sent: its copy or a report of it has been seen`);
}

/** How an outbound row goes on after an attempt. */
export function afterSending(row: Outbound, outcome: SendOutcome, at: number): Pick<Outbound, 'state' | 'nextAt'> {
  switch (outcome.kind) {
    case 'sent':
      return { state: 'done', nextAt: at };
    case 'failed':
      return { state: 'failed', nextAt: at };
    case 'uncertain':
      return { state: 'uncertain', nextAt: at };
    case 'retry': {
      const nextAt = at + (outcome.after ?? 0);
      return nextAt >= row.expiresAt ? { state: 'failed', nextAt } : { state: 'due', nextAt };
    }
  }
}

/**
 * Whether what was to be sent is known to have gone out, whatever its sender could tell: its copy or a report has been seen, or
 * the call itself.
 */
export function hasLeft({
  state,
  legs = [],
}: Pick<Interaction, 'state'> & Partial<Pick<Interaction, 'legs'>>): boolean {
  return state === 'sent' || state === 'delivered' || state === 'read' || legs.length > 0;
}

/** The interaction after an attempt to send it, or null where nothing changed that anybody sees. */
export function afterSent(
  before: Interaction,
  row: Outbound['state'],
  outcome: SendOutcome,
  at: number,
): Interaction | null {
  if (outcome.kind !== 'sent' && hasLeft(before)) return null;
  const call = before.channel === 'call';
  // The call itself, or why it did not come about, may be known before the PBX has answered.
  if (call && before.state !== 'queued') return null;
  const next: Interaction =
    outcome.kind === 'sent'
      ? { ...before, state: outcome.state, problem: null }
      : {
          ...before,
          state: row === 'failed' ? 'failed' : before.state,
          endedAt: call && row === 'failed' ? timeText(at) : before.endedAt,
          problem: outcome.error,
        };
  if (next.state === before.state && next.problem === before.problem) return null;
  return { ...next, revision: before.revision + 1 };
}
