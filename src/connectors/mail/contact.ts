import { beginning } from '../../domain/base/clean-text.ts';
import { type EventKey, isInteractionId } from '../../domain/base/ids.ts';
import { normaliseEmail } from '../../domain/directory/email-address.ts';
import { cleanText } from '../../domain/directory/identifiers.ts';
import type { Staff } from '../../domain/directory/manager.ts';
import { noMarks, withLineMarks } from '../../domain/interaction/attribution.ts';
import type { ContactEvent } from '../../domain/interaction/contact-event.ts';
import type { Attribution, Automatic, Direction } from '../../domain/interaction/interaction.ts';
import { outboundKey } from '../../domain/outbound/outbound.ts';
import type { BlobId } from '../../domain/ports/blobs.ts';
import type { WrittenAttachment, WrittenBody, WrittenContact } from '../../domain/written/written-contact.ts';
import { isJournalled } from './journal.ts';
import { type IsOurs, ownAddresses } from './own-addresses.ts';
import { automaticOf } from './parse/automatic.ts';
import type { MailReport } from './parse/bounce.ts';
import { letterKey, sharedName, threadName } from './parse/identity.ts';
import type { LetterHead, MailAddress } from './parse/model.ts';
import type { MailConfig } from './schema.ts';
import { answersOurs, authorOf, isThroughOurGroup, type Visitor, visitorOf } from './senders.ts';

/** Role of a folder: received letters, sent letters, or letters that the server considers spam. */
export type FolderRole = 'inbox' | 'sent' | 'spam';

/** A parsed letter. */
export interface ReadLetter {
  readonly letter: LetterHead;
  /** The author's own text without quotations, with remarks such as the event of an invitation. */
  readonly text: string;
  /** The letters and digits of the whole text. */
  readonly words: string;
  readonly attachments: readonly WrittenAttachment[];
  /** All files including the pictures that its body shows, part of the letter's key. */
  readonly files: readonly BlobId[];
  /** Whether it reports, by its words, that a letter could not be delivered. */
  readonly bounced: boolean;
  /** The original body, unless `text` contains all of it. */
  readonly body: WrittenBody | null;
  readonly report: MailReport | null;
  /** When it arrived in the mailbox, in milliseconds since the epoch. */
  readonly arrivedAt: number;
}

/** Where a letter was found. */
export interface Where {
  readonly connection: string;
  readonly role: FolderRole;
  readonly config: MailConfig;
  readonly staff: Staff;
}

/** The header that identifies our own letters, as some servers replace the Message-ID. */
export const ourHeader = 'x-patchbay-id';

/** Limit of further recipients. A letter to more is a circular. */
const maxOthers = 20;

/** The events of a letter, beginning with its contact. */
export type LetterEvents = readonly [WrittenContact, ...ContactEvent[]];

/** Converts a letter to events: its contact, and if it reports on an earlier letter of ours, that report. */
export function eventsOf(read: ReadLetter, where: Where): LetterEvents {
  const contact = contactOf(read, where);
  if (read.report === null) return [contact];
  const { messageId, ...result } = read.report;
  const { connection } = where;
  const key = sharedName(messageId);
  return [contact, { kind: 'report', key, connection, ...result, at: contact.at }];
}

/** Converts a letter to a written contact. */
export function contactOf(read: ReadLetter, where: Where): WrittenContact {
  const { letter, text, words, attachments, body, report } = read;
  const isOurs = ownAddresses(where.config, where.staff);
  const visitor = where.role === 'sent' || read.bounced ? null : visitorOf(letter, where.config, isOurs);
  const { direction, party } = sides(letter, where, isOurs, visitor);
  const key = letterKey(letter, words, read.files);
  const outbound = direction === 'outbound';
  const line = lineOf(letter, where, outbound, isOurs);
  const answers = report === null ? letter.answers : [report.messageId, ...letter.answers];
  return {
    kind: 'written',
    channel: 'email',
    key,
    aliases: ownIds(letter, where),
    sharedNames: letter.messageId === null ? [] : [sharedName(letter.messageId)],
    connection: where.connection,
    direction,
    state: outbound ? 'sent' : 'received',
    party: { phone: null, email: party?.address ?? null, account: null, name: party?.name ?? null },
    others: direction === 'internal' ? [] : othersOf(letter, party, isOurs),
    line,
    manager: null,
    from: outbound ? (letter.from?.address ?? null) : null,
    at: writtenAt(read),
    arrivedAt: read.arrivedAt,
    subject: letter.subject,
    text,
    attachments,
    body,
    thread: threadName(letter, key),
    answers: answers.flatMap((id) => [sharedName(id), ...sentId(id)]),
    attribution: direction !== 'inbound' || visitor === null ? null : siteMarks(visitor, line, where),
    automatic: automatic(read, where, direction, visitor),
    handle: direction === 'internal' ? null : handleOf(letter, party),
  };
}

/** The `outbound` keys of one of our own letters. They are accepted in the Sent folder only, as anybody could forge the header. */
function ownIds(letter: LetterHead, { role }: Where): readonly EventKey[] {
  if (role !== 'sent') return [];
  const header = letter.headers.get(ourHeader)?.[0]?.trim() ?? '';
  const ids = [...(isInteractionId(header) ? [outboundKey(header)] : []), ...sentId(letter.messageId ?? '')];
  return [...new Set(ids)];
}

