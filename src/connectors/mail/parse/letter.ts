import PostalMime, { type Address, addressParser, decodeWords, type Email } from 'postal-mime';
import { beginning } from '../../../domain/base/clean-text.ts';
import { entryOf } from '../../../domain/base/entry-of.ts';
import { boundParts, withCutHeaders } from './bounds.ts';
import { guessCharset, headersEnd, isUtf8, withCharsets } from './charsets.ts';
import { htmlText } from './html-text.ts';
import type { Letter, LetterFile, MailAddress } from './model.ts';
import { unpackTnef } from './tnef.ts';

/** Limits of the values of a header, the addresses of a list and so on. Only hostile letters exceed them. */
const maxValues = 50;
const maxValueLength = 100_000;
const maxAddresses = 500;
const maxAnswers = 30;
const maxFiles = 200;
/** Limit of a date in characters. */
const maxDateLength = 200;
/** Limit in bytes of an invalid multipart body that is shown as it is. */
const maxRawBytes = 200_000;
const limits = { maxNestingDepth: 256, maxHeadersSize: 1024 * 1024, forceRfc822Attachments: true } as const;

/** Parses a whole letter. Rejects only if the number of its parts, lines or nested levels exceeds a limit. */
export async function parseLetter(whole: Uint8Array): Promise<{ letter: Letter; files: readonly LetterFile[] }> {
  boundParts(whole);
  const raw = withCutHeaders(whole);
  const email = await PostalMime.parse(withCharsets(raw), limits);
  // A multipart letter without its boundary has no parts, so its body is shown as it is.
  if (isEmpty(email) && !hasParts(email, raw)) return { letter: letterOf({ ...email, text: bodyOf(raw) }), files: [] };
  return withUnpacked(letterOf(email), email.attachments.slice(0, maxFiles).map(fileOf));
}

/** Replaces Outlook's `winmail.dat` by the files in it, and uses its body if the letter has none. */
function withUnpacked(letter: Letter, files: readonly LetterFile[]) {
  let { text, html } = letter;
  const all = files.flatMap((file) => {
    const packed = /^application\/(vnd\.)?ms-tnef$/.test(file.mime) || /^winmail\.dat$/i.test(file.name);
    const unpacked = packed ? unpackTnef(file.content) : null;
    if (unpacked === null) return [file];
    html ??= unpacked.html;
    text = text || unpacked.text?.trim() || (unpacked.html === null ? '' : htmlText(unpacked.html));
    // If it contains only a body, it is kept as a file, too, because the formats of an RTF body are lost.
    return text === '' || unpacked.files.length === 0 ? [...unpacked.files, file] : unpacked.files;
  });
  return { letter: { ...letter, text, html }, files: all.slice(0, maxFiles) };
}

function isEmpty({ text, html, attachments }: Email): boolean {
  return !text?.trim() && !html?.trim() && attachments.length === 0;
}

/** Whether the declared boundary exists in the body. If it does, an empty letter really has empty parts. */
function hasParts({ headers }: Email, raw: Uint8Array): boolean {
  const type = headers.find(({ key }) => key === 'content-type')?.value ?? '';
  if (!/^multipart\//i.test(type)) return true;
  const boundary = /boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))/i.exec(type);
  const name = boundary?.[1] ?? boundary?.[2];
  return name !== undefined && Buffer.from(raw).includes(`--${name}`);
}

function bodyOf(raw: Uint8Array): string {
  const body = raw.subarray(headersEnd(raw));
  return new TextDecoder(guessCharset(body)).decode(body.subarray(0, maxRawBytes));
}

/** Parses the headers of a letter whose body is fetched part by part. */
export async function parseHeaders(
  raw: Uint8Array,
  body: { text: string | null; html: string | null },
): Promise<Letter> {
  const head = withCutHeaders(raw.subarray(0, headersEnd(raw)));
  const text = isUtf8(head) ? Buffer.from(head).toString('utf8') : new TextDecoder(guessCharset(head)).decode(head);
  const plain = text.replace(/^content-(type|transfer-encoding)/gim, 'X-Original-$&');
  const email = await PostalMime.parse(Buffer.from(plain, 'utf8'), limits);
  return letterOf({ ...email, text: body.text ?? undefined, html: body.html ?? undefined });
}

