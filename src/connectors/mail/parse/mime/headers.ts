import { decodeText } from '../charset/decode.ts';
import { isUtf8 } from '../charset/guess.ts';

const lf = 10;
const cr = 13;
/** Lines that are looked at to find out whether a broken line still belongs to the headers. */
const maxLookAhead = 50;
const anyHeader = /^[!-9;-~]{1,100}[ \t]*:/;
/** Names that begin a header and hardly ever a line of text. */
const knownHeader =
  /^(?:x-|content-|mime-|dkim-|arc-|list-|received|return-path|delivered-to|authentication-results|from|to|cc|bcc|subject|date|message-id|reply-to|sender|in-reply-to|references|importance|priority|precedence|user-agent|thread-|auto-|disposition-|errors-to|organization|status|lines|envelope-)[\w-]*[ \t]*:/i;

/** A header, unfolded. Encoded words are not decoded. */
export interface Header {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/**
 * Where the content begins: after the first empty line. Some programs put blanks into that line, and some leave it out; then the
 * content begins at the first line that can't be a header.
 */
export function headersEnd(raw: Uint8Array): number {
  for (let at = 0; at < raw.length; ) {
    const next = lineEnd(raw, at);
    const line = lineOf(raw, at, next);
    if (line === '') return next;
    if (line.trim() === '' && !isBlank(raw[next]) && !isHeaderAt(raw, next, knownHeader)) return next;
    const begins = !isBlank(raw[at]) && !anyHeader.test(line);
    if (begins && !(at === 0 && line.startsWith('From ')) && !hasHeadersAfter(raw, next)) return at;
    at = next;
  }
  return raw.length;
}

/** The headers in a block. Each is decoded as UTF-8 if it is, else in the charset that all others look like. */
export function headersOf(block: Uint8Array): readonly Header[] {
  const folded: Uint8Array[][] = [];
  const odd: Uint8Array[] = [];
  for (let at = 0; at < block.length; ) {
    const next = lineEnd(block, at);
    const line = block.subarray(at, next);
    if (isBlank(line[0]) && folded.length > 0) folded.at(-1)?.push(line);
    else folded.push([line]);
    if (!isUtf8(line)) odd.push(line);
    at = next;
  }
  const decode = decoderOf(odd);
  return folded.flatMap((lines) => {
    const text = decode(Buffer.concat(lines)).replace(/\r?\n/g, '').replace(/\r/g, ' ');
    const colon = text.indexOf(':');
    const name = text.slice(0, Math.max(0, colon)).trimEnd().toLowerCase();
    return /^[!-9;-~]+$/.test(name) ? [{ name, value: trimmed(text.slice(colon + 1)) }] : [];
  });
}

/** Bytes of headers that are enough to guess their charset. */
const maxHint = 2048;

/** Decodes headers that are not UTF-8 as one text would be, because a single word is too short for a guess. */
function decoderOf(odd: readonly Uint8Array[]): (bytes: Uint8Array) => string {
  if (odd.length === 0) return (bytes) => Buffer.from(bytes).toString('utf8');
  // Each header is decoded with the hint, so a long one would cost time squared.
  const hint = Buffer.concat(odd).subarray(0, maxHint);
  const before = decodeText(hint, null);
  return (bytes) => {
    if (isUtf8(bytes)) return Buffer.from(bytes).toString('utf8');
    // Both are decoded in the charset of the whole; the header's own part comes last.
    const all = decodeText(Buffer.concat([hint, bytes]), null);
    return all.startsWith(before) ? all.slice(before.length) : decodeText(bytes, null);
  };
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}

function lineEnd(raw: Uint8Array, from: number): number {
  const at = raw.indexOf(lf, from);
  return at === -1 ? raw.length : at + 1;
}

/** The beginning of a line without its end. */
function lineOf(raw: Uint8Array, from: number, next: number): string {
  let end = next;
  while (end > from && (raw[end - 1] === lf || raw[end - 1] === cr)) end -= 1;
  return Buffer.from(raw.subarray(from, Math.min(end, from + 200))).toString('latin1');
}

function isHeaderAt(raw: Uint8Array, at: number, header: RegExp): boolean {
  return header.test(lineOf(raw, at, lineEnd(raw, at)));
}

/** Whether a known header follows before an empty line: then the line before it is only broken. */
function hasHeadersAfter(raw: Uint8Array, from: number): boolean {
  let at = from;
  for (let i = 0; i < maxLookAhead && at < raw.length; i++) {
    const next = lineEnd(raw, at);
    const line = lineOf(raw, at, next);
    if (line.trim() === '') return false;
    if (knownHeader.test(line)) return true;
    at = next;
  }
  return false;
}

function trimmed(text: string): string {
  return text.replace(/^[ \t]+/, '').trimEnd();
}
