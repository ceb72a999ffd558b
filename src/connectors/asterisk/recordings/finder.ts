import { extname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { soundType } from '../../../domain/call/sound-format.ts';
import type { CallRecording, CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import { BlobTooLargeError } from '../../../domain/ports/blobs.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import type { SoundKeeper } from '../../shared/sound/keeper.ts';
import { wavFacts, wavHeaderBytes } from '../../shared/sound/wav.ts';
import type { SeenFile, SoundSource } from './source.ts';
import { locateVoicemail } from './voicemail-files.ts';

/**
 * How a look for a recording ended. `place`: where a found one is in its source. `growing`: there is a file, but it is not known to
 * be whole yet.
 */
export type Found =
  | { readonly kind: 'settled'; readonly recording: CallRecording; readonly place?: string }
  | { readonly kind: 'growing' }
  | { readonly kind: 'absent' };

/** Where a connection's sounds come from, and where copies go. */
export interface FinderParts {
  /** Null if none is configured. */
  readonly sounds: SoundSource | null;
  readonly voicemail: SoundSource | null;
  readonly keeper: SoundKeeper;
  /** Whether files of this machine are copied too. */
  readonly copies: boolean;
  readonly largest: number;
}

/** Finds the file of a recording, decides whether it is whole, and copies it if needed. */
export class RecordingFinder {
  readonly #parts: FinderParts;

  constructor(parts: FinderParts) {
    this.#parts = parts;
  }

  /**
   * Looks once. `before` has the files of earlier looks, by which a growing file is recognized. Rejects with a `ServiceError` if
   * the source can't be asked.
   */
  async look(
    recording: CallRecording,
    call: CallSnapshot,
    before: Map<string, SeenFile>,
    signal: AbortSignal,
  ): Promise<Found> {
    const { sounds, voicemail } = this.#parts;
    const source = recording.kind === 'voicemail' ? voicemail : sounds;
    if (source === null)
      return { kind: 'settled', recording: { ...recording, state: 'missing', problem: reason('recordingsUnset') } };
    const seen =
      recording.kind === 'voicemail'
        ? await locateVoicemail(source, recording.file, call, signal)
        : await firstSeen(source, source.places(recording.file), signal);
    if (seen === null) return { kind: 'absent' };
    const header = await headerOf(source, seen, signal);
    const facts = header === null ? null : wavFacts(header, seen.bytes ?? 0);
    const earlier = before.get(recording.file);
    before.set(recording.file, seen);
    if (facts?.whole !== true && !isSteady(earlier, seen)) return { kind: 'growing' };
    const ready = await this.#ready(recording, source, seen, facts?.seconds ?? null, signal);
    return { kind: 'settled', recording: ready, place: seen.place };
  }

  async #ready(
    recording: CallRecording,
    source: SoundSource,
    seen: SeenFile,
    seconds: number | null,
    signal: AbortSignal,
  ): Promise<CallRecording> {
    const ready = { ...recording, state: 'ready', problem: null } as const;
    // Voicemail is always copied: Asterisk gives its names to other messages once one was moved or deleted.
    if (seen.path !== null && !this.#parts.copies && recording.kind === 'call') {
      const mime = soundType(seen.path) ?? 'application/octet-stream';
      return { ...ready, path: seen.path, bytes: seen.bytes, seconds, mime };
    }
    try {
      const kept = await this.#parts.keeper.keep(seen.place, () => source.open(seen.place, signal), signal);
      return { ...ready, blob: kept.blob, bytes: kept.bytes, mime: kept.mime, seconds: kept.seconds ?? seconds };
    } catch (error) {
      if (!(error instanceof BlobTooLargeError)) throw error;
      const problem = reason('recordingTooLarge', { limit: this.#parts.largest });
      return { ...recording, state: 'missing', problem };
    }
  }
}

async function firstSeen(
  source: SoundSource,
  places: readonly string[],
  signal: AbortSignal,
): Promise<SeenFile | null> {
  for (const place of places) {
    const seen = await source.look(place, signal);
    if (seen !== null && seen.bytes !== 0) return seen;
  }
  return null;
}

/** The header of a WAV file, if it is cheap to read. */
async function headerOf(source: SoundSource, seen: SeenFile, signal: AbortSignal): Promise<Buffer | null> {
  if (!source.readsParts || extname(seen.place).toLowerCase() !== '.wav') return null;
  return buffer(await source.open(seen.place, signal, wavHeaderBytes - 1));
}

/** Whether a file has not changed between two looks. */
function isSteady(earlier: SeenFile | undefined, now: SeenFile): boolean {
  return earlier?.place === now.place && earlier.bytes === now.bytes && earlier.changed === now.changed;
}
