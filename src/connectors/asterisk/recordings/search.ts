import { setMaxListeners } from 'node:events';
import type { EventKey } from '../../../domain/base/ids.ts';
import type { Reason } from '../../../domain/base/reason.ts';
import type { CallRecording, CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import { StoreUnavailableError } from '../../../domain/ports/store.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { Logger } from '../../../runtime/log.ts';
import { sleep } from '../../../runtime/sleep.ts';
import { Slots } from '../../../runtime/slots.ts';
import type { TranscriptWatch } from '../transcripts/watch.ts';
import type { Found, RecordingFinder } from './finder.ts';
import type { SeenFile } from './source.ts';

/** Milliseconds before each of the first looks, as MixMonitor may still be mixing or its script converting. */
const firstLooks = [500, 2000, 10_000, 60_000];
/** Milliseconds between later looks for a file that is growing, or on a server that can't be reached. */
const laterLooks = { min: 60_000, max: 15 * 60_000 };
/** Milliseconds after the end of a call until a file that still grows, or a lost server, is given up. */
const patience = { growing: 3_600_000, unreachable: 24 * 3_600_000 };
/** Milliseconds for which found recordings are remembered. */
const memoryMs = 60_000;
/** Time limit of one look with its copy, so that a server that stalls does not hold a slot. */
const lookLimitMs = 15 * 60_000;
/** How many files are looked for, or copied, at once. */
const atOnce = 4;

/** Dependencies of the {@link RecordingSearch}. */
export interface SearchParts {
  readonly finder: RecordingFinder;
  readonly now: () => number;
  readonly log: Logger;
  /** Awaits transcripts beside the recordings that are found; null if none are expected. */
  readonly transcripts?: TranscriptWatch | null;
  /** Aborted when the connection stops. What is pending then is looked for after the next start. */
  readonly signal: AbortSignal;
  /** Reports a call whose recordings have changed. */
  readonly report: (call: CallSnapshot) => Promise<void>;
}

/** Looks for the recordings of ended calls until each is found or given up. */
export class RecordingSearch {
  readonly #parts: SearchParts;
  readonly #slots = new Slots(atOnce);
  readonly #running = new Map<EventKey, Promise<void>>();
  /** The latest snapshot of each call whose recordings are looked for. */
  readonly #calls = new Map<EventKey, CallSnapshot>();
  /** What was found for calls of the last minute: a later snapshot of such a call has its recordings as pending again. */
  readonly #found = new Map<EventKey, ReadonlyMap<string, CallRecording>>();

  constructor(parts: SearchParts) {
    this.#parts = parts;
    // Each waiting search listens to it.
    setMaxListeners(0, parts.signal);
  }

  /** Starts to look for the pending recordings of a call. `after`: when its snapshot is stored. */
  begin(call: CallSnapshot, after: Promise<void> = Promise.resolve()): void {
    this.#calls.set(call.key, call);
    if (this.#running.has(call.key)) return;
    const running = after
      .then(() => this.#search(call.key))
      .catch((error: unknown) => this.#defect(error))
      .finally(() => {
        this.#running.delete(call.key);
        this.#calls.delete(call.key);
      });
    this.#running.set(call.key, running);
  }

  /** Goes on to await the transcripts that were awaited before the last stop. */
  start(): void {
    this.#parts.transcripts?.start();
  }

  /** Waits for all searches, which end soon after the signal has been aborted. */
  async settled(): Promise<void> {
    await Promise.all([...this.#running.values(), this.#parts.transcripts?.settled()]);
  }

  async #search(key: EventKey): Promise<void> {
    const { signal, report } = this.#parts;
    const seen = new Map<string, SeenFile>();
    const found = new Map(this.#found.get(key));
    let reported: { readonly of: CallSnapshot; readonly recordings: readonly CallRecording[] } | null = null;
    for (let look = 0; ; look += 1) {
      await sleep(delayBefore(look), signal);
      const call = this.#calls.get(key);
      if (signal.aborted || call === undefined) return;
      const known = call.recordings.map((one) => found.get(one.file) ?? one);
      const recordings = await Promise.all(known.map((one) => this.#look(one, call, seen, look)));
      if (signal.aborted) return;
      for (const one of recordings) found.set(one.file, one);
      this.#remember(key, found);
      const latest = this.#calls.get(key) ?? call;
      const whole = { ...latest, recordings: latest.recordings.map((one) => found.get(one.file) ?? one) };
      // A snapshot that has everything pending was already stored by the tracker.
      const before = reported?.of === latest ? reported.recordings : latest.recordings;
      if (whole.recordings.some((one, i) => one !== before[i])) await report(whole);
      reported = { of: latest, recordings: whole.recordings };
      if (this.#calls.get(key) === latest && whole.recordings.every(({ state }) => state !== 'pending')) return;
    }
  }

  #remember(key: EventKey, found: ReadonlyMap<string, CallRecording>): void {
    this.#found.set(key, found);
    setTimeout(() => this.#found.delete(key), memoryMs).unref();
  }

  async #look(
    recording: CallRecording,
    call: CallSnapshot,
    seen: Map<string, SeenFile>,
    look: number,
  ): Promise<CallRecording> {
    if (recording.state !== 'pending') return recording;
    const { finder, now, signal } = this.#parts;
    const age = now() - (call.endedAt ?? call.startedAt);
    const missing = (problem: Reason) => ({ ...recording, state: 'missing', problem }) as const;
    try {
      const found: Found = await this.#slots.run(() =>
        finder.look(recording, call, seen, AbortSignal.any([signal, AbortSignal.timeout(lookLimitMs)])),
      );
      if (found.kind === 'settled') {
        if (found.place !== undefined && found.recording.state === 'ready' && recording.kind === 'call')
          this.#parts.transcripts?.expect(call.key, recording.file, found.place);
        return found.recording;
      }
      if (found.kind === 'growing')
        return age > patience.growing && look > 1 ? missing(reason('recordingUnfinished')) : recording;
      return look >= firstLooks.length - 1 ? missing(reason('recordingNotFound')) : recording;
    } catch (error) {
      if (signal.aborted) return recording;
      const isTrouble = error instanceof Error && error.name === 'ServiceError';
      if (!isTrouble && !(error instanceof StoreUnavailableError)) this.#defect(error);
      const trouble = asServiceError(error);
      const gone = trouble.trouble === 'refused' && look >= firstLooks.length - 1;
      return gone || age > patience.unreachable ? missing(trouble.reason) : this.#troubled(recording, trouble.reason);
    }
  }

  /** A pending recording with the reason why it could not be looked for, which people see meanwhile. */
  #troubled(recording: CallRecording, problem: Reason): CallRecording {
    if (recording.problem?.code === problem.code) return recording;
    this.#parts.log.warn({ reason: problem.code }, 'recordings could not be looked for; it will be tried again');
    return { ...recording, problem };
  }

  #defect(error: unknown): void {
    this.#parts.log.error({ err: error }, 'a recording could not be looked for');
  }
}

function delayBefore(look: number): number {
  const first = firstLooks[look];
  if (first !== undefined) return first;
  return Math.min(laterLooks.max, laterLooks.min * 2 ** Math.min(10, look - firstLooks.length));
}
