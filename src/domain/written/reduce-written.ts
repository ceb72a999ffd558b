import { createHash } from 'node:crypto';
import { beginning } from '../base/clean-text.ts';
import type { InteractionId } from '../base/ids.ts';
import { sameData } from '../base/same-data.ts';
import { lineAttribution, lineRef, named, timeText } from '../call/call-facts.ts';
import { clientRef } from '../call/reduce-call.ts';
import { cleanText, normaliseEmail, parsePhone } from '../directory/identifiers.ts';
import { type MatchDecision, matchAt } from '../directory/match.ts';
import type { StaffIndex } from '../directory/staff-index.ts';
import type {
  Attachment,
  Interaction,
  LetterPage,
  LineRef,
  MessageState,
  Participant,
  Party,
  Suggestion,
} from '../interaction/interaction.ts';
import { unspoken, untouched } from '../interaction/untouched.ts';
import { noProblem, type StatedProblem } from '../outbound/problem.ts';
import { alsoSuggested } from './suggestions.ts';
import type { WrittenAttachment, WrittenContact, WrittenReport } from './written-contact.ts';

/** What the reducer needs besides the contact. */
export interface WrittenContext {
  readonly id: InteractionId;
  readonly match: MatchDecision;
  /** What it answers, where that is known: gives it its thread. */
  readonly parent: Interaction | null;
  /** Telephones and addresses that stand in its text. */
  readonly suggestions: readonly Suggestion[];
  /** Who else has it, with whose address it is. */
  readonly participants: readonly Participant[];
  readonly staff: StaffIndex;
  readonly country: string;
  readonly publicUrl: string;
  readonly now: number;
}

/** Characters of a text that an interaction carries; a longer one is cut, the whole lies in blob storage. */
export const longestText = 100_000;
const longestSubject = 998;

/**
 * The interaction after a written contact: a new one at revision 1, the existing one with one revision more, or null
 * where the contact tells nothing new. What humans decided stays; a state never goes back.
 */
export function reduceWritten(
  existing: Interaction | null,
  contact: WrittenContact,
  context: WrittenContext,
): Interaction | null {
  if (existing === null) return createWritten(contact, context);
  // A form is sent once: what comes under its key again is a repeat, whatever it says.
  if (contact.channel === 'form') return null;
  const line = lineOf(contact, context);
  const state = laterState(existing.state as MessageState, contact.state);
  const next: Interaction = {
    ...existing,
    state,
    // It went out after all: a doubt that stood there is settled.
    ...(existing.state === 'queued' && state !== 'queued' && state !== 'failed' && noProblem),
    ...(contact.subject !== null && { subject: cleanText(contact.subject, longestSubject) }),
    ...(contact.text !== null && { text: bodyText(contact.text) }),
    ...(contact.attachments.length > 0 && { attachments: attachmentsOf(contact.attachments, context) }),
    html: existing.html ?? pageOf(contact, context),
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
    responsible: named(staff.byId(client?.responsible ?? null)),
    handledBy: writerOf(contact, context),
    line,
    attribution: contact.attribution ?? lineAttribution(staff, contact.connection, contact.line),
    startedAt: at,
    endedAt: at,
    ...unspoken,
    ...untouched,
    subject: contact.subject === null ? null : cleanText(contact.subject, longestSubject),
    text: contact.text === null ? null : bodyText(contact.text),
    attachments: attachmentsOf(contact.attachments, context),
    html: pageOf(contact, context),
    thread: threadOf(contact, context),
    causedBy: context.parent?.id ?? null,
    automatic: contact.automatic,
    suggestions: context.suggestions,
    participants: context.participants,
    reconstructed: false,
  };
}

/** The interaction after a report of the outside, or null where it tells nothing new. */
export function reduceReport(
  existing: Interaction,
  report: Pick<WrittenReport, 'state' | 'problem' | 'problemReason' | 'at'>,
): Interaction | null {
  const state = laterState(existing.state as MessageState, report.state);
  if (state === existing.state) return null;
  // What has gone out has no problem any more: nobody should send it again.
  const problem = state === 'failed' ? reportedProblem(report, existing) : noProblem;
  const endedAt = existing.endedAt ?? (state === 'failed' ? timeText(report.at) : null);
  return { ...existing, state, ...problem, endedAt, revision: existing.revision + 1 };
}

/** Why a report says that it failed; what was known before, where the report gives no reason. */
function reportedProblem(
  { problem, problemReason = null }: Pick<WrittenReport, 'problem' | 'problemReason'>,
  existing: Interaction,
): StatedProblem {
  if (problem === null) return { problem: existing.problem, problemReason: existing.problemReason };
  return { problem, problemReason };
}

/** A message once its writer has deleted it; null where that is known. What it said stays. */
export function deletedAt(existing: Interaction, at: number): Interaction | null {
  if (existing.deletedAt != null) return null;
  return { ...existing, deletedAt: timeText(at), revision: existing.revision + 1 };
}

/**
 * When something was written. No answer is older than what it answers, whatever its writer's clock says: clocks are minutes off, and a
 * letter's date has whole seconds (RFC 5322, 3.3). Such a clock is not believed, but the moment of the arrival.
 */
export function writtenAt(
  { at, arrivedAt }: Pick<WrittenContact, 'at' | 'arrivedAt'>,
  parent: Interaction | null,
): number {
  const earliest = parent === null ? at : Date.parse(parent.startedAt) + 1;
  return at >= earliest ? at : Math.max(earliest, arrivedAt ?? at);
}

/** An inbound contact once one of ours has answered it: waiting ends with the first answer. Null where it had ended. */
export function answeredAt(existing: Interaction, at: number): Interaction | null {
  const asked = Date.parse(existing.startedAt);
  if (existing.direction !== 'inbound' || existing.answeredAt !== null || at < asked) return null;
  const waitSeconds = Math.round((at - asked) / 1000);
  return { ...existing, answeredAt: timeText(at), waitSeconds, revision: existing.revision + 1 };
}

/** The identity of an attachment: the same bytes under the same name in the same interaction. */
export function attachmentId(interaction: InteractionId, { blob, name }: WrittenAttachment): string {
  return createHash('sha256').update(`${interaction}\n${blob}\n${name}`).digest('hex').slice(0, 32);
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

/** Letters keep their line breaks and tabs; other control characters (NUL above all) go, and the length is capped. */
export function bodyText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be taken away.
  const clean = text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
  return clean.length > longestText ? `${beginning(clean, longestText)}…` : clean;
}

const order: Readonly<Record<MessageState, number>> = {
  received: 0,
  queued: 0,
  sent: 1,
  failed: 2,
  delivered: 3,
  read: 4,
};

/** States only go forward; a failure that overtakes the proof of delivery is not believed. */
function laterState(before: MessageState, now: MessageState): MessageState {
  return order[now] > order[before] && before !== 'received' ? now : before;
}

/** Attachments as the outside sees them. */
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

function pageOf({ body }: WrittenContact, { id, publicUrl }: WrittenContext): LetterPage | null {
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
  return named(staff.byId(manager) ?? staff.byEmail(from));
}
