import type { FetchMessageObject, ImapFlow } from 'imapflow';
import type { ContactEvent } from '../../../domain/contact-event.ts';
import type { EventKey } from '../../../domain/ids.ts';
import { sleep } from '../../../runtime/sleep.ts';
import type { ConnectorContext } from '../../contract.ts';
import { eventsOf, type LetterEvents, type ReadLetter } from '../contact.ts';
import type { Letter } from '../parse/letter.ts';
import type { MailConfig } from '../schema.ts';
import { sinceOf } from '../since.ts';
import { cursorText, type FolderCursor, parseCursor } from './cursor.ts';
import { type FileStore, unkept } from './files.ts';
import { arrivalOf, readInParts, readWhole } from './read-letter.ts';
import type { FolderWish } from './session.ts';

/** Letters that are committed together, and bytes of them that are held at a time. */
const chunkLetters = 100;
const chunkBytes = 16 * 1024 * 1024;
const lettersAtOnce = 8;
/** A larger letter is read part by part, in bytes. */
const largestWhole = 4 * 1024 * 1024;
/** Servers announce letters a moment before they can be fetched: looks, and the pause between them in milliseconds. */
const looks = 3;
const lookPause = 1000;

/** What a reader works with. */
export interface ReaderParts {
  readonly config: MailConfig;
  readonly context: Pick<ConnectorContext, 'connection' | 'cursor' | 'emit' | 'staff' | 'blobs' | 'log' | 'clock'>;
  readonly wish: FolderWish;
  readonly signal: AbortSignal;
  /** Told how many letters of how many a pass has taken in. */
  readonly onProgress: (done: number, of: number) => void;
}

