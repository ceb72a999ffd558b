import { Readable } from 'node:stream';
import { domainToASCII } from 'node:url';
import MailComposer, { type MailComposerOptions } from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import { cleanText } from '../../../domain/directory/identifiers.ts';
import type { Staff } from '../../../domain/directory/manager.ts';
import type { Outbound } from '../../../domain/outbound/outbound.ts';
import type { Blobs } from '../../../domain/ports/blobs.ts';
import type { WrittenAttachment } from '../../../domain/written/written-contact.ts';
import { replySubject } from '../../../domain/written/written-contact.ts';
import { ourHeader, ourMessageId } from '../contact.ts';
import { ownAddresses } from '../own-addresses.ts';
import type { MailConfig } from '../schema.ts';

/** What a letter is made of, beside what was written. */
export interface ComposeParts {
  readonly config: MailConfig;
  readonly staff: Staff;
  readonly blobs: Pick<Blobs, 'open'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A letter of ours that is ready to go. Composing it again gives the same bytes. */
export interface ComposedLetter {
  /** Without its brackets. */
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly references: readonly string[];
  /** Its estimated size in bytes, for servers with a limit. */
  readonly size: number;
  /** Its bytes from the start, read from storage on demand. */
  open(): Readable;
  /** The whole of it. */
  build(): Promise<Buffer>;
}

/** The recipient's address cannot be used; the message is the address. */
export class BadAddressError extends Error {}

/** References of a letter: mail programs need no more, and headers have limits. */
const maxReferences = 12;
/** Bytes of a chunk. */
const piece = 16_384;
/** Room for headers, in bytes. */
const overhead = 4096;

/** Composes a letter. Throws {@link BadAddressError} for an address that would reach nobody, or more than it says. */
export function compose({ id, content }: Outbound, { config, staff, blobs, now }: ComposeParts): ComposedLetter {
  const writer = staff.managers.find((one) => one.id === content.manager);
  const from = senderOf(content.line, config, staff);
  const to = written(content.replyTo?.to ?? content.to.email ?? '');
  const messageId = ourMessageId(id, from);
  const answered = usable(content.replyTo?.messageId);
  const references = [...(content.replyTo?.references ?? '').split(' '), answered ?? '']
    .filter((one) => usable(one) !== null)
    .filter((one, i, all) => all.lastIndexOf(one) === i);
  const shown = [...references.slice(0, 1), ...references.slice(1).slice(1 - maxReferences)];
  const subject = cleanText(content.subject ?? replySubject(content.replyTo?.subject ?? null) ?? '', 998);
  const signature = writer?.signature?.trim();
  const text = signature ? `${content.text.trimEnd()}\n\n-- \n${signature}\n` : content.text;
  const options: MailComposerOptions = {
    from: { name: cleanText(writer?.name ?? '', 200), address: from },
    to: { name: cleanText(content.to.name ?? '', 200), address: to },
    subject,
    messageId: `<${messageId}>`,
    date: new Date(now),
    ...(answered !== null && { inReplyTo: `<${answered}>` }),
    ...(shown.length > 0 && { references: shown.map((one) => `<${one}>`) }),
    headers: {
      [ourHeader]: id,
      // RFC 3834: automatic responders must not answer this.
      ...(content.automatic === true && { 'auto-submitted': 'auto-replied', precedence: 'auto_reply' }),
    },
    text,
    attachments: content.attachments.map(({ name, mime }) => ({
      filename: cleanText(name, 255),
      contentType: mime,
      // Byte by byte: text encodings would change line ends.
      ...(!mime.startsWith('message/') && { contentTransferEncoding: 'base64' }),
    })),
    baseBoundary: id,
    // Texts of strangers must never name a file of ours.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  const compiled = (): MimeNode => {
    const attachments = (options.attachments ?? []).map((one, i) => ({
      ...one,
      content: lazily(blobs, content.attachments[i] as WrittenAttachment),
    }));
    return new MailComposer({ ...options, attachments }).compile();
  };
  return {
    messageId,
    from,
    to,
    subject,
    references: shown,
    size:
      overhead + Buffer.byteLength(text) * 2 + content.attachments.reduce((sum, { bytes }) => sum + bytes * 1.38, 0),
    open: () => Readable.from(inPieces(compiled), { objectMode: false, highWaterMark: piece }),
    build: () => compiled().build(),
  };
}

/** The address a letter is written from: the line's own, where it is an address of this mailbox, else the mailbox's. */
export function senderOf(line: string | null, config: MailConfig, staff: Staff): string {
  const address = staff.lines.find((one) => one.id === line && one.channel === 'email')?.address ?? line;
  const { address: own, addresses } = config;
  const mine = ownAddresses({ address: own, addresses }, { managers: [], lines: [] });
  return address?.includes('@') && mine(address) ? address : own;
}

/** An address as it goes over the wire. Anything that could be read as two addresses or as the end of a line is refused. */
function written(address: string): string {
  const [local = '', domain = ''] = address.split('@');
  if (!/^[^\s@<>"(),:;\\[\]\p{Cc}]{1,64}@[^\s@<>"(),:;\\[\]\p{Cc}]{1,253}$/u.test(address))
    throw new BadAddressError(cleanText(address, 254));
  // Empty where the name is no domain.
  const ascii = domainToASCII(domain);
  if (ascii === '') throw new BadAddressError(cleanText(address, 254));
  return `${local}@${ascii}`;
}

/** An id of somebody's letter, where it can stand in a header. */
function usable(id: string | undefined): string | null {
  return id !== undefined && /^[!-;=?-~]{1,512}$/.test(id) ? id : null;
}

/**
 * Starts with the first read and yields on demand, so that its end means that nearly all of it has left. A file that cannot be read
 * fails the reader.
 */
async function* inPieces(compiled: () => MimeNode): AsyncGenerator<Buffer> {
  for await (const chunk of compiled().createReadStream()) {
    const bytes = Buffer.from(chunk as Uint8Array);
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
}

function lazily(blobs: Pick<Blobs, 'open'>, { blob }: WrittenAttachment): Readable {
  return Readable.from(
    (async function* () {
      yield* await blobs.open(blob);
    })(),
    { objectMode: false },
  );
}
