import { Readable } from 'node:stream';
import { domainToASCII } from 'node:url';
import MailComposer, { type MailComposerOptions } from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import { cleanText } from '../../../domain/directory/identifiers.ts';
import type { Manager, Staff } from '../../../domain/directory/manager.ts';
import type { Outbound, OutboundContent } from '../../../domain/outbound/outbound.ts';
import type { Blobs } from '../../../domain/ports/blobs.ts';
import { type FilledSignature, fillSignature } from '../../../domain/written/fill-signature.ts';
import type { WrittenAttachment } from '../../../domain/written/written-contact.ts';
import { replySubject } from '../../../domain/written/written-contact.ts';
import { ourHeader, ourMessageId } from '../contact.ts';
import { ownAddresses } from '../own-addresses.ts';
import type { MailConfig } from '../schema.ts';
import type { Formatting } from './formatting.ts';
import { letterBody } from './letter-body.ts';

/** Input for composing a letter, in addition to its content. */
export interface ComposeParts {
  readonly config: MailConfig;
  readonly staff: Staff;
  readonly blobs: Pick<Blobs, 'open'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Null for a plain letter. */
  readonly formatting: Formatting | null;
}

/** A letter that is ready to be sent. Composing it again produces the same bytes. */
export interface ComposedLetter {
  /** Without angle brackets. */
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  /** All addresses that the server is asked to deliver to: `to`, then those of copies. */
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly references: readonly string[];
  /** The estimated size in bytes, for servers with a limit. */
  readonly size: number;
  /** A stream of its bytes, read from storage on demand. */
  open(): Readable;
  /** The complete letter. */
  build(): Promise<Buffer>;
}

/** The recipient's address is invalid. The message of the error is the address. */
export class BadAddressError extends Error {}

/** Maximum references of a letter. Mail programs need no more, and the size of headers is limited. */
const maxReferences = 12;
/** Bytes of a chunk when streaming. */
const chunkSize = 16_384;
/** Estimated bytes of the headers. */
const headerBytes = 4096;

/** Composes a letter. Throws {@link BadAddressError} if the address is invalid, or could be read as several addresses. */
export function compose(
  { id, content }: Outbound,
  { config, staff, blobs, now, formatting }: ComposeParts,
): ComposedLetter {
  const writer = writerOf(content, staff);
  const from = senderOf(content.line, config, staff);
  const to = encodeAddress(content.replyTo?.to ?? content.to.email ?? '');
  const cc = (content.cc ?? []).map(encodeAddress);
  const bcc = (content.bcc ?? []).map(encodeAddress);
  const messageId = ourMessageId(id, from);
  const answered = validMessageId(content.replyTo?.messageId);
  const references = [...(content.replyTo?.references ?? '').split(' '), answered ?? '']
    .filter((one) => validMessageId(one) !== null)
    .filter((one, i, all) => all.lastIndexOf(one) === i);
  const kept = [...references.slice(0, 1), ...references.slice(1).slice(1 - maxReferences)];
  const subject = cleanText(content.subject ?? replySubject(content.replyTo?.subject ?? null) ?? '', 998);
  const isQuoting = config.quote || content.earlier?.how !== 'quoted';
  const signature = signatureFor(content, config, staff);
  const logo = formatting?.logo ?? null;
  const logoId = logo === null ? null : `logo.${messageId}`;
  const { text, html } = letterBody(content.text, {
    html: formatting?.html ?? null,
    signature,
    logo: logoId,
    earlier: isQuoting ? content.earlier : undefined,
  });
  const options: MailComposerOptions = {
    from: { name: cleanText(writer?.name ?? '', 200), address: from },
    to: { name: cleanText(content.to.name ?? '', 200), address: to },
    ...(cc.length > 0 && { cc }),
    subject,
    messageId: `<${messageId}>`,
    date: new Date(now),
    ...(answered !== null && { inReplyTo: `<${answered}>` }),
    ...(kept.length > 0 && { references: kept.map((one) => `<${one}>`) }),
    headers: {
      [ourHeader]: id,
      // RFC 3834: automatic responders must not answer this.
      ...(content.automatic === true && { 'auto-submitted': 'auto-replied', precedence: 'auto_reply' }),
    },
    text,
    ...(html !== undefined && { html }),
    attachments: content.attachments.map(({ name, mime }) => ({
      filename: cleanText(name, 255),
      contentType: mime,
      // Base64 keeps every byte. Text encodings would change line ends.
      ...(!mime.startsWith('message/') && { contentTransferEncoding: 'base64' }),
    })),
    baseBoundary: id,
    // Text from outside must never refer to our local files.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  const compiled = (): MimeNode => {
    const attachments = (options.attachments ?? []).map((one, i) => ({
      ...one,
      content: lazily(blobs, content.attachments[i] as WrittenAttachment),
    }));
    const inline =
      logo === null || logoId === null ? [] : [inlineLogo(logo, logoId, signature?.logo?.mime ?? 'image/png')];
    return new MailComposer({ ...options, attachments: [...attachments, ...inline] }).compile();
  };
  return {
    messageId,
    from,
    to,
    recipients: [...new Set([to, ...cc, ...bcc])],
    subject,
    references: kept,
    size:
      headerBytes +
      (logo?.length ?? 0) * 1.38 +
      Buffer.byteLength(text + (html ?? '')) * 2 +
      content.attachments.reduce((sum, { bytes }) => sum + bytes * 1.38, 0),
    open: () => Readable.from(inChunks(compiled), { objectMode: false, highWaterMark: chunkSize }),
    build: () => compiled().build(),
  };
}

