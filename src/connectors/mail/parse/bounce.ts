import type { Reason } from '../../../domain/base/reason.ts';
import { normaliseEmail } from '../../../domain/directory/email-address.ts';
import { cleanText } from '../../../domain/directory/identifiers.ts';
import type { MessageState } from '../../../domain/interaction/interaction.ts';
import { noProblem, problemOf, type StatedProblem } from '../../../domain/outbound/problem.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { concernsAddress, type FailedAddress } from '../../../domain/written/undeliverable.ts';
import { isReceipt } from './automatic.ts';
import type { Letter, LetterFile } from './model.ts';

/** Recipients that a problem names. */
const maxListed = 20;

/** What a mail system says of a letter of ours. */
export interface MailReport extends StatedProblem {
  /** Message-ID of the letter it speaks of. */
  readonly messageId: string;
  readonly state: Extract<MessageState, 'failed' | 'delivered' | 'read'>;
  /** The addresses that it says are dead. */
  readonly undeliverable: readonly FailedAddress[];
}

/** The part of a report about one recipient (RFC 3464, 2.3). */
interface RecipientStatus {
  readonly recipient: string;
  /** The address we wrote to, if the letter was forwarded to `recipient`. */
  readonly original: string;
  readonly action: string;
  readonly status: string;
  readonly why: string;
}

/** Reads the report in a bounce (RFC 3464, else X-Failed-Recipients) or a receipt (RFC 8098). Null if it names no letter of ours. */
export function reportOf(letter: Letter, files: readonly LetterFile[]): MailReport | null {
  const status = files.find(
    ({ mime }) => mime === 'message/delivery-status' || mime === 'message/global-delivery-status',
  );
  const receipt = files.find(({ mime }) => mime === 'message/disposition-notification');
  const messageId = originalId(letter, files, receipt);
  if (messageId === null) return null;
  if (isReceipt(letter)) {
    const disposition = fieldsOf(unfolded(textOf(receipt))).get('disposition') ?? '';
    const displayed = disposition.split(';')[1]?.trim().toLowerCase().startsWith('displayed') ?? false;
    return displayed ? { messageId, state: 'read', ...noProblem, undeliverable: [] } : null;
  }
  const statuses = recipients(textOf(status));
  const failed = statuses.filter(({ action }) => action === 'failed');
  if (failed.length > 0) {
    const problem = problemOf(cameBackFrom(failed.slice(0, maxListed)));
    return { messageId, state: 'failed', ...problem, undeliverable: failed.flatMap(deadAddress) };
  }
  if (statuses.some(({ action }) => action === 'delivered'))
    return { messageId, state: 'delivered', ...noProblem, undeliverable: [] };
  const named = letter.headers.get('x-failed-recipients')?.join(', ');
  if (statuses.length > 0 || named === undefined) return null;
  // The text is meant for humans and does not give a status for each address, so none is marked as undeliverable.
  const problem = problemOf(reason('bounced', { address: cleanText(named, 500), said: cleanText(letter.text, 500) }));
  return { messageId, state: 'failed', ...problem, undeliverable: [] };
}

/** Who did not get it, and why. */
function cameBackFrom(failed: readonly RecipientStatus[]): Reason {
  const each = failed.map(({ recipient, status, why }) => {
    // Words that are a bare status repeat what stands before them.
    const said = /^[\d.]+$/.test(why) ? null : why;
    if (status === '') return reason('bounced', { address: recipient, said });
    return reason('cameBack', { address: recipient, status, said });
  });
  const [only, ...others] = each;
  return only !== undefined && others.length === 0 ? only : reason('cameBackFromSome', { each });
}

/** The address we wrote to, if it does not exist. */
function deadAddress({ recipient, original, status, why }: RecipientStatus): readonly FailedAddress[] {
  const email = normaliseEmail(original) ?? normaliseEmail(recipient);
  return email === null || !concernsAddress(status) ? [] : [{ email, status, why }];
}

function recipients(text: string): readonly RecipientStatus[] {
  const blocks = unfolded(text).split(/\n[ \t]*\n/);
  return blocks.flatMap((block) => {
    const fields = fieldsOf(block);
    const field = (name: string) => fields.get(name) ?? '';
    const address = (name: string) => cleanText(field(name).replace(/^[\w-]+;\s*/, ''), 254);
    const original = address('original-recipient');
    const recipient = address('final-recipient') || original;
    if (recipient === '') return [];
    const diagnostic = field('diagnostic-code').replace(/^[\w-]+;\s*/, '');
    const why = cleanText(diagnostic || field('status') || 'no reason given', 500);
    return [
      { recipient, original, action: field('action').toLowerCase(), status: statusOf(field('status'), why), why },
    ];
  });
}

/** Joins continuation lines. */
function unfolded(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/\n[ \t]+(?=\S)/g, ' ');
}

/** The fields of a block by lower-case name. The first of repeated fields counts. */
function fieldsOf(block: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    if (name !== '' && !found.has(name)) found.set(name, line.slice(colon + 1).trim());
  }
  return found;
}

/** The status code. Instead of a generic one (`5.0.0`, as Exim sends), the code in the server's message is used if there is one. */
function statusOf(field: string, why: string): string {
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(field)?.[0] ?? '';
  if (status !== '' && !status.endsWith('.0.0')) return status;
  return /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(why)?.[0] ?? status;
}

function originalId(letter: Letter, files: readonly LetterFile[], receipt: LetterFile | undefined): string | null {
  const original = /^original-message-id:\s*<([^<>\s]+)>/im.exec(textOf(receipt))?.[1];
  if (original !== undefined) return original;
  for (const file of files) {
    if (!/^(message\/(rfc822|global)|text\/rfc822-headers|message\/rfc822-headers)$/.test(file.mime)) continue;
    const id = /^message-id:\s*<([^<>\s]+)>/im.exec(textOf(file).replace(/\r?\n[ \t]+/g, ' '))?.[1];
    if (id !== undefined) return id;
  }
  const quoted = /^message-id:\s*<([^<>\s]+)>/im.exec(letter.text)?.[1];
  return quoted ?? letter.answers[0] ?? null;
}

/** The beginning of a file as text. Reports are short. */
function textOf(file: LetterFile | undefined): string {
  return file === undefined ? '' : Buffer.from(file.content.subarray(0, 200_000)).toString('utf8');
}