/** Takes in what a folder has beyond the place that is remembered; the place moves when what lies before it is safe. */
export class FolderReader {
  readonly #parts: ReaderParts;
  readonly #files: FileStore;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    const { blobs, log } = parts.context;
    this.#files = { blobs, log, largest: parts.config.largestFile * 1024 * 1024 };
  }

  /** Reads the open folder up to its present end. Rejects when the server or the store fails; then nothing is lost by beginning again. */
  async read(client: ImapFlow): Promise<void> {
    const { signal, onProgress } = this.#parts;
    const cursor = await this.#begin(client);
    const uids = await newUids(client, cursor);
    let safe: Promise<void> = Promise.resolve();
    let done = 0;
    try {
      const chunks = await this.#chunks(client, uids);
      let coming = this.#sources(client, chunks[0] ?? []);
      for (const [i, chunk] of chunks.entries()) {
        if (signal.aborted) break;
        const sources = await coming;
        // The server sends the next portion while this one is parsed and the one before it committed, and no further ahead.
        coming = this.#sources(client, chunks[i + 1] ?? []);
        coming.catch(() => undefined);
        const events = await this.#fetch(client, chunk, sources);
        await safe;
        const last = chunk.at(-1)?.uid ?? cursor.uid;
        safe = this.#commit(events, { ...cursor, uid: last });
        safe.catch(() => undefined);
        done += chunk.length;
        onProgress(done, uids.length);
      }
    } finally {
      await safe;
    }
    if (cursor.scanning && !signal.aborted)
      await this.#keep({ ...cursor, uid: Math.max(cursor.uid, uids.at(-1) ?? 0), scanning: false });
  }

  /** Takes in letters by their UIDs, wherever the cursor stands. Answers how many there were. */
  async take(client: ImapFlow, uids: readonly number[]): Promise<number> {
    let taken = 0;
    for (const chunk of await this.#chunks(client, uids)) {
      const events = await this.#fetch(client, chunk, await this.#sources(client, chunk));
      await Promise.all(events.flat().map((event) => this.#emit(event)));
      taken += events.length;
    }
    return taken;
  }

  /** Reads letters without taking them in or keeping their files; a portion at a time. */
  async look(
    client: ImapFlow,
    uids: readonly number[],
    see: (letters: readonly SeenLetter[]) => Promise<void>,
  ): Promise<void> {
    const files = { ...this.#files, blobs: unkept };
    for (const chunk of await this.#chunks(client, uids)) {
      if (this.#parts.signal.aborted) return;
      const seen: SeenLetter[] = [];
      const sources = await this.#sources(client, chunk);
      await this.#letters(client, chunk, sources, files, (uid, read) => {
        const [contact] = this.#eventsOf(read);
        seen.push({ uid, arrivedAt: read.arrivedAt, key: contact.key, ...named(read.letter) });
      });
      await see(seen);
    }
  }

  /** The place to go on from: after a change of UIDVALIDITY from the beginning, since nobody knows what the old UIDs are now. */
  async #begin(client: ImapFlow): Promise<FolderCursor> {
    const { context, config, wish } = this.#parts;
    const { validity, uidNext } = openFolder(client);
    const stored = parseCursor(await context.cursor.get(wish.name));
    if (stored?.validity === validity) return stored;
    if (stored !== null) {
      context.log.warn(
        { folder: wish.name },
        'the server numbers the folder anew: it is read again from its beginning',
      );
      return { validity, uid: 0, since: stored.since, scanning: true };
    }
    const since = sinceOf(config.since);
    const fresh: FolderCursor =
      since === null
        ? { validity, uid: uidNext - 1, since: context.clock.now(), scanning: false }
        : { validity, uid: 0, since, scanning: true };
    await this.#keep(fresh);
    return fresh;
  }

  /** UIDs with their sizes, in portions that may be held at once. */
  async #chunks(client: ImapFlow, uids: readonly number[]): Promise<readonly (readonly Sized[])[]> {
    const sized: Sized[] = [];
    for (let i = 0; i < uids.length; i += 5000) {
      const range = rangeOf(uids.slice(i, i + 5000));
      const sizes = new Map<number, number>();
      for await (const { uid, size } of client.fetch(range, { uid: true, size: true }, { uid: true }))
        sizes.set(uid, size ?? 0);
      for (const uid of uids.slice(i, i + 5000)) sized.push({ uid, size: sizes.get(uid) ?? 0 });
    }
    const chunks: Sized[][] = [];
    let bytes = 0;
    for (const one of sized) {
      const current = chunks.at(-1);
      if (current === undefined || current.length >= chunkLetters || bytes + one.size > chunkBytes) {
        chunks.push([one]);
        bytes = one.size;
      } else {
        current.push(one);
        bytes += one.size;
      }
    }
    return chunks;
  }

  /** The events of a portion's letters, in the order of their UIDs. */
  async #fetch(
    client: ImapFlow,
    chunk: readonly Sized[],
    first: readonly FetchMessageObject[],
  ): Promise<readonly (readonly ContactEvent[])[]> {
    const found = new Map<number, readonly ContactEvent[]>();
    let wanted = chunk;
    for (let look = 1; wanted.length > 0; look++) {
      const sources = look === 1 ? first : await this.#sources(client, wanted);
      await this.#letters(client, wanted, sources, this.#files, (uid, read) => found.set(uid, this.#eventsOf(read)));
      const missing = wanted.filter(({ uid }) => !found.has(uid));
      if (missing.length === 0) break;
      // Deleted or moved away meanwhile, or announced too early?
      const there = new Set(await uidsOf(client, { uid: rangeOf(missing.map(({ uid }) => uid)) }));
      wanted = missing.filter(({ uid }) => there.has(uid));
      if (wanted.length > 0 && look === looks) {
        const { context, wish } = this.#parts;
        context.log.error(
          { folder: wish.name, letters: wanted.length },
          'letters are announced but can not be fetched; `patchbay mail reconcile` will try again',
        );
        break;
      }
      if (wanted.length > 0) await sleep(lookPause, this.#parts.signal);
    }
    return chunk.flatMap(({ uid }) => {
      const events = found.get(uid);
      return events === undefined ? [] : [events];
    });
  }

  /** The letters of a portion that are held whole. */
  async #sources(client: ImapFlow, chunk: readonly Sized[]): Promise<readonly FetchMessageObject[]> {
    const small = chunk.filter(({ size }) => size <= largestWhole);
    const messages: FetchMessageObject[] = [];
    if (small.length === 0) return messages;
    const query = { uid: true, source: true, internalDate: true };
    for await (const message of client.fetch(rangeOf(small.map(({ uid }) => uid)), query, { uid: true }))
      messages.push(message);
    return messages;
  }

  async #letters(
    client: ImapFlow,
    wanted: readonly Sized[],
    sources: readonly FetchMessageObject[],
    files: FileStore,
    use: (uid: number, read: ReadLetter) => void,
  ): Promise<void> {
    // Some at a time, for their files are written one after the other and each waits for the disk.
    for (let i = 0; i < sources.length; i += lettersAtOnce) {
      const some = sources.slice(i, i + lettersAtOnce).map(async ({ uid, source, internalDate }) => {
        if (source !== undefined) use(uid, await readWhole(source, arrivalOf({ internalDate }), files));
      });
      await Promise.all(some);
    }
    for (const { uid, size } of wanted) {
      if (size <= largestWhole) continue;
      const read = await readInParts(client, uid, files);
      if (read !== null) use(uid, read);
    }
  }

  #eventsOf(read: ReadLetter): LetterEvents {
    const { context, config, wish } = this.#parts;
    return eventsOf(read, { connection: context.connection, role: wish.role, config, staff: context.staff() });
  }

  async #commit(letters: readonly (readonly ContactEvent[])[], cursor: FolderCursor): Promise<void> {
    await Promise.all(letters.flat().map((event) => this.#emit(event)));
    await this.#keep(cursor);
  }

  /** A letter that the store refuses for good must not hold the others up: the log and `reconcile` tell of it. */
  async #emit(event: ContactEvent): Promise<void> {
    const { context } = this.#parts;
    try {
      await context.emit(event);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'RefusedEventError')) throw error;
      context.log.error({ err: error }, 'a letter was refused');
    }
  }

  #keep(cursor: FolderCursor): Promise<void> {
    return this.#parts.context.cursor.set(this.#parts.wish.name, cursorText(cursor));
  }
}