/** The `outbound` key in a Message-ID of ours; see {@link ourMessageId}. */
function sentId(messageId: string): readonly EventKey[] {
  const id = /^patchbay\.([0-9a-f-]{36})@/.exec(messageId)?.[1] ?? '';
  return isInteractionId(id) ? [outboundKey(id)] : [];
}

/** The Message-ID (without brackets) of a letter that we send, by which the letter is recognised everywhere. */
export function ourMessageId(outbound: string, address: string): string {
  return `patchbay.${outbound}@${address.slice(address.lastIndexOf('@') + 1)}`;
}

/** Determines the direction of a letter, and the party at the other end. */
function sides(
  letter: LetterHead,
  { role, config }: Where,
  isOurs: IsOurs,
  visitor: Visitor | null,
): { readonly direction: Direction; readonly party: MailAddress | null } {
  const { replyTo } = letter;
  const from = role === 'sent' ? letter.from : authorOf(letter, isOurs);
  const recipients = [...letter.to, ...letter.cc, ...letter.bcc];
  const outside = recipients.find(({ address }) => !isOurs(address)) ?? null;
  const ours =
    role === 'sent' ||
    (from !== null && isOurs(from.address)) ||
    (role === 'inbox' && isJournalled(letter, config, isOurs));
  if (!ours) return { direction: 'inbound', party: visitor?.party ?? from ?? replyTo };
  if (outside !== null) return { direction: 'outbound', party: outside };
  // A web form that writes with our own address names its visitor in Reply-To.
  if (role !== 'sent' && replyTo !== null && !isOurs(replyTo.address)) return { direction: 'inbound', party: replyTo };
  if (recipients.length === 0 && role === 'sent') return { direction: 'outbound', party: null };
  return { direction: 'internal', party: role === 'sent' ? (recipients[0] ?? null) : from };
}

/** Further recipients outside of the company. */
function othersOf(
  { to, cc }: LetterHead,
  party: MailAddress | null,
  isOurs: IsOurs,
): NonNullable<WrittenContact['others']> {
  const found = [...to, ...cc].flatMap(({ address, name }) => {
    const email = normaliseEmail(address);
    if (email === null || isOurs(email) || email === party?.address) return [];
    return [[email, { email, name: name === null ? null : cleanText(name, 200) || null }] as const];
  });
  return [...new Map(found).values()].slice(0, maxOthers);
}

/** The line of a letter: the address recorded by mail servers, else a recipient, else the address of the mailbox. */
function lineOf(letter: LetterHead, { config, staff, connection }: Where, outbound: boolean, isOurs: IsOurs): string {
  if (outbound) return letter.from !== null && isOurs(letter.from.address) ? letter.from.address : config.address;
  const lines = new Set(
    staff.lines
      .filter((line) => line.channel === 'email' && (line.connection === null || line.connection === connection))
      .map(({ address }) => address.toLowerCase()),
  );
  const own = config.address.toLowerCase();
  const named = [...letter.deliveredTo, ...[...letter.to, ...letter.cc].map(({ address }) => address)];
  const mine = new Set([own, ...config.addresses.map((one) => one.toLowerCase())]);
  return named.find((address) => lines.has(address) && mine.has(address)) ?? own;
}

/** When a letter was written, by its date. If the date is implausible, such as after its arrival, it is the time of arrival. */
function writtenAt({ letter, arrivedAt }: ReadLetter): number {
  const { date } = letter;
  return date === null || date > arrivedAt || date < 0 ? arrivedAt : date;
}

/** Where a form's visitor came from: the marks of the line, and the site. */
function siteMarks({ site }: Visitor, address: string, { staff, connection }: Where): Attribution {
  const line = staff.lines.find(
    (one) =>
      one.channel === 'email' &&
      one.address.toLowerCase() === address &&
      (one.connection === null || one.connection === connection),
  );
  const marks = withLineMarks({ ...noMarks, ids: { site } }, line?.attribution ?? null) ?? noMarks;
  return { ...marks, source: marks.source ?? site };
}

function automatic(
  { letter, bounced }: Pick<ReadLetter, 'letter' | 'bounced'>,
  { role, config, staff }: Where,
  direction: Direction,
  visitor: Visitor | null,
): Automatic | null {
  const isOurs = ownAddresses(config, staff);
  const inbound = direction === 'inbound';
  const known = {
    answersOurs: inbound && answersOurs(letter, config, isOurs),
    ourGroup: inbound && isThroughOurGroup(letter, isOurs),
  };
  const marked = bounced ? 'bounce' : automaticOf(letter, known);
  // A form's letter is the visitor's, whatever its program says of itself.
  const found = visitor !== null && marked !== 'spam' ? null : marked;
  if (direction === 'inbound' && found === null && role === 'spam') return 'spam';
  return found;
}

/** Data for a reply: the recipient, and the ids that make it part of the conversation. */
function handleOf(letter: LetterHead, party: MailAddress | null): Readonly<Record<string, string>> {
  const to = party !== null && letter.from?.address === party.address ? (letter.replyTo ?? party) : party;
  const references = [...letter.answers].reverse();
  const ids = [letter.root, ...references.slice(-10), letter.messageId];
  const text: Record<string, string | null> = {
    messageId: letter.messageId,
    references: [...new Set(ids.filter((id) => id !== null))].join(' '),
    subject: letter.subject === null ? null : beginning(letter.subject, 500),
    to: to?.address ?? null,
  };
  return Object.fromEntries(Object.entries(text).filter((entry): entry is [string, string] => entry[1] !== null));
}
