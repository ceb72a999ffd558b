import { maxTextLength } from '../../../domain/written/body-text.ts';
import type { Job } from '../../../runtime/jobs/job.ts';
import { isReceipt } from './automatic.ts';
import { bodyOf, type LetterBody } from './body.ts';
import { type MailReport, reportOf } from './bounce.ts';
import { isBounce } from './bounce-signs.ts';
import { htmlText } from './html-text.ts';
import { wordsOf } from './identity.ts';
import { parseHeaders, parseLetter } from './letter.ts';
import type { Letter, LetterFile, LetterHead } from './model.ts';
import { notes } from './notes.ts';
import { ownTextOf } from './own-text.ts';
import { formatOf, textOfPart } from './text-parts.ts';

/** The result of parsing a letter. */
export interface LetterReading {
  readonly letter: LetterHead;
  /** The author's own text without the quotation below it, with remarks about the letter, truncated to the stored length. */
  readonly own: string;
  /** The letters and digits of the whole text, part of the letter's key. */
  readonly words: string;
  readonly body: LetterBody | null;
  /** The Content-IDs to which the HTML refers. */
  readonly shown: readonly string[];
  readonly files: readonly LetterFile[];
  readonly report: MailReport | null;
  /** Whether it says that a letter could not be delivered. */
  readonly bounced: boolean;
}

/** A text part of a letter that is fetched part by part. */
export interface TextPart {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** The headers of a letter, and its fetched text parts. */
export interface LetterParts {
  readonly head: Uint8Array;
  readonly texts: readonly TextPart[];
  /** How many files were left out, because there are too many. */
  readonly filesLeft: number;
}

/** Limit of Content-IDs to which a letter refers. */
const maxShown = 500;
/** Limit in bytes of the headers of a letter that can't be parsed otherwise. */
export const maxHeadBytes = 64 * 1024;

/** Parses a whole letter. */
export const readLetter: Job<Uint8Array, LetterReading> = {
  name: 'letter',
  run: async (raw) => {
    const { letter, files } = await parseLetter(raw);
    const bounced = isBounce(letter, letter.text);
    const report = bounced || isReceipt(letter) ? reportOf(letter, files) : null;
    return readingOf(letter, files, { bounced, report });
  },
  transfer: buffersOf,
};

/** Parses the headers and text parts of a letter whose files are fetched separately. */
export const readLetterParts: Job<LetterParts, LetterReading> = {
  name: 'letter-parts',
  run: async ({ head, texts, filesLeft }) => {
    const text = textOf(texts.filter(({ type }) => formatOf(type) !== 'html'));
    const html = textOf(texts.filter(({ type }) => formatOf(type) === 'html'));
    const remarks = filesLeft > 0 ? [notes.moreFiles(filesLeft)] : [];
    const body = { text: text ?? (html === null ? null : htmlText(html)), html, notes: remarks };
    const letter = await parseHeaders(head, body);
    return readingOf(letter, [], { bounced: isBounce(letter, letter.text), report: null });
  },
  transfer: buffersOf,
};

/** Parses only the headers, for a letter that can't be parsed otherwise. */
export const readLetterHead: Job<Uint8Array, LetterHead> = {
  name: 'letter-head',
  run: async (head) => headOf(await parseHeaders(head.subarray(0, maxHeadBytes), { text: '', html: null })),
};

function readingOf(
  letter: Letter,
  files: readonly LetterFile[],
  { bounced, report }: { readonly bounced: boolean; readonly report: MailReport | null },
): LetterReading {
  const text = ownTextOf(letter);
  return {
    letter: headOf(letter),
    // The store truncates it to its own limit, and marks that.
    own: [text.own, ...letter.notes]
      .filter(Boolean)
      .join('\n\n')
      .slice(0, maxTextLength * 2),
    words: wordsOf(letter),
    body: bodyOf(letter, text),
    shown: shownIds(letter.html ?? ''),
    files: files.map((file) => ({ ...file, content: new Uint8Array(file.content) })),
    report,
    bounced,
  };
}

function headOf({ text, html, notes, ...head }: Letter): LetterHead {
  return head;
}

/** The texts, decoded and joined; null if there are none. */
function textOf(parts: readonly TextPart[]): string | null {
  const texts = parts.map(({ type, parameters, bytes }) => {
    const given = new Map(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
    return textOfPart({ type, parameters: given }, bytes, formatOf(type) ?? 'plain');
  });
  return texts.length === 0 ? null : texts.join('\n').trim();
}

/** The parts that the HTML shows in its place, by their Content-IDs. */
function shownIds(html: string): readonly string[] {
  const found = new Set<string>();
  for (const [, id = ''] of html.matchAll(/\bcid:([^\s"'<>)]{1,300})/gi)) {
    found.add(id);
    found.add(decodedId(id));
    if (found.size > maxShown) break;
  }
  return [...found];
}

function decodedId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function buffersOf({ body, files }: LetterReading): readonly ArrayBuffer[] {
  const all = [...files.map(({ content }) => content), ...(body === null ? [] : [body.bytes])];
  return all.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []));
}