/** A letter that was looked at. */
export interface SeenLetter {
  readonly uid: number;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  readonly key: EventKey;
  readonly messageId: string | null;
  readonly subject: string | null;
}

function named({ messageId, subject }: Letter): Pick<SeenLetter, 'messageId' | 'subject'> {
  return { messageId, subject };
}

interface Sized {
  readonly uid: number;
  readonly size: number;
}

/** The numbering of the open folder. Rejects when none is open: the connection broke. */
export function openFolder(client: ImapFlow): { readonly validity: string; readonly uidNext: number } {
  const { mailbox } = client;
  if (mailbox === false) throw new Error('the mail server closed the folder');
  return { validity: String(mailbox.uidValidity), uidNext: mailbox.uidNext };
}

/** The UIDs behind a place, ascending; of a first pass only those that arrived since the chosen day. */
async function newUids(client: ImapFlow, { uid, since, scanning }: FolderCursor): Promise<readonly number[]> {
  const found = await uidsOf(client, {
    uid: `${uid + 1}:*`,
    ...(scanning && since > 0 && { since: new Date(since) }),
  });
  // `n:*` names the last letter also where n is behind it.
  return found.filter((one) => one > uid);
}

/** The UIDs of a search, ascending. */
export async function uidsOf(client: ImapFlow, query: { uid?: string; since?: Date }): Promise<readonly number[]> {
  const found = await client.search(query, { uid: true });
  if (found === false || found === undefined) throw new Error('the mail server refused to list the folder');
  return [...found].sort((a, b) => a - b);
}

/** UIDs as IMAP writes them, neighbours joined: `1:4,7`. */
export function rangeOf(uids: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const uid of uids) {
    const last = ranges.at(-1);
    if (last !== undefined && uid === last[1] + 1) last[1] = uid;
    else ranges.push([uid, uid]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}:${to}`)).join(',');
}
