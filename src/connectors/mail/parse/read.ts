import { foldQuoted } from '../../../domain/written/quoted.ts';
import { longestText } from '../../../domain/written/reduce-written.ts';
import type { Job } from '../../../runtime/jobs/job.ts';
import { isBounce, isReceipt } from './automatic.ts';
import { bodyOf, type LetterBody } from './body.ts';
import { type MailReport, reportOf } from './bounce.ts';
import { htmlText } from './html-text.ts';
import { wordsOf } from './identity.ts';
import { parseHeaders, parseLetter } from './letter.ts';
import type { Letter, LetterFile, LetterHead } from './model.ts';

/** Everything that is found in a letter. */
export interface LetterReading {
  readonly letter: LetterHead;
  /** What its writer says himself, without what he quotes beneath it; cut to what is kept of a text. */
  readonly own: string;
  /** The letters and digits of its whole text, which it is told apart by. */
  readonly words: string;
  readonly body: LetterBody | null;
  readonly files: readonly LetterFile[];
  readonly report: MailReport | null;
}

/** A text of a letter that is fetched part by part: its bytes, and what its headers say of them. */
export interface TextPart {
  readonly type: 'text/plain' | 'text/html';
  readonly parameters: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** The headers of a letter, and those of its texts that were fetched. */
export interface LetterParts {
  readonly head: Uint8Array;
  readonly texts: readonly TextPart[];
}

/** Bytes of a letter that are read to tell whose it is, where nothing else can be read. */
export const longestHead = 64 * 1024;

/** Reads a letter that is held whole. */
export const readLetter: Job<Uint8Array, LetterReading> = {
  name: 'letter',
  run: async (raw) => {
    const { letter, files } = await parseLetter(raw);
    const report = isBounce(letter) || isReceipt(letter) ? reportOf(letter, files) : null;
    return readingOf(letter, files, report);
  },
  transfer: buffersOf,
};

/** Reads a letter whose files are fetched by themselves. */
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

/** Reads only whose a letter is, of one that can't be read. */
export const readLetterHead: Job<Uint8Array, LetterHead> = {
  name: 'letter-head',
  run: async (head) => headOf(await parseHeaders(head.subarray(0, longestHead), { text: '', html: null })),
};

function readingOf(letter: Letter, files: readonly LetterFile[], report: MailReport | null): LetterReading {
  return {
    letter: headOf(letter),
    // The store cuts it to its own measure and marks that.
    own: foldQuoted(letter.text).own.slice(0, longestText * 2),
    words: wordsOf(letter),
    body: bodyOf(letter),
    files: files.map((file) => ({ ...file, content: new Uint8Array(file.content) })),
    report,
  };
}

function headOf({ text, html, ...head }: Letter): LetterHead {
  return head;
}

/** A text as a letter of its own: charset and wrapping are read as in any other. */
async function textOf(parts: readonly TextPart[]): Promise<string | null> {
  const texts = await Promise.all(
    parts.map(async ({ type, parameters, bytes }) => {
      const told = ['charset', 'format', 'delsp'].flatMap((name) => {
        const value = parameters[name]?.replace(/[^\w.:+-]/g, '') ?? '';
        return value === '' ? [] : [`; ${name}=${value}`];
      });
      const head = Buffer.from(`Content-Type: ${type}${told.join('')}\r\n\r\n`);
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
