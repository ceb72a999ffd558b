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
import { hashOnlyBlobs } from './files.ts';
import { newUids, openFolder, rangeOf, type Sized, uidsOf } from './folder-uids.ts';
import { arrivalOf, type LetterReaderParts, readInParts, readWhole } from './read-letter.ts';
import type { FolderWish } from './session.ts';

/** Limits of a chunk, which is fetched and committed as a whole. */
const chunkLetters = 100;
const chunkBytes = 16 * 1024 * 1024;
/** Number of letters parsed concurrently. */
const parallelLetters = 8;
/** Larger letters (bytes) are read part by part. */
const maxWholeBytes = 4 * 1024 * 1024;
/** Servers announce letters shortly before they can be fetched, so fetching is retried after a pause (milliseconds). */
const maxAttempts = 3;
const attemptPause = 1000;

/** Dependencies of {@link FolderReader}. */
export interface ReaderParts {
  readonly config: MailConfig;
  readonly context: Pick<
    ConnectorContext,
    'connection' | 'cursor' | 'emit' | 'quarantine' | 'staff' | 'blobs' | 'jobs' | 'log' | 'clock'
  >;
  readonly wish: FolderWish;
  readonly signal: AbortSignal;
  /** Called with the number of letters imported so far, and the total of this pass. */
  readonly onProgress: (done: number, of: number) => void;
}

