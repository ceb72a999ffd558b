import { Readable } from 'node:stream';
import { isMarkup, soundType, soundTypeOfBytes } from '../../../domain/call/sound-format.ts';
import type { BlobId, Blobs } from '../../../domain/ports/blobs.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Logger } from '../../../runtime/log.ts';
import { convert, FfmpegError, formatTypes, type SoundFormat } from './ffmpeg.ts';
import { wavFacts } from './wav.ts';

/** A copy of a recording. */
export interface KeptSound {
  readonly blob: BlobId;
  readonly bytes: number;
  readonly mime: string;
  readonly seconds: number | null;
}

/** Settings of the {@link SoundKeeper}. */
export interface KeeperSettings {
  readonly format: SoundFormat | 'original';
  /** Megabytes. */
  readonly largest: number;
}

const headBytes = 64;

/** Copies recordings into the blob storage, in the configured format. */
export class SoundKeeper {
  readonly #blobs: Blobs;
  readonly #settings: KeeperSettings;
  readonly #log: Logger;
  #toldMissing = false;

  constructor(blobs: Blobs, settings: KeeperSettings, log: Logger) {
    this.#blobs = blobs;
    this.#settings = settings;
    this.#log = log;
  }

  /** Copies the file `name`. If it can't be converted, the original is kept. */
  async keep(name: string, open: () => Promise<Readable>, signal: AbortSignal): Promise<KeptSound> {
    const { format } = this.#settings;
    if (format !== 'original') {
      try {
        return await this.#converted(name, await open(), format, signal);
      } catch (error) {
        if (!(error instanceof FfmpegError) || signal.aborted) throw error;
        this.#explain(error);
      }
    }
    const { mime, head, source } = await measured(name, await open());
    const { id, bytes } = await this.#put(source);
    return { blob: id, bytes, mime, seconds: wavFacts(head, bytes)?.seconds ?? null };
  }

  async #converted(name: string, file: Readable, format: SoundFormat, signal: AbortSignal): Promise<KeptSound> {
    const { mime, head, source, size } = await measured(name, file);
    const wanted = formatTypes[format];
    const result = mime === wanted ? source : convert(source, mime, format, signal);
    const { id, bytes } = await this.#put(result);
    return { blob: id, bytes, mime: wanted, seconds: wavFacts(head, size())?.seconds ?? null };
  }

  #put(source: AsyncIterable<Uint8Array>) {
    return this.#blobs.put(source, this.#settings.largest * 1024 * 1024);
  }

  #explain(error: FfmpegError): void {
    if (!error.missing) this.#log.warn({ err: error }, 'a recording could not be converted; its original is kept');
    else if (!this.#toldMissing) {
      this.#toldMissing = true;
      this.#log.warn('ffmpeg is not installed, so recordings keep their original format');
    }
  }
}

interface Measured {
  readonly mime: string;
  readonly head: Buffer;
  /** The whole sound. */
  readonly source: Readable;
  /** The bytes read so far. */
  readonly size: () => number;
}

/** Reads the beginning of a sound, which tells its real type: servers may send another than the name says. */
async function measured(name: string, file: Readable): Promise<Measured> {
  const chunks = file[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < headBytes && !ended) {
    const { value, done } = await chunks.next();
    ended = done === true;
    if (!ended) head = Buffer.concat([head, value as Buffer]);
  }
  if (head.length === 0 || isMarkup(head)) {
    file.destroy();
    throw new ServiceError('refused', reason('recordingNotFound'));
  }
  let size = 0;
  const source = Readable.from(
    (async function* () {
      size += head.length;
      yield head;
      for await (const chunk of { [Symbol.asyncIterator]: () => chunks }) {
        size += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
    })(),
    { objectMode: false },
  );
  const mime = soundTypeOfBytes(head) ?? soundType(name) ?? 'application/octet-stream';
  return { mime, head, source, size: () => size };
}
