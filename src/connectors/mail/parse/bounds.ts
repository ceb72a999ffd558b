import { headersEnd } from './charsets.ts';

const lf = 10;
/** Bytes of a header that are read: a list of 500 recipients has room in it. */
const longestHeader = 64 * 1024;
/** Of these fewer: what is beyond is no date, and nobody reads it as a subject. */
const shorter: readonly (readonly [name: string, bytes: number])[] = [
  ['date', 1000],
  ['subject', 20_000],
  ['message-id', 2000],
];
/** Parts of a letter, and parts that hold others, beyond which it is no letter for people. */
const mostParts = 2000;
const mostMultiparts = 1000;
const longestBoundary = 200;
/** Lines: a letter of the largest size that is held whole has some 60 000 of base64. */
const mostLines = 250_000;

/** The letter is made so that reading it would take long; it is not read. */
export class UnboundedLetterError extends Error {}

/** The letter with headers cut that are longer than any that people or programs write; as it is where none is. */
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

/** Where the header ends that begins at `from`: behind the last of the lines that go on with it. */
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
  return shorter.find(([one]) => name.startsWith(`${one}:`))?.[1] ?? longestHeader;
}

/** Cut before a character, not within it. */
function cutHeader(raw: Uint8Array, from: number, to: number): Uint8Array {
  let end = to;
  while (end > from && ((raw[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return Buffer.concat([raw.subarray(from, end), Buffer.from('\r\n')]);
}

/** Throws {@link UnboundedLetterError} where a letter has more parts or lines than any, before anything is made of each. */
export function boundParts(raw: Uint8Array): void {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  let lines = 0;
  for (let at = bytes.indexOf(lf); at !== -1; at = bytes.indexOf(lf, at + 1)) {
    if (++lines > mostLines) throw new UnboundedLetterError(`expected at most ${mostLines} lines`);
  }
  const names = boundariesOf(bytes);
  if (names.size === 0) return;
  let parts = 0;
  for (let at = bytes.indexOf('\n--'); at !== -1; at = bytes.indexOf('\n--', at + 1)) {
    const line = bytes.toString('latin1', at + 3, at + 3 + longestBoundary + 4).split(/[\r\n]/, 1)[0] ?? '';
    if (names.has(line.trimEnd()) && ++parts > mostParts)
      throw new UnboundedLetterError(`expected at most ${mostParts} parts`);
  }
}

/** What separates parts, as the headers in a letter name it. */
function boundariesOf(bytes: Buffer): ReadonlySet<string> {
  const names = new Set<string>();
  let count = 0;
  const text = bytes.toString('latin1');
  for (const [, quoted, plain] of text.matchAll(
    /boundary[ \t]{0,9}=\s{0,9}(?:"([^"\r\n]{1,200})"|([^\s";]{1,200}))/gi,
  )) {
    names.add((quoted ?? plain ?? '').trimEnd());
    if (++count > mostMultiparts)
      throw new UnboundedLetterError(`expected at most ${mostMultiparts} parts with others`);
  }
  return names;
}
