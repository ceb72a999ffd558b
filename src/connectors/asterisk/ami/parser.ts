import { isAscii } from 'node:buffer';
import { type NameCharset, readableLines } from '../text/readable.ts';
import { AmiError } from './errors.ts';
import { firstLine, readFollows, readHeaders } from './headers.ts';
import type { AmiMessage } from './message.ts';

const crlfcrlf = Buffer.from('\r\n\r\n');
const lflf = Buffer.from('\n\n');
const endOfFollows = Buffer.from('--END COMMAND--\r\n\r\n');
const follows = 'Response: Follows\r\n';
const LF = 10;
const CR = 13;

/** Limit of the greeting in bytes. Asterisk's has about 30. */
const maxGreetingBytes = 256;

/** Options of {@link AmiParser}. */
export interface AmiParserOptions {
  /** Limit of a packet in bytes; 1 MiB by default. */
  readonly maxPacketBytes?: number;
  /** Names of the events to deliver; all by default. An event with an ActionID is always delivered, as it may belong to a list. */
  readonly events?: ReadonlySet<string>;
  /** Charset of values that are not UTF-8; guessed by default. */
  readonly charset?: NameCharset;
  /** Called once with the first line, `Asterisk Call Manager/9.0.0`. */
  readonly onGreeting?: (line: string) => void;
  /** Called for each packet, in order, while `push` runs. */
  readonly onMessage: (message: AmiMessage) => void;
}

/**
 * Splits the byte stream of one connection into messages. Each connection needs a new parser, so that no data of an old one can
 * leak into it. `push` throws an AmiError (`protocol`) if the data is not AMI or exceeds a limit; the parser is then closed.
 */
export class AmiParser {
  readonly #options: AmiParserOptions;
  readonly #maxPacketBytes: number;
  readonly #charset: NameCharset;
  #held: Buffer = Buffer.alloc(0);
  #heldBytes = 0;
  /** How many of the held bytes have been searched, so that a packet that arrives in small pieces isn't searched repeatedly. */
  #searched = 0;
  #greeted = false;
  #closed = false;
  #skipped = 0;

  constructor(options: AmiParserOptions) {
    this.#options = options;
    this.#maxPacketBytes = options.maxPacketBytes ?? 1024 * 1024;
    this.#charset = options.charset ?? 'auto';
  }

  /** Number of ignored packets that were neither events nor responses. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Stops delivering, even in the middle of a `push`, and releases the held bytes. */
  close(): void {
    this.#closed = true;
    this.#held = Buffer.alloc(0);
    this.#heldBytes = 0;
  }

  /** Parses the next bytes. The chunk may be reused afterwards: an unfinished packet is copied. */
  push(chunk: Buffer | string): void {
    if (this.#closed) return;
    let data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (this.#heldBytes > 0) {
      this.#hold(data);
      data = this.#held.subarray(0, this.#heldBytes);
    }
    try {
      const rest = this.#read(data);
      if (this.#closed) return;
      this.#keep(data, rest);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Delivers the complete packets in `data`, and returns the position of the unfinished rest. */
  #read(data: Buffer): number {
    let start = this.#greeted ? 0 : this.#readGreeting(data);
    if (!this.#greeted) return 0;
    // Searched once per chunk instead of per packet, because it is very rare.
    let blank = data.indexOf(lflf, Math.max(start, this.#searched - 2));
    let ascii: boolean | null = null;
    while (!this.#closed) {
      // CoreShowChannelMap of some versions sends a stray line end before the next packet.
      while (data[start] === CR || data[start] === LF) start++;
      if (start >= data.length) break;
      const isFollows = data[start] === 82 && data.toString('latin1', start, start + follows.length) === follows;
      const needle = isFollows ? endOfFollows : crlfcrlf;
      const at = data.indexOf(needle, Math.max(start, this.#searched - needle.length));
      let end = at === -1 ? -1 : at + needle.length;
      while (blank !== -1 && (blank <= start || data[blank - 1] !== CR)) blank = data.indexOf(lflf, blank + 1);
      if (!isFollows && blank !== -1 && (end === -1 || blank < at)) end = blank + 2;
      const size = (end === -1 ? data.length : end) - start;
      if (size > this.#maxPacketBytes) throw this.#tooLong();
      if (end === -1) break;
      this.#searched = 0;
      ascii ??= isAscii(data);
      this.#deliver(data, start, end, isFollows, ascii);
      start = end;
    }
    return start;
  }

  #deliver(data: Buffer, start: number, end: number, isFollows: boolean, ascii: boolean): void {
    // Without the empty line. Packets are decoded as a whole, so no character is split between two chunks.
    const stop = end - (data[end - 2] === CR ? 4 : 3);
    let text = data.toString(ascii ? 'latin1' : 'utf8', start, stop);
    const line = firstLine(text);
    if (line === null) {
      this.#skipped++;
      return;
    }
    const { events } = this.#options;
    if (events !== undefined && line.kind === 'event' && !events.has(line.name) && !text.includes('\r\nActionID: '))
      return;
    // A packet of ASCII has as many characters as bytes; so have some that are not UTF-8, with replacement characters.
    if (!ascii && (text.length !== stop - start || text.includes('\ufffd')))
      text = readableLines(data.toString('latin1', start, stop), this.#charset);
    const { fields, lists } = isFollows ? readFollows(text, line.end + 2) : readHeaders(text, line.end + 2);
    this.#options.onMessage({ kind: line.kind, name: line.name, fields, lists, bytes: end - start });
  }

  #readGreeting(data: Buffer): number {
    const lineEnd = data.indexOf(LF);
    if (lineEnd === -1 ? data.length > maxGreetingBytes : lineEnd > maxGreetingBytes) throw this.#notAmi();
    if (lineEnd === -1) return 0;
    const line = data.toString('latin1', 0, lineEnd).trimEnd();
    if (!line.startsWith('Asterisk Call Manager')) throw this.#notAmi();
    this.#greeted = true;
    this.#options.onGreeting?.(line);
    return lineEnd + 1;
  }

  /** Appends to the held bytes. The buffer doubles, so that many small chunks cost no more than one large chunk. */
  #hold(data: Buffer): void {
    const needed = this.#heldBytes + data.length;
    if (needed > this.#held.length) {
      const room = Buffer.allocUnsafeSlow(Math.max(needed, this.#held.length * 2, 4096));
      this.#held.copy(room, 0, 0, this.#heldBytes);
      this.#held = room;
    }
    data.copy(this.#held, this.#heldBytes);
    this.#heldBytes = needed;
  }

  #keep(data: Buffer, rest: number): void {
    const remaining = data.length - rest;
    this.#searched = remaining;
    if (remaining === 0) {
      this.#heldBytes = 0;
      // Release the buffer of a large packet instead of keeping it for the life of the connection.
      if (this.#held.length > 256 * 1024) this.#held = Buffer.alloc(0);
      return;
    }
    if (this.#heldBytes > 0) {
      if (rest > 0) this.#held.copyWithin(0, rest, data.length);
      this.#heldBytes = remaining;
      return;
    }
    this.#hold(rest === 0 ? data : data.subarray(rest));
  }

  #tooLong(): AmiError {
    return new AmiError(
      'protocol',
      `AMI packet exceeds the limit of ${this.#maxPacketBytes} bytes; if the PBX really sends such packets, raise the limit`,
    );
  }

  #notAmi(): AmiError {
    return new AmiError(
      'protocol',
      'expected the greeting "Asterisk Call Manager/…", but got another first line; check host and port (usually 5038), and whether the port requires TLS',
    );
  }
}
