import { UnboundedLetterError } from '../bounds.ts';
import { type Header, headersEnd, headersOf } from './headers.ts';
import { type Structured, structured } from './parameters.ts';

const lf = 10;
const maxDepth = 256;
/** Limit of the headers of all parts in bytes. */
const maxHeaderBytes = 1024 * 1024;
/** Limit of parts, including multiparts and what signatures wrap. A letter is limited before (`bounds.ts`). */
const maxParts = 4000;
/** Lines that are searched for a boundary that no header names. */
const maxSearchedLines = 50;

/** A part of a letter: the letter itself, or one of the parts of a multipart. */
export interface Part {
  readonly headers: readonly Header[];
  /** Media type in lower case; `text/plain` if it is missing or none. */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly disposition: Structured;
  readonly encoding: string;
  /** The content in its transfer encoding; of a multipart, all of its parts. */
  readonly content: Uint8Array;
  readonly children: readonly Part[];
}

/** What is used up while a letter is read. */
export interface Budget {
  headerBytes: number;
  parts: number;
}

/** A new budget for a letter. */
export function fullBudget(): Budget {
  return { headerBytes: maxHeaderBytes, parts: maxParts };
}

/** Reads the structure of a letter. Throws {@link UnboundedLetterError} if it exceeds a limit. */
export function readParts(raw: Uint8Array, budget: Budget, depth = 0, fallback = 'text/plain'): Part {
  budget.parts -= 1;
  if (depth > maxDepth) throw new UnboundedLetterError(`expected at most ${maxDepth} nested levels`);
  if (budget.parts < 0) throw new UnboundedLetterError(`expected at most ${maxParts} parts`);
  const end = headersEnd(raw);
  budget.headerBytes -= end;
  if (budget.headerBytes < 0) throw new UnboundedLetterError(`expected at most ${maxHeaderBytes} bytes of headers`);
  const headers = headersOf(raw.subarray(0, end));
  const first = (name: string) => headers.find((header) => header.name === name)?.value ?? '';
  const { value, parameters } = structured(first('content-type'));
  const type = mediaType(value, fallback);
  const content = raw.subarray(end);
  const inner = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  return {
    headers,
    type,
    parameters,
    disposition: structured(first('content-disposition')),
    encoding:
      /[\w-]+/.exec(
        first('content-transfer-encoding')
          .replace(/^\s*\([^()]{0,1000}\)/, '')
          .toLowerCase(),
      )?.[0] ?? '',
    content,
    children: type.startsWith('multipart/')
      ? slicesOf(content, parameters.get('boundary') ?? '').map((slice) => readParts(slice, budget, depth + 1, inner))
      : [],
  };
}

/** A media type, or what an invalid one means: RFC 2045 (5.2) takes it for plain text. */
function mediaType(value: string, fallback: string): string {
  if (value === '') return fallback;
  if (/^[\w.+-]+\/[\w.+-]+$/.test(value)) return value;
  return value === 'html' ? 'text/html' : 'text/plain';
}

/** The parts of a multipart as bytes. If its boundary is wrong or missing, the one that is used is looked for. */
function slicesOf(content: Uint8Array, boundary: string): readonly Uint8Array[] {
  const found = boundary === '' ? [] : slicesAt(content, boundary);
  if (found.length > 0) return found;
  const used = usedBoundary(content);
  return used === null || used === boundary ? [] : slicesAt(content, used);
}

/** Splits at the lines of a boundary. What follows a closing line is skipped, unless further parts follow. */
function slicesAt(content: Uint8Array, boundary: string): readonly Uint8Array[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const mark = Buffer.from(`--${boundary}`, 'utf8');
  const slices: Uint8Array[] = [];
  let from = -1;
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + mark.length)) {
    if (at > 0 && bytes[at - 1] !== lf) continue;
    const line = bytes.indexOf(lf, at);
    const next = line === -1 ? bytes.length : line + 1;
    const behind = next - at > mark.length + 200 ? null : bytes.toString('latin1', at + mark.length, next).trim();
    if (behind !== '' && behind !== '--') continue;
    if (from !== -1) slices.push(withoutLineEnd(content.subarray(from, at)));
    from = behind === '--' ? -1 : next;
    if (slices.length > maxParts) throw new UnboundedLetterError(`expected at most ${maxParts} parts`);
  }
  if (from !== -1 && from < content.length) slices.push(content.subarray(from));
  return slices;
}

/** The line break before a boundary belongs to it. */
function withoutLineEnd(slice: Uint8Array): Uint8Array {
  let end = slice.length;
  if (end > 0 && slice[end - 1] === lf) end -= 1;
  if (end > 0 && slice[end - 1] === 13) end -= 1;
  return slice.subarray(0, end);
}

/** The boundary by which a content is evidently divided: a line that begins with `--`, and a header of a part under it. */
function usedBoundary(content: Uint8Array): string | null {
  const lines = Buffer.from(content.subarray(0, 20_000)).toString('utf8').split(/\r?\n/, maxSearchedLines);
  const at = lines.findIndex((line, i) => /^--\S/.test(line) && /^content-[a-z-]+:/i.test(lines[i + 1] ?? ''));
  return at === -1 ? null : (lines[at] ?? '').slice(2).trimEnd();
}
