import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parseJson } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { CoreContext } from '../../contract.ts';
import { smellsOfRename } from '../api/errors.ts';
import type { Preset, Purpose } from '../presets/preset.ts';
import { Mapping, wantedOf } from './mapping.ts';
import { readEdmx } from './read-edmx.ts';

/** Dependencies of {@link Metadata}. */
export interface MetadataParts {
  readonly preset: Preset;
  /** Opens `$metadata`. */
  readonly open: (signal: AbortSignal) => Promise<Readable>;
  readonly context: Pick<CoreContext, 'cursor' | 'clock' | 'log'>;
}

/** How long what was read is used, and how soon it is read again after a failure or a suspicion, in milliseconds. */
const freshFor = 24 * 3600_000;
const retryAfter = 300_000;
const suspicionPause = 60_000;

const cursorName = 'metadata';

/** What is kept of `$metadata` through restarts. `hash` tells whether it has changed, `preset` what it was read for. */
const Kept = Type.Object({
  preset: Type.String(),
  hash: Type.String(),
  at: Type.Number(),
  objects: Type.Record(
    Type.String(),
    Type.Record(Type.String(), Type.Tuple([Type.String(), Type.Union([Type.Number(), Type.Null()])])),
  ),
  marks: Type.Array(Type.String()),
});
type Kept = Static<typeof Kept>;

/**
 * What we use of the base's configuration. `$metadata` is read once, then daily, and after an error that a renamed
 * attribute would cause.
 */
export class Metadata {
  readonly #parts: MetadataParts;
  readonly #presetHash: string;
  #kept: Kept | null = null;
  #mapping: Mapping | null = null;
  #staleAt = Number.NEGATIVE_INFINITY;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(parts: MetadataParts) {
    this.#parts = parts;
    this.#presetHash = hashOf(parts.preset);
  }

  get preset(): Preset {
    return this.#parts.preset;
  }

  /** Changes when the used part of the base's metadata or the preset does. Empty before the first reading. */
  get hash(): string {
    return this.#kept?.hash ?? '';
  }

  /** The mapping. Rejects with a ServiceError only if the metadata was never read. */
  async mapping(signal: AbortSignal): Promise<Mapping> {
    await this.#restore();
    if (this.#mapping === null || this.#parts.context.clock.now() >= this.#staleAt) await this.#refresh(signal);
    if (this.#mapping === null) throw new Error('the metadata was not read');
    return this.#mapping;
  }

  /** Reads `$metadata` now. Rejects with a ServiceError if that fails. */
  async reread(signal: AbortSignal): Promise<Mapping> {
    this.#mapping = null;
    return this.mapping(signal);
  }

  /**
   * Does work with the mapping. After an error that a renamed attribute would cause, the metadata is checked first: if
   * something is missing now, the error says so, and the work waits instead of being refused for good.
   */
  async using<Result>(
    signal: AbortSignal,
    purposes: readonly Purpose[],
    work: (mapping: Mapping) => Promise<Result>,
  ): Promise<Result> {
    const mapping = await this.mapping(signal);
    mapping.require(...purposes);
    try {
      return await work(mapping);
    } catch (error) {
      throw await this.explain(error, purposes, signal);
    }
  }

  /**
   * The error to report for one that happened in work for some purposes. If its code smells of a renamed attribute, the
   * metadata is read again, at most once a minute; if something is missing now, the error names it.
   */
  async explain(error: unknown, purposes: readonly Purpose[], signal: AbortSignal): Promise<unknown> {
    const now = this.#parts.context.clock.now();
    if (!smellsOfRename.has(asServiceError(error).code)) return error;
    try {
      if (now - this.#readAt >= suspicionPause) await this.#refresh(signal);
      this.#mapping?.require(...purposes);
      return error;
    } catch (reason) {
      return reason;
    }
  }

  async #restore(): Promise<void> {
    if (this.#kept !== null) return;
    const stored = parseJson((await this.#parts.context.cursor.get(cursorName)) ?? '');
    if (!Value.Check(Kept, stored) || stored.preset !== this.#presetHash) return;
    this.#use(stored);
    this.#staleAt = stored.at + freshFor;
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    this.#reading ??= this.#read(signal).finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { preset, open, context } = this.#parts;
    const { clock, log, cursor } = context;
    try {
      const found = await readEdmx(await open(signal), wantedOf(preset));
      const at = clock.now();
      const next = { preset: this.#presetHash, hash: hashOf([this.#presetHash, found]), at };
      if (this.#kept !== null && this.#kept.hash !== next.hash) log.warn("1C's metadata has changed");
      const kept = Value.Parse(Kept, { ...next, ...found });
      this.#use(kept);
      this.#staleAt = at + freshFor;
      this.#readAt = at;
      await cursor.set(cursorName, JSON.stringify(kept));
    } catch (error) {
      if (this.#mapping === null) throw error;
      this.#staleAt = clock.now() + retryAfter;
      log.warn(
        { reason: asServiceError(error).reason.code },
        "could not read 1C's metadata again; using the known one",
      );
    }
  }

  #use(kept: Kept): void {
    this.#kept = kept;
    this.#mapping = new Mapping(this.#parts.preset, kept);
  }
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
