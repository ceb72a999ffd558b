import { decodeText } from '../charset/decode.ts';
import { decodeWords } from './words.ts';

/** Limit of parameters; genuine headers have a handful. */
const maxParameters = 200;
const maxLength = 20_000;

/** A header with parameters, such as `text/plain; charset=utf-8`. */
export interface Structured {
  /** In lower case. */
  readonly value: string;
  /** By lower-case name, decoded. The first of equal names counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads a header with parameters as leniently as possible. */
export function structured(header: string): Structured {
  // Some servers encode whole headers, though RFC 2047 forbids it.
  const whole = header.startsWith('=?') ? decodeWords(header) : header;
  const text = whole.slice(0, maxLength).replace(/^\s*\([^()]{0,1000}\)/, '');
  const value = /^[^;\s(]+/.exec(text.trimStart())?.[0] ?? '';
  const given = pairsOf(text, text.indexOf(value) + value.length);
  return { value: value.replaceAll('"', '').toLowerCase(), parameters: joined(given) };
}

/** The pairs of name and value from a place on. */
function pairsOf(text: string, from: number): readonly (readonly [name: string, value: string])[] {
  const pairs: (readonly [string, string])[] = [];
  let at = from;
  while (at < text.length && pairs.length < maxParameters) {
    const name = /^[\s;,]*([^\s;=",]{1,100})\s*=\s*/.exec(text.slice(at, at + 400));
    if (name === null) {
      const next = text.indexOf(';', at + 1);
      if (next === -1) break;
      at = next;
      continue;
    }
    at += name[0].length;
    const { value, end } = text[at] === '"' ? quotedAt(text, at) : plainAt(text, at);
    pairs.push([(name[1] ?? '').toLowerCase(), value]);
    at = end;
  }
  return pairs;
}

/** A value in quotation marks. Without the closing one it ends like a plain value. */
function quotedAt(text: string, from: number): { readonly value: string; readonly end: number } {
  const characters: string[] = [];
  for (let at = from + 1; at < text.length; at++) {
    const one = text[at] as string;
    if (one === '"') return { value: characters.join(''), end: at + 1 };
    // Paths of Windows contain single backslashes.
    if (one === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at += 1;
    characters.push(text[at] as string);
  }
  return plainAt(text, from + 1);
}

function plainAt(text: string, from: number): { readonly value: string; readonly end: number } {
  const next = text.indexOf(';', from);
  const end = next === -1 ? text.length : next;
  return { value: withoutComment(text.slice(from, end)).trim(), end };
}

/** Removes a comment at the end. */
function withoutComment(value: string): string {
  const bare = value.trimEnd();
  const open = bare.lastIndexOf('(');
  return bare.endsWith(')') && open > 0 && /\s/.test(bare[open - 1] ?? '') ? bare.slice(0, open) : bare;
}

/** Joins the pieces of RFC 2231 and decodes each value. */
function joined(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  const plain = new Map<string, string>();
  const pieces = new Map<string, { readonly number: number; readonly text: string; readonly encoded: boolean }[]>();
  for (const [name, text] of pairs) {
    const piece = /^([^*]+)\*(?:(\d{1,3})(\*)?)?$/.exec(name);
    if (piece === null) {
      if (!plain.has(name)) plain.set(name, plainText(text));
      continue;
    }
    const [, bare = '', number, star] = piece;
    const list = pieces.get(bare) ?? [];
    list.push({ number: Number(number ?? 0), text, encoded: number === undefined || star === '*' });
    pieces.set(bare, list);
  }
  // A value in pieces is the better one: the other is there for old programs.
  for (const [name, list] of pieces) plain.set(name, piecesText(list));
  return plain;
}

function piecesText(
  pieces: readonly { readonly number: number; readonly text: string; readonly encoded: boolean }[],
): string {
  const sorted = [...pieces].sort((a, b) => a.number - b.number);
  const first = sorted[0];
  const marked = first?.encoded ? /^([^']*)'[^']*'/.exec(first.text) : null;
  const bytes = sorted.map(({ text, encoded }, i) => {
    const bare = i === 0 && marked !== null ? text.slice(marked[0].length) : text;
    return encoded ? fromPercent(bare) : Buffer.from(bare, 'utf8');
  });
  const isEncoded = sorted.some(({ encoded }) => encoded);
  const text = decodeText(Buffer.concat(bytes), isEncoded ? marked?.[1] : 'utf-8');
  return decodeWords(text);
}

function fromPercent(text: string): Uint8Array {
  const bytes: number[] = [];
  const raw = Buffer.from(text, 'utf8');
  for (let i = 0; i < raw.length; i++) {
    const code = raw[i] === 0x25 ? Number.parseInt(raw.toString('latin1', i + 1, i + 3), 16) : Number.NaN;
    if (/^[0-9a-f]{2}$/i.test(raw.toString('latin1', i + 1, i + 3)) && !Number.isNaN(code)) {
      bytes.push(code);
      i += 2;
    } else bytes.push(raw[i] as number);
  }
  return Uint8Array.from(bytes);
}

/** A value as most programs write it: with encoded words, or percent-encoded by programs that know the web better than mail. */
function plainText(text: string): string {
  if (text.includes('=?')) return decodeWords(text);
  if (!/%[89a-f][0-9a-f]%[89a-f]/i.test(text)) return text;
  const decoded = Buffer.from(fromPercent(text)).toString('utf8');
  return decoded.includes('\ufffd') ? text : decoded;
}
