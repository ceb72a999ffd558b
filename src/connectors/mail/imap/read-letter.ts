import { buffer } from 'node:stream/consumers';
import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow';
import type { WrittenAttachment } from '../../../domain/written/written-contact.ts';
import { JobOverrunError, type Jobs } from '../../../runtime/jobs/job.ts';
import { keepBody, type MaybeInline } from '../body.ts';
import type { ReadLetter } from '../contact.ts';
import { defaultFileName } from '../parse/file-names.ts';
import type { LetterHead } from '../parse/model.ts';
import { notes } from '../parse/notes.ts';
import {
  type LetterReading,
  maxHeadBytes,
  readLetter,
  readLetterHead,
  readLetterParts,
  type TextPart,
} from '../parse/read.ts';
import { formatOf } from '../parse/text-parts.ts';
import { type FileStore, type IncomingFile, storeFile } from './files.ts';

/** Limits of a large letter: bytes of a text part, number of text parts, and number of files. */
const maxTextBytes = 2_000_000;
const maxTexts = 20;
const maxFiles = 200;

/** Dependencies for reading letters. */
export interface LetterReaderParts extends FileStore {
  readonly jobs: Jobs;
}

type Kept = MaybeInline & { readonly attachment: WrittenAttachment };

/** Reads a letter from its bytes. If it can't be parsed in time, the whole letter is stored as a file. */
export async function readWhole(raw: Uint8Array, arrivedAt: number, parts: LetterReaderParts): Promise<ReadLetter> {
  const reading = await attempt(parts, raw.length, () => {
    const bytes = new Uint8Array(raw);
    return parts.jobs.run(readLetter, bytes, { transfer: [bytes.buffer] });
  });
  if (reading === null) return unreadable(raw.subarray(0, maxHeadBytes), raw, arrivedAt, parts);
  const kept: Kept[] = [];
  for (const file of reading.files) kept.push({ contentId: file.contentId, attachment: await storeFile(file, parts) });
  return readOf(reading, kept, arrivedAt, parts);
}

/** Runs a parsing job. Resolves with null if the letter can't be parsed; rejects if the job failed for another reason. */
async function attempt(
  { log }: LetterReaderParts,
  bytes: number,
  read: () => Promise<LetterReading>,
): Promise<LetterReading | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof JobOverrunError && (error.overrun === 'stopped' || error.overrun === 'queue')) throw error;
    log.error({ bytes, reason: (error as Error).message }, 'a letter could not be parsed; it is stored as a file');
    return null;
  }
}

async function unreadable(
  head: Uint8Array,
  content: IncomingFile['content'],
  arrivedAt: number,
  parts: LetterReaderParts,
): Promise<ReadLetter> {
  const whole = await storeFile({ name: 'message.eml', mime: 'message/rfc822', content }, parts);
  const letter = await parts.jobs.run(readLetterHead, new Uint8Array(head)).catch((error: unknown) => {
    if (error instanceof JobOverrunError && error.overrun === 'stopped') throw error;
    return emptyHead;
  });
  const read = { letter, text: notes.unreadable, words: '', attachments: [whole], files: [whole.blob] };
  return { ...read, body: null, report: null, bounced: false, arrivedAt };
}

const emptyHead: LetterHead = {
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
  headers: new Map(),
};

async function readOf(
  { letter, own, words, body, shown, report, bounced }: LetterReading,
  kept: readonly Kept[],
  arrivedAt: number,
  { blobs }: LetterReaderParts,
): Promise<ReadLetter> {
  const stored = await keepBody(body, kept, new Set(shown), blobs);
  // Logos and the like are part of the text, not files that somebody sent.
  const inline = new Set(stored?.inline.map(({ contentId }) => contentId));
  const sent = kept.flatMap(({ contentId, attachment }) =>
    contentId !== null && inline.has(contentId) ? [] : [attachment],
  );
  // A letter that is nothing but a pasted picture would be blank.
  const isBlank = sent.length === 0 && own.trim() === '';
  const attachments = isBlank ? kept.map(({ attachment }) => attachment) : sent;
  const files = kept.map(({ attachment }) => attachment.blob);
  return { letter, text: own, words, attachments, files, body: stored, report, bounced, arrivedAt };
}

/**
 * Reads a letter that is too large for memory: its headers and texts, and each file as a stream into blob storage. Null if the
 * letter was deleted meanwhile.
 */
export async function readInParts(client: ImapFlow, uid: number, parts: LetterReaderParts): Promise<ReadLetter | null> {
  const message = await client.fetchOne(
    String(uid),
    { uid: true, headers: true, bodyStructure: true, internalDate: true },
    { uid: true },
  );
  if (message === false || message.headers === undefined || message.bodyStructure === undefined) return null;
  const head = new Uint8Array(message.headers);
  const leaves = leavesOf(message.bodyStructure);
  const fetched: TextPart[] = [];
  for (const part of leaves.filter(isText).slice(0, maxTexts)) {
    const bytes = await bytesOf(client, uid, part);
    if (bytes !== null) fetched.push({ type: part.type, parameters: part.parameters ?? {}, bytes });
  }
  const files = leaves.filter((leaf) => !isText(leaf));
  const filesLeft = Math.max(0, files.length - maxFiles);
  const reading = await attempt(parts, head.length, () =>
    parts.jobs.run(readLetterParts, { head, texts: fetched, filesLeft }),
  );
  if (reading === null) {
    const { content } = await client.download(String(uid), undefined, { uid: true });
    if (content === undefined) return null;
    return unreadable(head.subarray(0, maxHeadBytes), content, arrivalOf(message), parts);
  }
  const kept: Kept[] = [];
  for (const part of files.slice(0, maxFiles)) {
    const { content } = await client.download(String(uid), part.part ?? '1', { uid: true, decodeText: false });
    if (content === undefined) return null;
    const attachment = await storeFile({ name: nameOf(part), mime: part.type, content }, parts);
    kept.push({ contentId: part.id?.replace(/^<|>$/g, '') ?? null, attachment });
  }
  return readOf(reading, kept, arrivalOf(message), parts);
}

/** When a message arrived in the mailbox. */
export function arrivalOf({ internalDate }: Pick<FetchMessageObject, 'internalDate'>): number {
  const at = internalDate === undefined ? Number.NaN : new Date(internalDate).getTime();
  return Number.isNaN(at) ? Date.now() : at;
}

/** The bytes of a text part without transfer encoding. Charset and wrapping are decoded by a job with a deadline. */
async function bytesOf(client: ImapFlow, uid: number, { part }: MessageStructureObject): Promise<Uint8Array | null> {
  const options = { uid: true, maxBytes: maxTextBytes, decodeText: false } as const;
  const { content } = await client.download(String(uid), part ?? '1', options);
  return content === undefined ? null : new Uint8Array(await buffer(content));
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

function isText({ type, disposition }: MessageStructureObject): boolean {
  const format = formatOf(type);
  return format !== null && format !== 'rtf' && format !== 'ignored' && disposition !== 'attachment';
}

function nameOf({ type, dispositionParameters, parameters }: MessageStructureObject): string {
  return dispositionParameters?.filename?.trim() || parameters?.name?.trim() || defaultFileName(type);
}
