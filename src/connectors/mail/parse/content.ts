import { escapeHtml } from '../../../domain/base/escape-html.ts';
import { eventText } from './calendar.ts';
import { decodeText } from './charset/decode.ts';
import { openCms } from './cms.ts';
import { fileName, nameOfFile } from './file-names.ts';
import { htmlText } from './html-text.ts';
import { decodeTransfer } from './mime/transfer.ts';
import { type Budget, type Part, readParts } from './mime/tree.ts';
import { splitUuencoded } from './mime/uuencode.ts';
import type { LetterFile } from './model.ts';
import { notes } from './notes.ts';
import { isPgpMessage, withoutPgpSignature } from './pgp.ts';
import { formatOf, type TextFormat, textOfPart } from './text-parts.ts';

/** Limit in bytes of an invalid multipart that is shown as it is. */
const maxRawBytes = 200_000;
/** Words of programs in place of the plain text of a letter in HTML. */
const stopgap =
  /\b(?:e-?mail|mail|messages?|client|reader|viewer|browser|program|nachricht|courriel|mensaje)\b|письм|сообщени|почтов|програм|клиент|повідомлен/i;
const maxStopgap = 300;
/** Limit of signatures around signatures. */
const maxWraps = 10;

/** The words and files of a letter. */
export interface Content {
  readonly text: string;
  readonly html: string | null;
  readonly files: readonly LetterFile[];
  /** Remarks for the reader, such as the event of an invitation. */
  readonly notes: readonly string[];
}

/** One text of a letter, possibly in several formats. */
interface Piece {
  plain: string[];
  html: string[];
  other: string[];
}

/** Collects the words and files of a letter. */
export function contentOf(root: Part, budget: Budget): Content {
  const collector = new Collector(budget);
  collector.take(root, null, 0);
  return collector.content;
}

