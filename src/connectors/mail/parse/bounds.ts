import { headersEnd } from './mime/headers.ts';

const lf = 10;
/** Limit of a header in bytes, enough for a list of 500 recipients. */
const maxHeaderBytes = 64 * 1024;
/** Lower limits of some headers. */
const lowerLimits: readonly (readonly [name: string, bytes: number])[] = [
  ['date', 1000],
  ['subject', 20_000],
  ['message-id', 2000],
];
/** Limits of parts and multiparts. Letters for people have far fewer. */
const maxParts = 2000;
const maxMultiparts = 1000;
const maxBoundaryLength = 200;
/** Limit of lines. The largest letter that is read as a whole has about 60,000 lines of base64. */
const maxLines = 250_000;

/** The structure of the letter would take too long to parse, so it is not parsed. */
export class UnboundedLetterError extends Error {}

/** Truncates headers that are longer than any genuine ones. Returns the same array if there are none. */
export function withCutHeaders(raw: Uint8Array): Uint8Array {
  const end = headersEnd(raw);
  const kept: Uint8Array[] = [];
  let cut = false;
  for (let at = 0; at < end; ) {
    const next = headerEnd(raw, at, end);
    const limit = limitOf(raw, at);
    cut ||= next - at > limit;
    kept.push(next - at > limit ? cutHeader(raw, at, at + limit) : raw.subarray(at, next));
    at = next;
  }
  return cut ? Buffer.concat([...kept, raw.subarray(end)]) : raw;
}

/** The end of the header that begins at `from`, including its continuation lines. */
function headerEnd(raw: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; ) {
    const line = raw.indexOf(lf, at);
    if (line === -1 || line >= end) return end;
    at = line + 1;
    if (raw[at] !== 32 && raw[at] !== 9) return at;
  }
  return end;
}

function limitOf(raw: Uint8Array, from: number): number {
  const name = Buffer.from(raw.subarray(from, from + 12))
    .toString('latin1')
    .toLowerCase();
  return lowerLimits.find(([one]) => name.startsWith(`${one}:`))?.[1] ?? maxHeaderBytes;
}

/** Cuts a header without splitting a UTF-8 character. */
function cutHeader(raw: Uint8Array, from: number, to: number): Uint8Array {
  let end = to;
  while (end > from && ((raw[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return Buffer.concat([raw.subarray(from, end), Buffer.from('\r\n')]);
}

/** Throws {@link UnboundedLetterError} if a letter has too many parts or lines, before they are parsed. */
export function boundParts(raw: Uint8Array): void {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  let lines = 0;
  for (let at = bytes.indexOf(lf); at !== -1; at = bytes.indexOf(lf, at + 1)) {
    if (++lines > maxLines) throw new UnboundedLetterError(`expected at most ${maxLines} lines`);
  }
  const names = boundariesOf(bytes);
  if (names.size === 0) return;
  let parts = 0;
  for (let at = bytes.indexOf('\n--'); at !== -1; at = bytes.indexOf('\n--', at + 1)) {
    const line = bytes.toString('latin1', at + 3, at + 3 + maxBoundaryLength + 4).split(/[\r\n]/, 1)[0] ?? '';
    if (names.has(line.trimEnd()) && ++parts > maxParts)
      throw new UnboundedLetterError(`expected at most ${maxParts} parts`);
  }
}

/** The boundaries named by the headers in a letter. */
function boundariesOf(bytes: Buffer): ReadonlySet<string> {
  const names = new Set<string>();
  let count = 0;
  const text = bytes.toString('latin1');
  for (const [, quoted, plain] of text.matchAll(
    /boundary[ \t]{0,9}=\s{0,9}(?:"([^"\r\n]{1,200})"|([^\s";]{1,200}))/gi,
  )) {
    names.add((quoted ?? plain ?? '').trimEnd());
    if (++count > maxMultiparts) throw new UnboundedLetterError(`expected at most ${maxMultiparts} multiparts`);
  }
  return names;
}
