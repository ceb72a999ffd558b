import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import type { EventKey } from '../../../domain/base/ids.ts';
import { fields, list, parseJson } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import { JobOverrunError } from '../../../runtime/jobs/job.ts';
import { sleep } from '../../../runtime/sleep.ts';
import type { ConnectorContext } from '../../contract.ts';
import type { SeenFile, SoundSource } from '../recordings/source.ts';
import { readTranscript, type TranscriptFile } from './read.ts';

/** Milliseconds between two rounds. A file that is the same in two of them is complete. */
const roundMs = 15_000;
/** Milliseconds between two looks for a transcript: as many as it has been awaited for, within these bounds. */
const pause = { min: 30_000, max: 3_600_000 };
/** Milliseconds until a transcript is no longer awaited. */
const patienceMs = 24 * 3_600_000;
/** How many are awaited at most. The oldest are given up first. */
const maxAwaited = 5000;
/** Bytes. Whisper's JSON of an hour has about two million. */
const largestFile = 8 * 1024 * 1024;
/** Speech recognisers that tell speakers apart say so in JSON. */
const kinds = ['json', 'vtt', 'srt'] as const;
const cursorName = 'transcripts';

/** A recording whose transcript may appear beside it. */
interface Awaited {
  readonly key: EventKey;
  /** The recording's name in its call. */
  readonly file: string;
  /** Where the recording is in the source. */
  readonly place: string;
  readonly since: number;
  /** When to look next. */
  due: number;
  /** The file that was there at the last look. */
  seen: SeenFile | null;
  /** Files that were there and can't be used. */
  readonly refused: Set<string>;
}

/** Dependencies of the {@link TranscriptWatch}. */
export interface WatchParts {
  readonly source: Pick<SoundSource, 'look' | 'open'>;
  readonly context: Pick<ConnectorContext, 'connection' | 'clock' | 'cursor' | 'emit' | 'jobs' | 'log'>;
  /** Aborted when the connection stops. What is awaited then is awaited after the next start. */
  readonly signal: AbortSignal;
}

/** Awaits files that a speech recogniser writes beside recordings: `NAME.json`, `NAME.vtt` or `NAME.srt`. */
export class TranscriptWatch {
  readonly #parts: WatchParts;
  readonly #awaited = new Map<string, Awaited>();
  #changed = false;
  #running: Promise<void> | null = null;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Begins to await the transcript of a recording that was found at `place`. */
  expect(key: EventKey, file: string, place: string): void {
    const now = this.#parts.context.clock.now();
    this.#add({ key, file, place, since: now, due: now + pause.min, seen: null, refused: new Set() });
  }

  /** Waits for the last round, which ends soon after the signal has been aborted. */
  async settled(): Promise<void> {
    await this.#running;
  }

  #add(one: Awaited): void {
    const id = `${one.key} ${one.file}`;
    if (this.#awaited.has(id)) return;
    this.#awaited.set(id, one);
    this.#changed = true;
    const [oldest] = this.#awaited.keys();
    if (this.#awaited.size > maxAwaited && oldest !== undefined) this.#awaited.delete(oldest);
  }

  async #run(): Promise<void> {
    const { signal, context } = this.#parts;
    let isLoaded = false;
    while (!signal.aborted) {
      try {
        if (!isLoaded) await this.#load();
        isLoaded = true;
        for (const [id, one] of [...this.#awaited])
          if (!signal.aborted && one.due <= context.clock.now() && (await this.#look(one))) {
            this.#awaited.delete(id);
            this.#changed = true;
          }
        if (this.#changed) await this.#save();
      } catch (error) {
        if (!signal.aborted)
          context.log.warn({ err: error }, 'transcripts could not be looked for; it will be tried again');
      }
      await sleep(roundMs, signal);
    }
  }

  /** Looks once. Whether the transcript needs no longer be awaited. */
  async #look(one: Awaited): Promise<boolean> {
    const { context, signal } = this.#parts;
    const now = context.clock.now();
    const age = now - one.since;
    one.due = now + Math.min(pause.max, Math.max(pause.min, age));
    try {
      const found = await this.#find(one);
      if (found === null) return age > patienceMs;
      const { kind, seen } = found;
      const isSteady = isSame(one.seen, seen);
      one.seen = seen;
      if (isSteady) return await this.#take(one, kind, seen);
      one.due = now + roundMs;
      return false;
    } catch (error) {
      if (signal.aborted) return false;
      context.log.debug({ reason: asServiceError(error).reason.code }, 'a transcript could not be looked for');
      return age > patienceMs;
    }
  }

  async #find({
    place,
    refused,
  }: Awaited): Promise<{ readonly kind: TranscriptFile['kind']; readonly seen: SeenFile } | null> {
    const { source, signal } = this.#parts;
    for (const kind of kinds)
      for (const name of [`${withoutExtension(place)}.${kind}`, `${place}.${kind}`]) {
        const seen = refused.has(name) ? null : await source.look(name, signal);
        if (seen !== null && seen.bytes !== 0) return { kind, seen };
      }
    return null;
  }

  async #take(one: Awaited, kind: TranscriptFile['kind'], seen: SeenFile): Promise<boolean> {
    const { source, context, signal } = this.#parts;
    const { connection, jobs, log } = context;
    const bytes = await contentOf(await source.open(seen.place, signal, largestFile));
    if (bytes === null) return this.#refuse(one, seen, `the file has more than ${largestFile} bytes`);
    try {
      const reading = await jobs.run(readTranscript, { kind, text: bytes.toString('utf8') });
      if (!reading.ok) return this.#refuse(one, seen, reading.why);
      const { key, file } = one;
      await context.emit({ kind: 'transcript', key, connection, file, transcript: reading.transcript });
      log.debug({ phrases: reading.transcript.phrases.length }, 'took the transcript of a recording');
      return true;
    } catch (error) {
      if (!(error instanceof JobOverrunError) || error.overrun === 'stopped' || error.overrun === 'queue') throw error;
      return this.#refuse(one, seen, error.message);
    }
  }

  /** The file can't be used. Another one may still appear. */
  #refuse({ refused }: Awaited, { place }: SeenFile, why: string): boolean {
    refused.add(place);
    this.#parts.context.log.warn({ why }, 'a file beside a recording is no transcript that can be used');
    return false;
  }

  async #load(): Promise<void> {
    const { cursor, clock } = this.#parts.context;
    for (const row of list(parseJson((await cursor.get(cursorName)) ?? '[]'))) {
      const { key, file, place, since } = fields(row);
      if (typeof key !== 'string' || typeof file !== 'string' || typeof place !== 'string') continue;
      if (typeof since === 'number')
        this.#add({ key: key as EventKey, file, place, since, due: clock.now(), seen: null, refused: new Set() });
    }
  }

  async #save(): Promise<void> {
    this.#changed = false;
    const rows = [...this.#awaited.values()].map(({ key, file, place, since }) => ({ key, file, place, since }));
    try {
      await this.#parts.context.cursor.set(cursorName, JSON.stringify(rows));
    } catch (error) {
      this.#changed = true;
      throw error;
    }
  }
}

/** The whole file; null if it is too large. */
async function contentOf(stream: Readable): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
    // Leaving the loop ends the download.
    if (bytes > largestFile) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function withoutExtension(place: string): string {
  return place.slice(0, place.length - posix.extname(place).length);
}

function isSame(before: SeenFile | null, now: SeenFile): boolean {
  return before?.place === now.place && before.bytes === now.bytes && before.changed === now.changed;
}