function letterOf(email: Email): Letter {
  const headers = new Map<string, string[]>();
  for (const { key, value } of email.headers) {
    const values = headers.get(key) ?? [];
    if (values.length < maxValues) values.push(value.slice(0, maxValueLength));
    headers.set(key, values);
  }
  const references = ids(headers.get('references'));
  const inReplyTo = ids(headers.get('in-reply-to'));
  const html = email.html?.trim() ? email.html : null;
  const first = (name: string) => headers.get(name)?.[0] ?? null;
  const dateText = first('date') ?? '';
  const date = Date.parse(withoutComment(dateText.slice(0, maxDateLength)));
  const subject = first('subject');
  return {
    messageId: ids(headers.get('message-id'))[0] ?? bareId(first('message-id')),
    answers: [...new Set([...inReplyTo, ...[...references].reverse()])].slice(0, maxAnswers),
    root: references[0] ?? inReplyTo[0] ?? null,
    from: mailboxes(headers.get('from'))[0] ?? mailboxes(headers.get('sender'))[0] ?? null,
    replyTo: mailboxes(headers.get('reply-to'))[0] ?? null,
    to: mailboxes(headers.get('to')),
    cc: mailboxes(headers.get('cc')),
    bcc: mailboxes(headers.get('bcc')),
    deliveredTo: ['delivered-to', 'x-original-to', 'envelope-to'].flatMap((name) =>
      mailboxes(headers.get(name)).map(({ address }) => address),
    ),
    dateText,
    date: Number.isNaN(date) ? null : date,
    subject: subject === null ? null : decodeWords(subject),
    text: textOf(email, html),
    html,
    headers,
  };
}

/** Removes the name of the time zone in brackets from a date. */
function withoutComment(date: string): string {
  const bare = date.trimEnd();
  return bare.endsWith(')') ? bare.slice(0, Math.max(0, bare.lastIndexOf('('))) : bare;
}

function textOf({ text }: Email, html: string | null): string {
  if (text !== undefined && text.trim() !== '') return text.trim();
  return html === null ? '' : htmlText(html);
}

function fileOf({ filename, mimeType, contentId, content }: Email['attachments'][number]): LetterFile {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'base64') : new Uint8Array(content);
  const mime = /^[\w.+-]+\/[\w.+-]+$/.test(mimeType) ? mimeType.toLowerCase() : 'application/octet-stream';
  return {
    name: fileName(filename ?? '') || letterName(mime, bytes) || defaultFileName(mime),
    mime,
    contentId: contentId === undefined ? null : contentId.replace(/^<|>$/g, ''),
    content: bytes,
  };
}

/** Makes a file name safe to save: it can't contain a path. */
function fileName(name: string): string {
  return name.trim().replace(/[\\/]/g, '_');
}

/** An attached letter is named after its subject. */
function letterName(mime: string, bytes: Uint8Array): string {
  if (mime !== 'message/rfc822') return '';
  const head = Buffer.from(bytes.subarray(0, 64 * 1024)).toString('utf8');
  const subject = /^subject:[ \t]*((?:[^\r\n]|\r?\n[ \t])*)/im.exec(head)?.[1] ?? '';
  const name = fileName(beginning(decodeWords(subject.replace(/\r?\n/g, '')), 200));
  return name === '' ? '' : `${name}.eml`;
}

/** The name for a file without one. */
export function defaultFileName(mime: string): string {
  const endings: Readonly<Record<string, string>> = {
    'message/rfc822': 'message.eml',
    'text/calendar': 'invite.ics',
    'text/html': 'text.html',
    'text/plain': 'text.txt',
    'image/png': 'image.png',
    'image/jpeg': 'image.jpg',
    'image/gif': 'image.gif',
    'message/delivery-status': 'delivery-status.txt',
  };
  return entryOf(endings, mime) ?? 'file';
}

function mailboxes(values: readonly string[] | undefined): readonly MailAddress[] {
  const found: MailAddress[] = [];
  const add = (one: Address) => {
    if (one.group !== undefined) for (const member of one.group) add(member);
    else if (one.address !== '' && found.length < maxAddresses)
      found.push({ address: one.address.trim().toLowerCase(), name: decodeWords(one.name).trim() || null });
  };
  for (const value of values ?? []) for (const one of addressParser(value.slice(0, 100_000))) add(one);
  return found;
}

/** The ids in angle brackets, in order. */
function ids(values: readonly string[] | undefined): readonly string[] {
  const found: string[] = [];
  for (const value of values ?? []) {
    for (const match of value.slice(0, 50_000).matchAll(/<([^<>\s]{1,998})>/g)) found.push(match[1] as string);
  }
  return found;
}

/** A Message-ID without angle brackets. */
function bareId(value: string | null): string | null {
  const id = value?.trim().split(/\s+/)[0] ?? '';
  return id === '' || id.length > 998 ? null : id;
}
