import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { reason } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { isInside, placesBelow } from './places.ts';
import type { SeenFile, SoundSource } from './source.ts';

/** Recordings in a directory of this machine, usually a mount of the PBX's. */
export class DirectorySource implements SoundSource {
  readonly readsParts = true;
  readonly #root: string;

  constructor(directory: string) {
    this.#root = resolve(directory);
  }

  places(file: string): readonly string[] {
    return placesBelow(this.#root, file);
  }

  async look(place: string): Promise<SeenFile | null> {
    // A lost mount must not look like a missing file.
    const root = await realpath(this.#root).catch(() => null);
    if (root === null)
      throw new ServiceError('unreachable', reason('recordingsDirectoryLost', { directory: this.#root }));
    const path = this.#pathOf(place);
    const found = await stat(path).catch(() => null);
    if (found === null || !found.isFile()) return null;
    // Resolve links first: a link in the directory may point anywhere on this machine.
    const real = await realpath(path).catch(() => null);
    if (real === null || !isInside(relative(root, real))) return null;
    return { place, bytes: found.size, changed: String(found.mtimeMs), path };
  }

  async open(place: string, _signal: AbortSignal, end?: number): Promise<Readable> {
    return createReadStream(this.#pathOf(place), end === undefined ? {} : { end });
  }

  async list(directory: string): Promise<readonly string[]> {
    return readdir(this.#pathOf(directory)).catch(() => []);
  }

  async close(): Promise<void> {}

  #pathOf(place: string): string {
    if (!isInside(place)) throw new Error('expected a place below the directory of recordings');
    return join(this.#root, place);
  }
}
