import { buffer } from 'node:stream/consumers';
import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow';
import type { WrittenAttachment } from '../../../domain/written/written-contact.ts';
import { JobOverrunError, type Jobs } from '../../../runtime/jobs/job.ts';
import { keepBody, type MaybeInline } from '../body.ts';
import type { ReadLetter } from '../contact.ts';
import { nameless } from '../parse/letter.ts';
import type { LetterHead } from '../parse/model.ts';
import {
  type LetterReading,
  longestHead,
  readLetter,
  readLetterHead,
  readLetterParts,
  type TextPart,
} from '../parse/read.ts';
import { type FileStore, type IncomingFile, keepFile } from './files.ts';

/** Bytes of a text part that are read of a large letter, its texts, and the files of it that are looked at. */
const longestText = 2_000_000;
const mostTexts = 20;
const mostFiles = 200;

/** What a letter is read with, and where its files go. */
export interface LetterMeans extends FileStore {
  readonly jobs: Jobs;
}

type Kept = MaybeInline & { readonly attachment: WrittenAttachment };

/** What stands in place of the words of a letter that can't be read. */
const unread =
  'Письмо не удалось прочитать: оно устроено так, что программа не смогла его разобрать. Оно сохранено целиком как файл.\n\nThis letter could not be read: it is made so that no program could take it apart in time. It is kept whole as a file.';

/** Reads a letter that is held whole. What no parser can read in time is kept as it came: it has been sent to us all the same. */
export async function readWhole(raw: Uint8Array, arrivedAt: number, means: LetterMeans): Promise<ReadLetter> {
  const reading = await attempt(means, raw.length, () => {
    const bytes = new Uint8Array(raw);
    return means.jobs.run(readLetter, bytes, { transfer: [bytes.buffer] });
  });
  if (reading === null) return unreadable(raw.subarray(0, longestHead), raw, arrivedAt, means);
  const kept: Kept[] = [];
  for (const file of reading.files) kept.push({ contentId: file.contentId, attachment: await keepFile(file, means) });
  return readOf(reading, kept, arrivedAt, means);
}

/** What a job has read, or null where the letter can't be read. Rejects where that says nothing about the letter. */
async function attempt(
  { log }: LetterMeans,
  bytes: number,
  read: () => Promise<LetterReading>,
): Promise<LetterReading | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof JobOverrunError && (error.overrun === 'stopped' || error.overrun === 'queue')) throw error;
    log.error({ bytes, reason: (error as Error).message }, 'a letter could not be read and is kept as a file');
    return null;
  }
}

async function unreadable(
  head: Uint8Array,
  content: IncomingFile['content'],
  arrivedAt: number,
  means: LetterMeans,
): Promise<ReadLetter> {
  const whole = await keepFile({ name: 'message.eml', mime: 'message/rfc822', content }, means);
  const letter = await means.jobs.run(readLetterHead, new Uint8Array(head)).catch((error: unknown) => {
    if (error instanceof JobOverrunError && error.overrun === 'stopped') throw error;
    return nothing;
  });
  return { letter, text: unread, words: '', attachments: [whole], body: null, report: null, arrivedAt };
}

const nothing: LetterHead = {
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
  { letter, own, words, body, report }: LetterReading,
  kept: readonly Kept[],
  arrivedAt: number,
  { blobs }: LetterMeans,
): Promise<ReadLetter> {
  const attachments = kept.map(({ attachment }) => attachment);
  return { letter, text: own, words, attachments, body: await keepBody(body, kept, blobs), report, arrivedAt };
}

/**
 * Reads a letter that is too large to be held: its headers and texts, and each file as a stream into blob storage. Null where the
 * letter has gone meanwhile.
 */
export async function readInParts(client: ImapFlow, uid: number, means: LetterMeans): Promise<ReadLetter | null> {
  const message = await client.fetchOne(
    String(uid),
    { uid: true, headers: true, bodyStructure: true, internalDate: true },
    { uid: true },
  );
  if (message === false || message.headers === undefined || message.bodyStructure === undefined) return null;
  const head = new Uint8Array(message.headers);
  const leaves = leavesOf(message.bodyStructure);
  const texts = leaves.filter(isText);
  const fetched: TextPart[] = [];
  for (const type of ['text/plain', 'text/html'] as const) {
    for (const part of texts.filter((leaf) => leaf.type === type).slice(0, mostTexts)) {
      const bytes = await bytesOf(client, uid, part);
      if (bytes !== null) fetched.push({ type, parameters: part.parameters ?? {}, bytes });
    }
  }
  const reading = await attempt(means, head.length, () => means.jobs.run(readLetterParts, { head, texts: fetched }));
  if (reading === null) {
    const { content } = await client.download(String(uid), undefined, { uid: true });
    if (content === undefined) return null;
    return unreadable(head.subarray(0, longestHead), content, arrivalOf(message), means);
  }
  const kept: Kept[] = [];
  for (const part of leaves.filter((leaf) => !isText(leaf)).slice(0, mostFiles)) {
    const { content } = await client.download(String(uid), part.part ?? '1', { uid: true, decodeText: false });
    if (content === undefined) return null;
    const attachment = await keepFile({ name: nameOf(part), mime: part.type, content }, means);
    kept.push({ contentId: part.id?.replace(/^<|>$/g, '') ?? null, attachment });
  }
  return readOf(reading, kept, arrivalOf(message), means);
}

/** When the mailbox got a message. */
export function arrivalOf({ internalDate }: Pick<FetchMessageObject, 'internalDate'>): number {
  const at = internalDate === undefined ? Number.NaN : new Date(internalDate).getTime();
  return Number.isNaN(at) ? Date.now() : at;
}

/** A text as it is behind its transfer encoding; charset and wrapping are read where time is bounded. */
async function bytesOf(client: ImapFlow, uid: number, { part }: MessageStructureObject): Promise<Uint8Array | null> {
  const options = { uid: true, maxBytes: longestText, decodeText: false } as const;
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
  return (type === 'text/plain' || type === 'text/html') && disposition !== 'attachment';
}

function nameOf({ type, dispositionParameters, parameters }: MessageStructureObject): string {
  return dispositionParameters?.filename?.trim() || parameters?.name?.trim() || nameless(type);
}
