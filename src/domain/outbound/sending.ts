import type { InteractionId } from '../base/ids.ts';
import { timeText } from '../base/time-text.ts';
import { lineRef } from '../call/call-facts.ts';
import { clientRef } from '../call/reduce-call.ts';
import { type MatchDecision, matchAt } from '../directory/match.ts';
import type { StaffIndex } from '../directory/staff-index.ts';
import type { Interaction, MessageState } from '../interaction/interaction.ts';
import { namedRef } from '../interaction/named-ref.ts';
import { initialFields, noCallFields } from '../interaction/untouched.ts';
import { type Refusal, refuse } from '../ports/refusal.ts';
import type { Write } from '../ports/writes.ts';
import { bodyText } from '../written/body-text.ts';
import { withEarlier } from '../written/earlier-letter.ts';
import { sentParts } from '../written/message-content.ts';
import { laterState, pageOf, writtenAt, writtenParty } from '../written/reduce-written.ts';
import { hasLeft, type Outbound, type OutboundContent, type SendOutcome } from './outbound.ts';
import { noProblem, problemOf } from './problem.ts';

/** A request to send a letter or message, or to make a call. */
export type SendWrite = Extract<Write, { op: 'send' }>;

/** The content to send, without control characters, which some services refuse and others truncate at. */
export function outboundContent({ content }: SendWrite, replyTo: OutboundContent['replyTo']): OutboundContent {
  return { ...content, text: bodyText(content.text), replyTo };
}

/** The interaction of an outbound contact, at its first revision. */
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
    readonly participants: Interaction['participants'];
  },
): Interaction {
  const { parent, match, staff, country, connection } = about;
  const call = write.channel === 'call';
  const at = timeText(call ? write.at : writtenAt(write, parent));
  // A human's choice of a client also applies to answers in the conversation.
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
    responsible: parent?.responsible ?? namedRef(staff.byId(match.client?.responsible ?? null)),
    handledBy: namedRef(staff.byId(content.manager)),
    line: content.line === null ? (parent?.line ?? null) : lineRef(staff, connection, content.line),
    attribution: null,
    startedAt: at,
    endedAt: call ? null : at,
    ...noCallFields,
    ...initialFields,
    subject: content.subject,
    text: call ? null : shownText(content),
    attachments: about.attachments,
    html: pageOf(content.formatted, { id, publicUrl: about.publicUrl }),
    participants: about.participants,
    // The first letter of a conversation determines its thread, so that the copy in Sent and the answer may be read in either order.
    assignee: call ? null : (parent?.assignee ?? null),
    thread: call ? null : parent === null ? (write.channel === 'email' ? id : null) : (parent.thread ?? parent.id),
    causedBy: parent?.id ?? null,
    automatic: content.automatic === true ? 'auto_reply' : null,
    sendAt: write.sendAt === undefined ? null : timeText(write.sendAt),
    reconstructed: false,
  };
}

/** The text that people read of it: with the letter that it forwards, but without the one that it answers. */
function shownText({ text, earlier }: OutboundContent): string {
  return earlier?.how === 'forwarded' ? bodyText(withEarlier(text, earlier)) : text;
}

/** The refusal if no connection is known for sending. */
export function noSender({ answers }: SendWrite): Refusal {
  return answers === null
    ? refuse('invalid', 'expected a connection or an interaction to answer, found neither')
    : refuse('conflict', `interaction ${answers} cannot be answered`);
}

/** The refusal of a step of sending because the row is missing or in another state. */
export function notSent(id: InteractionId, row: Outbound | null, expected: Outbound['state']): Refusal {
  if (row === null) return refuse('not_found', `no outbound contact ${id}`);
  return refuse('conflict', `expected ${id} to be ${expected}, it is ${row.state}`);
}

/** The refusal to send something again that is known to have been sent. */
export function alreadySent(id: InteractionId): Refusal {
  return refuse('conflict', `${id} has been sent: its copy or a report of it has been seen`);
}

/** An outbound row after an attempt. */
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

/** The interaction after an attempt to send it, or null if nothing visible changed. */
export function afterSent(
  before: Interaction,
  row: Outbound['state'],
  outcome: SendOutcome,
  at: number,
): Interaction | null {
  if (outcome.kind !== 'sent' && hasLeft(before)) return null;
  const call = before.channel === 'call';
  // Events of the call may arrive before the PBX answers the request.
  if (call && before.state !== 'queued') return null;
  const next: Interaction =
    outcome.kind === 'sent'
      ? {
          ...before,
          ...begunBy(before, outcome.conversation),
          ...progress(before, outcome),
          sendAt: null,
          ...(outcome.parts !== undefined && { parts: sentParts(before.id, outcome.parts) }),
        }
      : {
          ...before,
          state: row === 'failed' ? 'failed' : before.state,
          sendAt: null,
          endedAt: call && row === 'failed' ? timeText(at) : before.endedAt,
          ...problemOf(outcome.reason),
        };
  const isSame =
    next.state === before.state &&
    next.problem === before.problem &&
    next.thread === before.thread &&
    next.parts === before.parts;
  if (isSame) return null;
  return { ...next, revision: before.revision + 1 };
}

/** How far a sent contact came. A report may arrive before the service answers, and then knows more than the answer. */
function progress(
  { channel, state, problem, problemReason }: Interaction,
  { state: answered, problem: noted }: Extract<SendOutcome, { kind: 'sent' }>,
): Pick<Interaction, 'state' | 'problem' | 'problemReason'> {
  const later = channel === 'call' ? answered : laterState(state as MessageState, answered);
  if (later === 'failed') return { state: later, problem, problemReason };
  return { state: later, ...(noted === undefined ? noProblem : problemOf(noted)) };
}

/** The conversation that a first message began: the contact's, if it has none yet. */
function begunBy(
  { thread, party }: Interaction,
  begun: Extract<SendOutcome, { kind: 'sent' }>['conversation'],
): Partial<Pick<Interaction, 'thread' | 'party'>> {
  if (begun === undefined || thread !== null) return {};
  return { thread: begun.thread, party: { ...party, account: party.account ?? begun.account } };
}
