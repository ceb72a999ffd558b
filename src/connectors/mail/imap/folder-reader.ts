import { buffer } from 'node:stream/consumers';
import type { FetchMessageObject, ImapFlow } from 'imapflow';
import type { EventKey } from '../../../domain/base/ids.ts';
import type { ContactEvent } from '../../../domain/interaction/contact-event.ts';
import type { RawSource } from '../../../domain/interaction/quarantine.ts';
import { isFault } from '../../../runtime/fault.ts';
import { sleep } from '../../../runtime/sleep.ts';
import type { ConnectorContext } from '../../contract.ts';
import { eventsOf, type LetterEvents, type ReadLetter } from '../contact.ts';
import type { MailConfig } from '../schema.ts';
import { cursorText, type FolderCursor, parseCursor, sinceOf } from './cursor.ts';
import { unkept } from './files.ts';
import { newUids, openFolder, rangeOf, type Sized, uidsOf } from './folder-uids.ts';
import { arrivalOf, type LetterMeans, readInParts, readWhole } from './read-letter.ts';
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
  readonly context: Pick<
    ConnectorContext,
    'connection' | 'cursor' | 'emit' | 'quarantine' | 'staff' | 'blobs' | 'jobs' | 'log' | 'clock'
  >;
  readonly wish: FolderWish;
  readonly signal: AbortSignal;
  /** Told how many letters of how many a pass has taken in. */
  readonly onProgress: (done: number, of: number) => void;
}

/** Takes in what a folder has beyond the place that is remembered; the place moves when what lies before it is safe. */
export class FolderReader {
  readonly #parts: ReaderParts;
  readonly #means: LetterMeans;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    const { blobs, jobs, log } = parts.context;
    this.#means = { blobs, jobs, log, largest: parts.config.largestFile * 1024 * 1024 };
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
        const letters = await this.#fetch(client, chunk, sources);
        await safe;
        const last = chunk.at(-1)?.uid ?? cursor.uid;
        safe = this.#commit(letters, { ...cursor, uid: last });
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
      const letters = await this.#fetch(client, chunk, await this.#sources(client, chunk));
      await this.#emitAll(letters);
      taken += letters.length;
    }
    return taken;
  }

  /** Reads letters without taking them in or keeping their files; a portion at a time. */
  async look(
    client: ImapFlow,
    uids: readonly number[],
    see: (letters: readonly SeenLetter[]) => Promise<void>,
  ): Promise<void> {
    const means = { ...this.#means, blobs: unkept };
    for (const chunk of await this.#chunks(client, uids)) {
      if (this.#parts.signal.aborted) return;
      const seen: SeenLetter[] = [];
      const sources = await this.#sources(client, chunk);
      const use = (uid: number, read: ReadLetter) => {
        const [contact] = this.#eventsOf(read);
        const { messageId, subject } = read.letter;
        seen.push({ uid, arrivedAt: read.arrivedAt, key: contact.key, messageId, subject });
      };
      const spoilt = async (uid: number, _source: RawSource, error: unknown) =>
        this.#parts.context.log.error({ err: error, uid }, 'a letter could not be read');
      await this.#letters(client, chunk, sources, { means, use, spoilt });
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

  /** A portion's letters, in the order of their UIDs. What a fault of ours keeps from being read is in quarantine then. */
  async #fetch(
    client: ImapFlow,
    chunk: readonly Sized[],
    first: readonly FetchMessageObject[],
  ): Promise<readonly FetchedLetter[]> {
    const found = new Map<number, FetchedLetter>();
    const use = (uid: number, read: ReadLetter, raw: Uint8Array | null) =>
      found.set(uid, { events: this.#eventsOf(read), source: raw && this.#sourceOf(raw, read.arrivedAt) });
    const spoilt = async (uid: number, source: RawSource, error: unknown) => {
      await this.#parts.context.quarantine(source, error);
      found.set(uid, { events: [], source: null });
    };
    let wanted = chunk;
    for (let look = 1; wanted.length > 0; look++) {
      const sources = look === 1 ? first : await this.#sources(client, wanted);
      await this.#letters(client, wanted, sources, { means: this.#means, use, spoilt });
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
      const letter = found.get(uid);
      return letter === undefined ? [] : [letter];
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
    { means, use, spoilt }: LetterUse,
  ): Promise<void> {
    // Some at a time, for their files are written one after the other and each waits for the disk.
    for (let i = 0; i < sources.length; i += lettersAtOnce) {
      const some = sources.slice(i, i + lettersAtOnce).map(async ({ uid, source, internalDate }) => {
        if (source === undefined) return;
        const arrivedAt = arrivalOf({ internalDate });
        try {
          use(uid, await readWhole(source, arrivedAt, means), source);
        } catch (error) {
          if (!isFault(error)) throw error;
          await spoilt(uid, this.#sourceOf(source, arrivedAt), error);
        }
      });
      await Promise.all(some);
    }
    for (const { uid, size } of wanted) {
      if (size <= largestWhole) continue;
      await this.#largeLetter(client, uid, { means, use, spoilt });
    }
  }

  async #largeLetter(client: ImapFlow, uid: number, { means, use, spoilt }: LetterUse): Promise<void> {
    try {
      const read = await readInParts(client, uid, means);
      if (read !== null) use(uid, read, null);
    } catch (error) {
      if (!isFault(error)) throw error;
      const { content } = await client.download(String(uid), undefined, { uid: true });
      if (content !== undefined) await spoilt(uid, this.#sourceOf(await buffer(content), Date.now()), error);
    }
  }

  #sourceOf(bytes: Uint8Array, arrivedAt: number): RawSource {
    const { role } = this.#parts.wish;
    return { facts: { role, arrivedAt: String(arrivedAt) }, bytes };
  }

  #eventsOf(read: ReadLetter): LetterEvents {
    const { context, config, wish } = this.#parts;
    return eventsOf(read, { connection: context.connection, role: wish.role, config, staff: context.staff() });
  }

  async #commit(letters: readonly FetchedLetter[], cursor: FolderCursor): Promise<void> {
    await this.#emitAll(letters);
    await this.#keep(cursor);
  }

  async #emitAll(letters: readonly FetchedLetter[]): Promise<void> {
    const { emit } = this.#parts.context;
    const all = letters.flatMap(({ events, source }) => events.map((event) => emit(event, source ?? undefined)));
    await Promise.all(all);
  }

  #keep(cursor: FolderCursor): Promise<void> {
    return this.#parts.context.cursor.set(this.#parts.wish.name, cursorText(cursor));
  }
}

/** A letter that was read: what it tells, and its bytes, where they are at hand. */
interface FetchedLetter {
  readonly events: readonly ContactEvent[];
  readonly source: RawSource | null;
}

/** What is done with letters: with those that were read, and with those that a fault of ours keeps from it. */
interface LetterUse {
  readonly means: LetterMeans;
  readonly use: (uid: number, read: ReadLetter, raw: Uint8Array | null) => void;
  readonly spoilt: (uid: number, source: RawSource, error: unknown) => Promise<void>;
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
