import { parseAddresses } from './addresses.ts';
import { boundParts, withCutHeaders } from './bounds.ts';
import { type Content, contentOf } from './content.ts';
import { htmlText } from './html-text.ts';
import { type Header, headersEnd, headersOf } from './mime/headers.ts';
import { fullBudget, readParts } from './mime/tree.ts';
import { decodeWords } from './mime/words.ts';
import type { Letter, LetterFile } from './model.ts';
import { notes } from './notes.ts';
import { unpackTnef } from './tnef.ts';

/** Limits of the values of a header, of their length and so on. Only hostile letters exceed them. */
const maxValues = 50;
const maxValueLength = 100_000;
const maxAnswers = 30;
const maxFiles = 200;
/** Limit of a date in characters. */
const maxDateLength = 200;

/** Parses a whole letter. Rejects only if the number of its parts, lines or nested levels exceeds a limit. */
export async function parseLetter(whole: Uint8Array): Promise<{ letter: Letter; files: readonly LetterFile[] }> {
  boundParts(whole);
  const budget = fullBudget();
  const root = readParts(withCutHeaders(withLineFeeds(whole)), budget);
  const content = withUnpacked(contentOf(root, budget));
  const left = content.files.length - maxFiles;
  const more = left > 0 ? [notes.moreFiles(left)] : [];
  const letter = letterOf(root.headers, { ...content, notes: [...content.notes, ...more] });
  return { letter, files: content.files.slice(0, maxFiles) };
}

/** Old Macs ended lines with a carriage return only. */
function withLineFeeds(raw: Uint8Array): Uint8Array {
  if (raw.includes(10) || !raw.includes(13)) return raw;
  return raw.map((byte) => (byte === 13 ? 10 : byte));
}

/** Replaces Outlook's `winmail.dat` by the files in it, and uses its body if the letter has none. */
function withUnpacked(content: Content): Content {
  let { text, html } = content;
  const files = content.files.flatMap((file) => {
    const packed = /^application\/(vnd\.)?ms-tnef$/.test(file.mime) || /^winmail\.dat$/i.test(file.name);
    const unpacked = packed ? unpackTnef(file.content) : null;
    if (unpacked === null) return [file];
    html ??= unpacked.html;
    text = text.trim() || unpacked.text?.trim() || (unpacked.html === null ? '' : htmlText(unpacked.html));
    // If it contains only a body, it is kept as a file, too, because the formats of an RTF body are lost.
    return text === '' || unpacked.files.length === 0 ? [...unpacked.files, file] : unpacked.files;
  });
  return { ...content, text, html, files };
}

/** Parses the headers of a letter whose body is fetched part by part. */
export async function parseHeaders(
  raw: Uint8Array,
  body: { text: string | null; html: string | null; notes?: readonly string[] },
): Promise<Letter> {
  const head = withCutHeaders(raw.subarray(0, headersEnd(raw)));
  return letterOf(headersOf(head), { text: body.text ?? '', html: body.html, notes: body.notes ?? [] });
}

function letterOf(all: readonly Header[], content: Pick<Content, 'text' | 'html' | 'notes'>): Letter {
  const headers = new Map<string, string[]>();
  for (const { name, value } of all) {
    const values = headers.get(name) ?? [];
    if (values.length < maxValues) values.push(value.slice(0, maxValueLength));
    headers.set(name, values);
  }
  const references = ids(headers.get('references'));
  const inReplyTo = ids(headers.get('in-reply-to'));
  const html = content.html?.trim() ? content.html : null;
  const first = (name: string) => headers.get(name)?.[0] ?? null;
  const dateText = first('date') ?? '';
  const date = Date.parse(withoutComment(dateText.slice(0, maxDateLength)));
  const subject = first('subject');
  return {
    messageId: ids(headers.get('message-id'))[0] ?? bareId(first('message-id')),
    answers: [...new Set([...inReplyTo, ...[...references].reverse()])].slice(0, maxAnswers),
    root: references[0] ?? inReplyTo[0] ?? null,
    from: parseAddresses(headers.get('from'))[0] ?? parseAddresses(headers.get('sender'))[0] ?? null,
    replyTo: parseAddresses(headers.get('reply-to'))[0] ?? null,
    to: parseAddresses(headers.get('to')),
    cc: parseAddresses(headers.get('cc')),
    bcc: parseAddresses(headers.get('bcc')),
    deliveredTo: ['delivered-to', 'x-original-to', 'envelope-to'].flatMap((name) =>
      parseAddresses(headers.get(name)).map(({ address }) => address),
    ),
    dateText,
    date: Number.isNaN(date) ? null : date,
    subject: subject === null ? null : decodeWords(subject),
    text: content.text.trim() || (html === null ? '' : htmlText(html)),
    html,
    notes: content.notes,
    headers,
  };
}

/** Removes the name of the time zone in brackets from a date. */
function withoutComment(date: string): string {
  const bare = date.trimEnd();
  return bare.endsWith(')') ? bare.slice(0, Math.max(0, bare.lastIndexOf('('))) : bare;
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
