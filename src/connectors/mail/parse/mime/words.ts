import { decodeText } from '../charset/decode.ts';
import { fromBase64, fromQuotedPrintable } from './transfer.ts';

/** Limit of a charset's name in characters. */
const maxLabel = 60;

/** A piece of a header: literal text, or an encoded word (RFC 2047). */
type Piece = { readonly text: string } | Word;

interface Word {
  readonly label: string;
  readonly isBase64: boolean;
  readonly encoded: string;
}

/**
 * Decodes the encoded words in a header. Words of the same charset that follow each other are decoded as one, because many programs
 * split them inside a character. Words that are not closed, or not encoded, are read as far as possible.
 */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  const pieces = piecesOf(text);
  const joined = rendered(pieces, true);
  return joined.includes('\ufffd') ? rendered(pieces, false) : joined;
}

function rendered(pieces: readonly Piece[], join: boolean): string {
  const parts: string[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Piece;
    if ('text' in piece) {
      // Blanks between two encoded words only separate them.
      const between = i > 0 && isWord(pieces[i - 1]) && isWord(pieces[i + 1]);
      if (!between || piece.text.trim() !== '') parts.push(piece.text);
      continue;
    }
    const words = [piece];
    for (let next = wordAfter(pieces, i); join && next !== null && isAlike(piece, next.word); ) {
      words.push(next.word);
      i = next.at;
      next = wordAfter(pieces, i);
    }
    parts.push(wordsText(words));
  }
  return parts.join('');
}

function isWord(piece: Piece | undefined): piece is Word {
  return piece !== undefined && !('text' in piece);
}

function wordAfter(pieces: readonly Piece[], i: number): { readonly word: Word; readonly at: number } | null {
  const next = pieces[i + 1];
  if (isWord(next)) return { word: next, at: i + 1 };
  const behind = pieces[i + 2];
  return next !== undefined && next.text.trim() === '' && isWord(behind) ? { word: behind, at: i + 2 } : null;
}

function isAlike(one: Word, other: Word): boolean {
  return one.isBase64 === other.isBase64 && one.label.toLowerCase() === other.label.toLowerCase();
}

function wordsText(words: readonly Word[]): string {
  const [first] = words;
  if (first === undefined) return '';
  // What is not ASCII was never encoded: some programs only put the marks around it.
  if (words.some(({ encoded }) => /[^\0-\x7f]/.test(encoded)))
    return words.map((word) => (word.isBase64 ? word.encoded : word.encoded.replaceAll('_', ' '))).join('');
  return decodeText(bytesOf(words), first.label);
}

function bytesOf(words: readonly Word[]): Uint8Array {
  const encoded: string[] = [];
  for (const { isBase64, encoded: text } of words) {
    const bare = isBase64 ? text.replace(/[^A-Za-z0-9+/=]/g, '') : text.replaceAll('_', ' ').replace(/=[ \t]+/g, '=');
    encoded.push(bare);
  }
  const whole = Buffer.from(encoded.join(''), 'latin1');
  return words[0]?.isBase64 ? fromBase64(whole) : fromQuotedPrintable(whole);
}

/** Splits a header into encoded words and the text around them. */
function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  let end = 0;
  for (let at = text.indexOf('=?'); at !== -1; at = text.indexOf('=?', Math.max(from, at + 2))) {
    const head = /^=\?([^?\s]{1,60})\?([BQ])\?/i.exec(text.slice(at, at + maxLabel + 5));
    if (head === null) continue;
    const start = at + head[0].length;
    // The position only grows, so that a header without any end is searched once.
    if (end !== -1 && end < start) end = text.indexOf('?=', start);
    const found = endOf(text, start, end);
    if (at > from) pieces.push({ text: text.slice(from, at) });
    const isBase64 = head[2]?.toUpperCase() === 'B';
    pieces.push({ label: head[1] ?? '', isBase64, encoded: text.slice(start, found.end) });
    from = found.next;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** Where a word ends: at its mark; if that is missing, at the next word, or at a blank. */
function endOf(text: string, start: number, mark: number): { readonly end: number; readonly next: number } {
  const limit = mark === -1 ? Math.min(text.length, start + 1000) : mark;
  const content = text.slice(start, limit);
  const another = content.search(/=\?[^?\s]{1,60}\?[BQ]\?/i);
  if (another !== -1) return { end: start + another, next: start + another };
  if (mark !== -1) return { end: mark, next: mark + 2 };
  const blank = content.search(/\s/);
  const end = blank === -1 ? limit : start + blank;
  return { end, next: end };
}
