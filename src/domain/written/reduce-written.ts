import type { InteractionId } from '../base/ids.ts';
import { sameData } from '../base/same-data.ts';
import { timeText } from '../base/time-text.ts';
import { lineAttribution, lineRef } from '../call/call-facts.ts';
import { clientRef } from '../call/reduce-call.ts';
import { normaliseEmail } from '../directory/email-address.ts';
import { cleanText, parsePhone } from '../directory/identifiers.ts';
import { type MatchDecision, matchAt } from '../directory/match.ts';
import type { StaffIndex } from '../directory/staff-index.ts';
import type {
  Attachment,
  Interaction,
  LineRef,
  MessageState,
  Participant,
  Party,
  Suggestion,
} from '../interaction/interaction.ts';
import { namedRef } from '../interaction/named-ref.ts';
import { initialFields, noCallFields } from '../interaction/untouched.ts';
import { noProblem, type StatedProblem } from '../outbound/problem.ts';
import { attachmentId } from './attachment-id.ts';
import type { LetterPage } from './letter-page.ts';
import { contentAfter, firstContent } from './message-content.ts';
import { alsoSuggested } from './suggestions.ts';
import type { WrittenAttachment, WrittenBody, WrittenContact, WrittenReport } from './written-contact.ts';

/** Input of the reducer, in addition to the contact. */
export interface WrittenContext {
  readonly id: InteractionId;
  readonly match: MatchDecision;
  /** The contact that it answers, if known. It determines the thread. */
  readonly parent: Interaction | null;
  /** Telephone numbers and addresses in its text. */
  readonly suggestions: readonly Suggestion[];
  /** The further recipients. */
  readonly participants: readonly Participant[];
  readonly staff: StaffIndex;
  readonly country: string;
  readonly publicUrl: string;
  readonly now: number;
}

const maxSubjectLength = 998;

/**
 * The interaction after a written contact: a new one at revision 1, the existing one at its next revision, or null if nothing
 * changes. Human decisions are kept, and a state never goes back.
 */
export function reduceWritten(
  existing: Interaction | null,
  contact: WrittenContact,
  context: WrittenContext,
): Interaction | null {
  if (existing === null) return createWritten(contact, context);
  // A form is submitted once: anything else with its key is a repeat.
  if (contact.channel === 'form') return null;
  const line = lineOf(contact, context);
  const state = laterState(existing.state as MessageState, contact.state);
  const next: Interaction = {
    ...existing,
    state,
    // It was sent after all, so the earlier problem is resolved.
    ...(existing.state === 'queued' && state !== 'queued' && state !== 'failed' && noProblem),
    ...(contact.subject !== null && { subject: cleanText(contact.subject, maxSubjectLength) }),
    ...contentAfter(existing, contact, attachmentsOf(contact.attachments, context)),
    html: existing.html ?? pageOf(contact.body, context),
    alsoOn: withLine(existing, line),
    line: existing.line ?? line,
    thread: existing.thread ?? threadOf(contact, context),
    causedBy: existing.causedBy ?? context.parent?.id ?? null,
    handledBy: existing.handledBy ?? writerOf(contact, context),
    automatic: existing.automatic ?? contact.automatic,
    suggestions: alsoSuggested(existing.suggestions, context.suggestions),
  };
  return sameData(next, existing) ? null : { ...next, revision: existing.revision + 1 };
}

function createWritten(contact: WrittenContact, context: WrittenContext): Interaction {
  const { match, staff, now } = context;
  const internal = contact.direction === 'internal';
  const client = internal ? null : match.client;
  const line = lineOf(contact, context);
  const at = timeText(writtenAt(contact, context.parent));
  return {
    id: context.id,
    revision: 1,
    channel: contact.channel,
    direction: contact.direction,
    state: contact.state,
    party: writtenParty(contact, context.country),
    client: client === null ? null : clientRef(client),
    contact: internal ? null : match.contact,
    match: matchAt(
      internal ? { ...match, outcome: 'unknown', candidates: [] } : match,
      match.chosenAt ?? timeText(now),
    ),
    responsible: namedRef(staff.byId(client?.responsible ?? null)),
    handledBy: writerOf(contact, context),
    line,
    attribution: contact.attribution ?? lineAttribution(staff, contact.connection, contact.line),
    startedAt: at,
    endedAt: at,
    ...noCallFields,
    ...initialFields,
    subject: contact.subject === null ? null : cleanText(contact.subject, maxSubjectLength),
    ...firstContent(context.id, contact, attachmentsOf(contact.attachments, context)),
    html: pageOf(contact.body, context),
    thread: threadOf(contact, context),
    causedBy: context.parent?.id ?? null,
    automatic: contact.automatic,
    suggestions: context.suggestions,
    participants: context.participants,
    reconstructed: false,
  };
}