/** The signature of a letter with its variables filled in: the writer's own, else that of the line that it is sent from. */
export function signatureFor(content: OutboundContent, config: MailConfig, staff: Staff): FilledSignature | null {
  const writer = writerOf(content, staff);
  const from = senderOf(content.line, config, staff);
  const mailboxes = staff.lines.filter(({ channel }) => channel === 'email');
  const line =
    mailboxes.find(({ id }) => id === content.line) ?? mailboxes.find(({ address }) => address.toLowerCase() === from);
  const signature = writer?.signature ?? line?.signature;
  return signature === undefined ? null : fillSignature(signature, writer, line);
}

function writerOf({ manager }: OutboundContent, staff: Staff): Manager | undefined {
  return staff.managers.find((one) => one.id === manager);
}

function inlineLogo(
  content: Buffer,
  cid: string,
  contentType: string,
): NonNullable<MailComposerOptions['attachments']>[number] {
  return {
    filename: `logo.${contentType.slice('image/'.length)}`,
    content,
    contentType,
    cid,
    contentDisposition: 'inline',
  };
}

/** The sender address: that of the line if it belongs to this mailbox, otherwise that of the mailbox. */
export function senderOf(line: string | null, config: MailConfig, staff: Staff): string {
  const address = staff.lines.find((one) => one.id === line && one.channel === 'email')?.address ?? line;
  const { address: own, addresses } = config;
  const mine = ownAddresses({ address: own, addresses }, { managers: [], lines: [] });
  return address?.includes('@') && mine(address) ? address : own;
}

/** Encodes an address for SMTP. Throws if it could be read as two addresses or as the end of a line. */
function encodeAddress(address: string): string {
  const [local = '', domain = ''] = address.split('@');
  if (!/^[^\s@<>"(),:;\\[\]\p{Cc}]{1,64}@[^\s@<>"(),:;\\[\]\p{Cc}]{1,253}$/u.test(address))
    throw new BadAddressError(cleanText(address, 254));
  // Empty if the domain is invalid.
  const ascii = domainToASCII(domain);
  if (ascii === '') throw new BadAddressError(cleanText(address, 254));
  return `${local}@${ascii}`;
}

/** A Message-ID from outside, or null if it must not be used in a header. */
function validMessageId(id: string | undefined): string | null {
  return id !== undefined && /^[!-;=?-~]{1,512}$/.test(id) ? id : null;
}

/**
 * Yields the letter on demand, starting with the first read. Its end therefore means that nearly all bytes were sent. Reading fails if
 * an attachment cannot be read.
 */
async function* inChunks(compiled: () => MimeNode): AsyncGenerator<Buffer> {
  for await (const chunk of compiled().createReadStream()) {
    const bytes = Buffer.from(chunk as Uint8Array);
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
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
