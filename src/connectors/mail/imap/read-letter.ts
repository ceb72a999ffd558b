import { text as streamText } from 'node:stream/consumers';
import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow';
import type { WrittenAttachment } from '../../../domain/written-contact.ts';
import { keepBody, type MaybeInline } from '../body.ts';
import type { ReadLetter } from '../contact.ts';
import { isBounce, isReceipt } from '../parse/automatic.ts';
import { reportOf } from '../parse/bounce.ts';
import { htmlText } from '../parse/html-text.ts';
import { type Letter, nameless, parseHeaders, parseLetter } from '../parse/letter.ts';
import { type FileStore, type IncomingFile, keepFile } from './files.ts';

/** Bytes of a text part that are read of a large letter, and the files of it that are looked at. */
const longestText = 2_000_000;
const mostFiles = 200;

/** Reads a letter that is held whole. What no parser can read is kept as it came: it has been sent to us all the same. */
export async function readWhole(raw: Uint8Array, arrivedAt: number, files: FileStore): Promise<ReadLetter> {
  const parsed = await parseLetter(raw).catch(() => null);
  if (parsed === null) return unreadable(raw, arrivedAt, files);
  const kept: (MaybeInline & { readonly attachment: WrittenAttachment })[] = [];
  for (const file of parsed.files) kept.push({ contentId: file.contentId, attachment: await keepFile(file, files) });
  const attachments = kept.map(({ attachment }) => attachment);
  const body = await keepBody(parsed.letter, kept, files.blobs);
  const speaksOfOurs = isBounce(parsed.letter) || isReceipt(parsed.letter);
  const report = speaksOfOurs ? reportOf(parsed.letter, parsed.files) : null;
  return { letter: parsed.letter, attachments, body, report, arrivedAt };
}

async function unreadable(raw: Uint8Array, arrivedAt: number, files: FileStore): Promise<ReadLetter> {
  files.log.error({ bytes: raw.length }, 'a letter could not be read and is kept as a file');
  const whole: IncomingFile = { name: 'message.eml', mime: 'message/rfc822', content: raw };
  const letter = await parseHeaders(raw.subarray(0, 64 * 1024), { text: '', html: null }).catch(() => nothing);
  return { letter, attachments: [await keepFile(whole, files)], body: null, report: null, arrivedAt };
}

const nothing: Letter = {
  messageId: null,
  answers: [],
  root: null,
  from: null,
  replyTo: null,
  to: [],
  cc: [],
  bcc: [],
  deliveredTo: [],
  dateText: '',
  date: null,
  subject: null,
  text: '',
  html: null,
  headers: new Map(),
};

/**
 * Reads a letter that is too large to be held: its headers and texts, and each file as a stream into blob storage. Null where the
 * letter has gone meanwhile.
 */
export async function readInParts(client: ImapFlow, uid: number, files: FileStore): Promise<ReadLetter | null> {
  const message = await client.fetchOne(
    String(uid),
    { uid: true, headers: true, bodyStructure: true, internalDate: true },
    { uid: true },
  );
  if (message === false || message.headers === undefined || message.bodyStructure === undefined) return null;
  const leaves = leavesOf(message.bodyStructure);
  const text = await textOf(client, uid, leaves.filter(isText('text/plain')));
  const html = await textOf(client, uid, leaves.filter(isText('text/html')));
  const letter = await parseHeaders(message.headers, { text: text ?? (html === null ? null : htmlText(html)), html });
  const kept: (MaybeInline & { readonly attachment: WrittenAttachment })[] = [];
  for (const part of leaves
    .filter((leaf) => !isText('text/plain')(leaf) && !isText('text/html')(leaf))
    .slice(0, mostFiles)) {
    const { content } = await client.download(String(uid), part.part ?? '1', { uid: true, decodeText: false });
    if (content === undefined) return null;
    const attachment = await keepFile({ name: nameOf(part), mime: part.type, content }, files);
    kept.push({ contentId: part.id?.replace(/^<|>$/g, '') ?? null, attachment });
  }
  const attachments = kept.map(({ attachment }) => attachment);
  const body = await keepBody(letter, kept, files.blobs);
  return { letter, attachments, body, report: null, arrivedAt: arrivalOf(message) };
}

/** When the mailbox got a message. */
export function arrivalOf({ internalDate }: Pick<FetchMessageObject, 'internalDate'>): number {
  const at = internalDate === undefined ? Number.NaN : new Date(internalDate).getTime();
  return Number.isNaN(at) ? Date.now() : at;
}

async function textOf(client: ImapFlow, uid: number, parts: readonly MessageStructureObject[]): Promise<string | null> {
  const texts: string[] = [];
  for (const part of parts.slice(0, 20)) {
    const options = { uid: true, maxBytes: longestText } as const;
    const { content } = await client.download(String(uid), part.part ?? '1', options);
    if (content !== undefined) texts.push(await streamText(content));
  }
  return texts.length === 0 ? null : texts.join('\n').trim();
}

function leavesOf(structure: MessageStructureObject): readonly MessageStructureObject[] {
  const leaves: MessageStructureObject[] = [];
  const walk = (node: MessageStructureObject) => {
    if (node.type.startsWith('multipart/')) for (const child of node.childNodes ?? []) walk(child);
    else leaves.push(node);
  };
  walk(structure);
  return leaves;
}

function isText(type: string): (part: MessageStructureObject) => boolean {
  return (part) => part.type === type && part.disposition !== 'attachment';
}

function nameOf({ type, dispositionParameters, parameters }: MessageStructureObject): string {
  return dispositionParameters?.filename?.trim() || parameters?.name?.trim() || nameless(type);
}
