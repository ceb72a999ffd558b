import { isAscii } from 'node:buffer';
import iconv from 'iconv-lite';
import { decodeAs } from '../../../../runtime/charsets/single-byte.ts';
import { betterCyrillic, countBeyondAscii, decodedStrictly, guessLabel, isUtf8 } from './guess.ts';
import { charsetOf, type KnownCharset } from './labels.ts';
import { decodeStateful } from './stateful.ts';

/** Labels under which programs send text of any other single-byte charset. Those of Arabic, Greek and Hebrew are not among them. */
const overused = /^(?:windows-125[0-24789]|iso-8859-(?:[1-59]|1\d)|koi8-[ru]|ibm866|x-mac-cyrillic|macintosh|latin1)$/;
/** Share of bytes that may be damaged in UTF-8. With more it is something else. */
const maxDamaged = 0.1;
/** Characters beyond ASCII after which valid UTF-8 can't be chance. */
const certainly = 3;

/**
 * Decodes a text by its label, or by what it looks like if the label is missing, unknown or evidently wrong. Nothing is decoded
 * twice: valid UTF-8 stays what it is, whatever it says.
 */
export function decodeText(bytes: Uint8Array, label: string | null | undefined): string {
  const known = charsetOf(label);
  const marked = byMark(bytes);
  if (marked !== null) return marked;
  if (isAscii(bytes)) return decodeAscii(bytes, known);
  if (known === null) return decodeAs8Bit(bytes, guessLabel(bytes));
  if (known.label === 'utf-8') return decodeUtf8(bytes);
  if (known.by !== 'platform' || known.label.startsWith('utf-16')) return decodeKnown(bytes, known);
  if (isUtf8(bytes) && (overused.test(known.label) || isLongUtf8(bytes))) return decodeKnown(bytes, utf8);
  if (overused.test(known.label)) return decodeAs8Bit(bytes, betterCyrillic(bytes, known.label) ?? known.label);
  return decodedStrictly(bytes, known.label) ?? undamaged(bytes) ?? decodeKnown(bytes, known);
}

const utf8: KnownCharset = { label: 'utf-8', by: 'platform' };

/** A text that begins with a byte order mark; null if it does not. */
function byMark(bytes: Uint8Array): string | null {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf && isUtf8(bytes)) return decodeKnown(bytes, utf8);
  // Two bytes alone are rather the beginning of Russian, as «яю» in windows-1251.
  const isWide = bytes.length % 2 === 0 && bytes.includes(0);
  if (isWide && first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (isWide && first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return null;
}

/** Seven bits can hold Japanese, Korean and Chinese, with or without a label. */
function decodeAscii(bytes: Uint8Array, known: KnownCharset | null): string {
  const isWide = known !== null && /^(?:utf-?(?:7|16|32)|iso-2022|hz)/.test(known.label);
  if (known !== null && isWide) return decodeKnown(bytes, known);
  const esc = bytes.indexOf(0x1b);
  if (esc === -1) return Buffer.from(bytes).toString('latin1');
  const behind = Buffer.from(bytes.subarray(esc + 1, esc + 4)).toString('latin1');
  if (behind.startsWith('$)C')) return decodeStateful(bytes, 'iso-2022-kr');
  return /^(?:\$[@B(]|\([BIJ])/.test(behind)
    ? new TextDecoder('iso-2022-jp').decode(bytes)
    : Buffer.from(bytes).toString('latin1');
}

/** UTF-8, unless so much of it is invalid that the label must be wrong. */
function decodeUtf8(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return decodeKnown(bytes, utf8);
  const text = decodeKnown(bytes, utf8);
  const beyond = countBeyondAscii(text);
  const damaged = text.match(/\ufffd/g)?.length ?? 0;
  return damaged <= Math.max(1, beyond * maxDamaged) && beyond > damaged
    ? text
    : decodeAs8Bit(bytes, guessLabel(bytes));
}

/** The text as it looks, if that leaves no damaged character. */
function undamaged(bytes: Uint8Array): string | null {
  const label = guessLabel(bytes);
  return label === 'windows-1252' ? null : decodedStrictly(bytes, label);
}

function isLongUtf8(bytes: Uint8Array): boolean {
  return countBeyondAscii(decodeKnown(bytes, utf8)) >= certainly;
}

function decodeAs8Bit(bytes: Uint8Array, label: string): string {
  return label === 'koi8-r' ? decodeAs(bytes, label) : decodeKnown(bytes, { label, by: 'platform' });
}

function decodeKnown(bytes: Uint8Array, { label, by }: KnownCharset): string {
  if (by === 'stateful') return decodeStateful(bytes, label);
  if (by === 'iconv') return iconv.decode(Buffer.from(bytes), label);
  return new TextDecoder(label).decode(bytes);
}