/** The interaction after a delivery report, or null if nothing is new. */
export function reduceReport(
  existing: Interaction,
  report: Pick<WrittenReport, 'state' | 'problem' | 'problemReason' | 'at'>,
): Interaction | null {
  const state = laterState(existing.state as MessageState, report.state);
  if (state === existing.state) return null;
  // A sent message has no problem any more, so that nobody sends it again.
  const problem = state === 'failed' ? reportedProblem(report, existing) : noProblem;
  const endedAt = existing.endedAt ?? (state === 'failed' ? timeText(report.at) : null);
  return { ...existing, state, ...problem, endedAt, revision: existing.revision + 1 };
}

/** The problem in a report, or the one known before. */
function reportedProblem(
  { problem, problemReason = null }: Pick<WrittenReport, 'problem' | 'problemReason'>,
  existing: Interaction,
): StatedProblem {
  if (problem === null) return { problem: existing.problem, problemReason: existing.problemReason };
  return { problem, problemReason };
}

/**
 * The time when a contact was written. Clocks may be minutes off, and letters have whole seconds (RFC 5322, 3.3), but an answer is
 * always later than what it answers. If the sender's clock contradicts this, the time of arrival is used.
 */
export function writtenAt(
  { at, arrivedAt }: Pick<WrittenContact, 'at' | 'arrivedAt'>,
  parent: Interaction | null,
): number {
  const earliest = parent === null ? at : Date.parse(parent.startedAt) + 1;
  return at >= earliest ? at : Math.max(earliest, arrivedAt ?? at);
}

/** An inbound contact after a manager's answer. Null if it was already answered. */
export function answeredAt(existing: Interaction, at: number): Interaction | null {
  const asked = Date.parse(existing.startedAt);
  if (existing.direction !== 'inbound' || existing.answeredAt !== null || at < asked) return null;
  const waitSeconds = Math.round((at - asked) / 1000);
  return { ...existing, answeredAt: timeText(at), waitSeconds, revision: existing.revision + 1 };
}

/** The outside party of a written contact, normalised. */
export function writtenParty({ party }: Pick<WrittenContact, 'party'>, country: string): Party {
  const { phone, ext } = parsePhone(party.phone ?? '', country);
  const email = party.email === null ? null : normaliseEmail(party.email);
  return {
    phone,
    raw: cleanText(party.phone ?? party.email ?? party.account?.id ?? '', 320),
    ext,
    withheld: false,
    email,
    account: party.account,
    name: party.name === null ? null : cleanText(party.name, 200) || null,
  };
}

const order: Readonly<Record<MessageState, number>> = {
  received: 0,
  queued: 0,
  sent: 1,
  failed: 2,
  delivered: 3,
  read: 4,
};

/** The later of two states. A failure after proof of delivery is ignored. */
export function laterState(before: MessageState, now: MessageState): MessageState {
  return order[now] > order[before] && before !== 'received' ? now : before;
}

/** Attachments as other programs see them. */
export function attachmentsOf(
  attachments: readonly WrittenAttachment[],
  context: Pick<WrittenContext, 'id' | 'publicUrl'>,
): readonly Attachment[] {
  return attachments.map((attachment) => {
    const id = attachmentId(context.id, attachment);
    const { mime, bytes } = attachment;
    const name = cleanText(attachment.name, 255) || 'file';
    return { id, name, mime, bytes, url: `${context.publicUrl}/api/v1/attachments/${id}` };
  });
}

/** Where a letter's original body is shown; null if its text says everything. */
export function pageOf(
  body: WrittenBody | null | undefined,
  { id, publicUrl }: Pick<WrittenContext, 'id' | 'publicUrl'>,
): LetterPage | null {
  if (body == null) return null;
  const { mime, remoteImages } = body;
  return { url: `${publicUrl}/api/v1/interactions/${id}/html`, styled: mime === 'text/html', remoteImages };
}

/** The conversation that a contact belongs to, or null. */
export function threadOf(contact: WrittenContact, { parent }: Pick<WrittenContext, 'parent'>): string | null {
  if (parent !== null) return parent.thread ?? parent.id;
  return contact.thread;
}

function lineOf({ connection, line }: WrittenContact, { staff }: WrittenContext): LineRef | null {
  return lineRef(staff, connection, line);
}

function withLine(existing: Interaction, line: LineRef | null): readonly LineRef[] {
  if (line === null || existing.line === null) return existing.alsoOn;
  const known = [existing.line, ...existing.alsoOn].some((one) => one.id === line.id);
  return known ? existing.alsoOn : [...existing.alsoOn, line];
}

function writerOf({ direction, manager, from }: WrittenContact, { staff }: WrittenContext): Interaction['handledBy'] {
  if (direction !== 'outbound') return null;
  return namedRef(staff.byId(manager) ?? staff.byEmail(from));
}