class Collector {
  readonly #budget: Budget;
  readonly #pieces: Piece[] = [];
  readonly #files: LetterFile[] = [];
  readonly #notes = new Set<string>();
  /** Texts that are probably files, and the words of the letter if it has no others. */
  readonly #doubtful: Part[] = [];

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get content(): Content {
    if (this.#pieces.every((piece) => isBlank(piece))) for (const part of this.#doubtful) this.#addText(part, null);
    const pieces = this.#pieces.filter((piece) => !isBlank(piece));
    const text = pieces.map(plainOf).join('\n');
    const html = pieces.some(({ html: own }) => own.length > 0) ? pieces.map(htmlOf).join('\n') : null;
    return { text, html, files: this.#files, notes: [...this.#notes] };
  }

  /** Takes a part. `alternative` is the piece whose formats are alternatives of each other. */
  take(part: Part, alternative: Piece | null, wraps: number): void {
    const { type, children } = part;
    if (type.startsWith('multipart/')) {
      if (children.length === 0) return this.#addBroken(part);
      if (type === 'multipart/encrypted') this.#notes.add(notes.encrypted);
      const inner = type === 'multipart/alternative' ? (alternative ?? this.#newPiece()) : alternative;
      for (const child of children) this.take(child, inner, wraps);
      return;
    }
    if (/^application\/(?:x-)?pkcs7-mime$/.test(type) && wraps < maxWraps && this.#unwrap(part, alternative, wraps))
      return;
    const format = formatOf(type);
    const isFile = part.disposition.value === 'attachment';
    const isDocument = format === 'rtf' && alternative === null;
    if (format === null || isFile || isDocument) this.#addFile(part, format !== null && (!isFile || !isDocument));
    else if (format !== 'ignored' || alternative === null) this.#addText(part, alternative);
  }

  /** Takes what a signature wraps; false if the part holds nothing that can be read. */
  #unwrap(part: Part, alternative: Piece | null, wraps: number): boolean {
    const opened = openCms(decodeTransfer(part.content, part.encoding));
    if (opened?.kind === 'encrypted') this.#notes.add(notes.encrypted);
    if (opened?.content == null || opened.content.length === 0) return false;
    this.take(readParts(opened.content, this.#budget), alternative, wraps + 1);
    return true;
  }

  #addText(part: Part, alternative: Piece | null): void {
    const format: TextFormat = formatOf(part.type) ?? 'plain';
    const decoded = decodeTransfer(part.content, part.encoding);
    const text = textOfPart(part, decoded, format === 'ignored' ? 'html' : format);
    const piece = alternative ?? this.#newPiece();
    if (format === 'html' || format === 'ignored') piece.html.push(text);
    else if (format === 'plain') piece.plain.push(this.#plainText(text));
    else piece.other.push(text);
  }

  /** A plain text without what programs put into it before there was MIME. */
  #plainText(text: string): string {
    if (isPgpMessage(text)) this.#notes.add(notes.encrypted);
    const split = splitUuencoded(withoutPgpSignature(text));
    for (const { name, content } of split.files) {
      const mime = 'application/octet-stream';
      this.#files.push({ name: fileName(name) || nameOfFile(mime, content), mime, contentId: null, content });
    }
    return split.text;
  }

  /** A multipart without parts is shown as it is. */
  #addBroken({ content, encoding, parameters }: Part): void {
    const text = decodeText(decodeTransfer(content, encoding).subarray(0, maxRawBytes), parameters.get('charset'));
    if (text.trim() !== '') this.#newPiece().plain.push(text);
  }

  #addFile(part: Part, isText: boolean): void {
    const { type, parameters, disposition, headers } = part;
    const first = (name: string) => headers.find((header) => header.name === name)?.value;
    const name = [disposition.parameters.get('filename'), parameters.get('name')].find(
      (one) => fileName(one ?? '') !== '',
    );
    const isStatus = type === 'message/delivery-status';
    if (isStatus || (isText && (name === undefined || disposition.value !== 'attachment'))) this.#doubtful.push(part);
    const decoded = decodeTransfer(part.content, part.encoding);
    const content = isCalendar(type) ? this.#calendar(part, decoded) : decoded;
    const mime = type;
    const contentId = first('content-id')?.replace(/^<|>$/g, '') ?? null;
    this.#files.push({ name: fileName(name ?? '') || nameOfFile(mime, content), mime, contentId, content });
  }

  /** A calendar in UTF-8, after noting its event. */
  #calendar({ parameters }: Part, decoded: Uint8Array): Uint8Array {
    const text = decodeText(decoded, parameters.get('charset')).replace(/\r\n/g, '\n');
    const event = eventText(text);
    if (event !== null) this.#notes.add(event);
    return Buffer.from(`${text.trimEnd()}\n`, 'utf8');
  }

  #newPiece(): Piece {
    const piece: Piece = { plain: [], html: [], other: [] };
    this.#pieces.push(piece);
    return piece;
  }
}

function isCalendar(type: string): boolean {
  return type === 'text/calendar' || type === 'application/ics';
}

function isBlank({ plain, html, other }: Piece): boolean {
  return [...plain, ...html, ...other].every((text) => text.trim() === '');
}

/** The plain text of a piece: its own, else that of a richer format. */
function plainOf({ plain, html, other }: Piece): string {
  const own = plain.join('\n');
  if (own.trim() !== '' && !(html.length > 0 && isStopgap(own))) return own;
  return html.length > 0 ? htmlText(html.join('\n')) : other.join('\n');
}

/** Whether a text only says that the letter's words are in its HTML. */
function isStopgap(text: string): boolean {
  const only = text.trim();
  return only.length <= maxStopgap && /\bhtml\b/i.test(only) && stopgap.test(only);
}

/** The HTML of a piece; text becomes HTML where another piece has some. */
function htmlOf(piece: Piece): string {
  if (piece.html.length > 0) return piece.html.join('\n');
  return `<div style="white-space: pre-wrap">${escapeHtml(plainOf(piece))}</div>`;
}
