import { maxTextLength } from '../../../domain/written/reduce-written.ts';
import type { Job } from '../../../runtime/jobs/job.ts';
import { isBounce, isReceipt } from './automatic.ts';
import { bodyOf, type LetterBody } from './body.ts';
import { type MailReport, reportOf } from './bounce.ts';
import { htmlText } from './html-text.ts';
import { wordsOf } from './identity.ts';
import { parseHeaders, parseLetter } from './letter.ts';
import type { Letter, LetterFile, LetterHead } from './model.ts';
import { ownTextOf } from './own-text.ts';

/** The result of parsing a letter. */
export interface LetterReading {
  readonly letter: LetterHead;
  /** The author's own text without the quotation below it, truncated to the stored length. */
  readonly own: string;
  /** The letters and digits of the whole text, part of the letter's key. */
  readonly words: string;
  readonly body: LetterBody | null;
  readonly files: readonly LetterFile[];
  readonly report: MailReport | null;
}

/** A text part of a letter that is fetched part by part. */
export interface TextPart {
  readonly type: 'text/plain' | 'text/html';
  readonly parameters: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** The headers of a letter, and its fetched text parts. */
export interface LetterParts {
  readonly head: Uint8Array;
  readonly texts: readonly TextPart[];
}

/** Limit in bytes of the headers of a letter that can't be parsed otherwise. */
export const maxHeadBytes = 64 * 1024;

/** Parses a whole letter. */
export const readLetter: Job<Uint8Array, LetterReading> = {
  name: 'letter',
  run: async (raw) => {
    const { letter, files } = await parseLetter(raw);
    const report = isBounce(letter) || isReceipt(letter) ? reportOf(letter, files) : null;
    return readingOf(letter, files, report);
  },
  transfer: buffersOf,
};

/** Parses the headers and text parts of a letter whose files are fetched separately. */
export const readLetterParts: Job<LetterParts, LetterReading> = {
  name: 'letter-parts',
  run: async ({ head, texts }) => {
    const text = await textOf(texts.filter(({ type }) => type === 'text/plain'));
    const html = await textOf(texts.filter(({ type }) => type === 'text/html'));
    return readingOf(
      await parseHeaders(head, { text: text ?? (html === null ? null : htmlText(html)), html }),
      [],
      null,
    );
  },
  transfer: buffersOf,
};

/** Parses only the headers, for a letter that can't be parsed otherwise. */
export const readLetterHead: Job<Uint8Array, LetterHead> = {
  name: 'letter-head',
  run: async (head) => headOf(await parseHeaders(head.subarray(0, maxHeadBytes), { text: '', html: null })),
};

function readingOf(letter: Letter, files: readonly LetterFile[], report: MailReport | null): LetterReading {
  const text = ownTextOf(letter);
  return {
    letter: headOf(letter),
    // The store truncates it to its own limit, and marks that.
    own: text.own.slice(0, maxTextLength * 2),
    words: wordsOf(letter),
    body: bodyOf(letter, text),
    files: files.map((file) => ({ ...file, content: new Uint8Array(file.content) })),
    report,
  };
}

function headOf({ text, html, ...head }: Letter): LetterHead {
  return head;
}

/** Parses each text part as a letter of its own, to decode charset and wrapping as usual. */
async function textOf(parts: readonly TextPart[]): Promise<string | null> {
  const texts = await Promise.all(
    parts.map(async ({ type, parameters, bytes }) => {
      const declared = ['charset', 'format', 'delsp'].flatMap((name) => {
        const value = parameters[name]?.replace(/[^\w.:+-]/g, '') ?? '';
        return value === '' ? [] : [`; ${name}=${value}`];
      });
      const head = Buffer.from(`Content-Type: ${type}${declared.join('')}\r\n\r\n`);
      const { letter } = await parseLetter(Buffer.concat([head, bytes]));
      return letter.html ?? letter.text;
    }),
  );
  return texts.length === 0 ? null : texts.join('\n').trim();
}

function buffersOf({ body, files }: LetterReading): readonly ArrayBuffer[] {
  const all = [...files.map(({ content }) => content), ...(body === null ? [] : [body.bytes])];
  return all.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []));
}