/** Imports the letters of a folder beyond the stored cursor. The cursor moves when the letters before it are committed. */
export class FolderReader {
  readonly #parts: ReaderParts;
  readonly #letterParts: LetterReaderParts;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    const { blobs, jobs, log } = parts.context;
    this.#letterParts = { blobs, jobs, log, maxFileBytes: parts.config.largestFile * 1024 * 1024 };
  }

  /** Imports new letters of the open folder up to its current end. If the server or the store fails, it rejects and can be repeated. */
  async read(client: ImapFlow): Promise<void> {
    const { signal, onProgress } = this.#parts;
    const cursor = await this.#startCursor(client);
    const uids = await newUids(client, cursor);
    let committed: Promise<void> = Promise.resolve();
    let done = 0;
    try {
      const chunks = await this.#chunks(client, uids);
      let next = this.#sources(client, chunks[0] ?? []);
      for (const [i, chunk] of chunks.entries()) {
        if (signal.aborted) break;
        const sources = await next;
        // Pipeline: the next chunk is fetched while this one is parsed and the previous one committed.
        next = this.#sources(client, chunks[i + 1] ?? []);
        next.catch(() => undefined);
        const letters = await this.#fetch(client, chunk, sources);
        await committed;
        const last = chunk.at(-1)?.uid ?? cursor.uid;
        committed = this.#commit(letters, { ...cursor, uid: last });
        committed.catch(() => undefined);
        done += chunk.length;
        onProgress(done, uids.length);
      }
    } finally {
      await committed;
    }
    if (cursor.scanning && !signal.aborted)
      await this.#keep({ ...cursor, uid: Math.max(cursor.uid, uids.at(-1) ?? 0), scanning: false });
  }

  /** Imports letters by UID, regardless of the cursor. Resolves with the number of letters found. */
  async importLetters(client: ImapFlow, uids: readonly number[]): Promise<number> {
    let count = 0;
    for (const chunk of await this.#chunks(client, uids)) {
      const letters = await this.#fetch(client, chunk, await this.#sources(client, chunk));
      await this.#emitAll(letters);
      count += letters.length;
    }
    return count;
  }

  /** Reads letters without importing them or storing their files, and passes them to `onSeen` in chunks. */
  async inspect(
    client: ImapFlow,
    uids: readonly number[],
    onSeen: (letters: readonly SeenLetter[]) => Promise<void>,
  ): Promise<void> {
    const parts = { ...this.#letterParts, blobs: hashOnlyBlobs };
    for (const chunk of await this.#chunks(client, uids)) {
      if (this.#parts.signal.aborted) return;
      const seen: SeenLetter[] = [];
      const sources = await this.#sources(client, chunk);
      const onRead = (uid: number, read: ReadLetter) => {
        const [contact] = this.#eventsOf(read);
        const { messageId, subject } = read.letter;
        seen.push({ uid, arrivedAt: read.arrivedAt, key: contact.key, messageId, subject });
      };
      const onFault = async (uid: number, _source: RawSource, error: unknown) =>
        this.#parts.context.log.error({ err: error, uid }, 'a letter could not be read');
      await this.#letters(client, chunk, sources, { parts, onRead, onFault });
      await onSeen(seen);
    }
  }

  /** The cursor to continue from. After a change of UIDVALIDITY the folder is read from its beginning, as old UIDs are meaningless. */
  async #startCursor(client: ImapFlow): Promise<FolderCursor> {
    const { context, config, wish } = this.#parts;
    const { validity, uidNext } = openFolder(client);
    const stored = parseCursor(await context.cursor.get(wish.name));
    if (stored?.validity === validity) return stored;
    if (stored !== null) {
      context.log.warn(
        { folder: wish.name },
        'the UIDVALIDITY of the folder has changed; reading it again from the beginning',
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

  /** Fetches the sizes of letters, and divides them into chunks that fit into memory. */
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

  /** Reads the letters of a chunk in the order of their UIDs. Letters that can't be processed because of our fault are quarantined. */
  async #fetch(
    client: ImapFlow,
    chunk: readonly Sized[],
    first: readonly FetchMessageObject[],
  ): Promise<readonly FetchedLetter[]> {
    const found = new Map<number, FetchedLetter>();
    const onRead = (uid: number, read: ReadLetter, raw: Uint8Array | null) =>
      found.set(uid, { events: this.#eventsOf(read), source: raw && this.#sourceOf(raw, read.arrivedAt) });
    const onFault = async (uid: number, source: RawSource, error: unknown) => {
      await this.#parts.context.quarantine(source, error);
      found.set(uid, { events: [], source: null });
    };
    let wanted = chunk;
    for (let attempt = 1; wanted.length > 0; attempt++) {
      const sources = attempt === 1 ? first : await this.#sources(client, wanted);
      await this.#letters(client, wanted, sources, { parts: this.#letterParts, onRead, onFault });
      const missing = wanted.filter(({ uid }) => !found.has(uid));
      if (missing.length === 0) break;
      // Check whether the missing letters were deleted or moved meanwhile, or are just not available yet.
      const existing = new Set(await uidsOf(client, { uid: rangeOf(missing.map(({ uid }) => uid)) }));
      wanted = missing.filter(({ uid }) => existing.has(uid));
      if (wanted.length > 0 && attempt === maxAttempts) {
        const { context, wish } = this.#parts;
        context.log.error(
          { folder: wish.name, letters: wanted.length },
          'the server lists letters that can not be fetched; run `patchbay mail reconcile` to try again',
        );
        break;
      }
      if (wanted.length > 0) await sleep(attemptPause, this.#parts.signal);
    }
    return chunk.flatMap(({ uid }) => {
      const letter = found.get(uid);
      return letter === undefined ? [] : [letter];
    });
  }

  /** Fetches those letters of a chunk that are small enough to be read as a whole. */
  async #sources(client: ImapFlow, chunk: readonly Sized[]): Promise<readonly FetchMessageObject[]> {
    const small = chunk.filter(({ size }) => size <= maxWholeBytes);
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
    { parts, onRead, onFault }: LetterHandling,
  ): Promise<void> {
    // Several letters in parallel, because the files of each are written one after the other and wait for the disk.
    for (let i = 0; i < sources.length; i += parallelLetters) {
      const batch = sources.slice(i, i + parallelLetters).map(async ({ uid, source, internalDate }) => {
        if (source === undefined) return;
        const arrivedAt = arrivalOf({ internalDate });
        try {
          onRead(uid, await readWhole(source, arrivedAt, parts), source);
        } catch (error) {
          if (!isFault(error)) throw error;
          await onFault(uid, this.#sourceOf(source, arrivedAt), error);
        }
      });
      await Promise.all(batch);
    }
    for (const { uid, size } of wanted) {
      if (size <= maxWholeBytes) continue;
      await this.#largeLetter(client, uid, { parts, onRead, onFault });
    }
  }

  async #largeLetter(client: ImapFlow, uid: number, { parts, onRead, onFault }: LetterHandling): Promise<void> {
    try {
      const read = await readInParts(client, uid, parts);
      if (read !== null) onRead(uid, read, null);
    } catch (error) {
      if (!isFault(error)) throw error;
      const { content } = await client.download(String(uid), undefined, { uid: true });
      if (content !== undefined) await onFault(uid, this.#sourceOf(await buffer(content), Date.now()), error);
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

/** The events of a letter, and its bytes if it was read as a whole. */
interface FetchedLetter {
  readonly events: readonly ContactEvent[];
  readonly source: RawSource | null;
}

/** How letters are read, and callbacks for letters that were read or could not be processed because of our fault. */
interface LetterHandling {
  readonly parts: LetterReaderParts;
  readonly onRead: (uid: number, read: ReadLetter, raw: Uint8Array | null) => void;
  readonly onFault: (uid: number, source: RawSource, error: unknown) => Promise<void>;
}

/** A letter that was read without being imported. */
export interface SeenLetter {
  readonly uid: number;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  readonly key: EventKey;
  readonly messageId: string | null;
  readonly subject: string | null;
}
