import type { CallRecording, CallSnapshot } from '../../domain/interaction/contact-event.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { asServiceError, ServiceError } from '../../runtime/http/service-error.ts';
import type { ConnectorContext } from '../contract.ts';
import { SoundKeeper } from '../shared/sound/keeper.ts';
import type { CallBook } from './calls/call-book.ts';
import type { VatsConfig } from './schema.ts';

/** Milliseconds between two attempts, at first and at most, and after which a recording counts as missing. */
const firstPause = 15_000;
const longestPause = 3600_000;
const giveUpAfter = 48 * 3600_000;

interface Wanted {
  readonly call: CallSnapshot;
  readonly file: string;
  readonly since: number;
  pause: number;
  nextAt: number;
}

/** Copies recordings from the addresses that histories name. What is still pending is begun again after a restart. */
export class RecordingFetcher {
  readonly #wanted = new Map<string, Wanted>();
  readonly #hosts: readonly string[];
  readonly #keeper: SoundKeeper;
  readonly #http: HttpClient;
  readonly #book: CallBook;
  readonly #context: Pick<ConnectorContext, 'clock' | 'log'>;

  constructor(config: VatsConfig, http: HttpClient, book: CallBook, context: ConnectorContext) {
    const own = config.api === undefined ? [] : [new URL(config.api.url).host];
    this.#hosts = [...own, ...config.recordings.hosts];
    const settings = { format: config.recordings.format, largest: config.largestFile };
    this.#keeper = new SoundKeeper(context.blobs, settings, context.log);
    this.#http = http;
    this.#book = book;
    this.#context = context;
  }

  /** Begins to fetch the recordings of a call that are pending. */
  begin(call: CallSnapshot): void {
    const now = this.#context.clock.now();
    for (const { file, state } of call.recordings) {
      if (state !== 'pending' || !/^https?:\/\//.test(file) || this.#wanted.has(file)) continue;
      this.#wanted.set(file, { call, file, since: now, pause: firstPause, nextAt: now });
    }
  }

  /** Tries what is due. Troubles are kept with the recording. */
  async round(signal: AbortSignal): Promise<void> {
    for (const wanted of this.#wanted.values()) {
      if (signal.aborted) return;
      if (wanted.nextAt <= this.#context.clock.now()) await this.#fetch(wanted, signal);
    }
  }

  async #fetch(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const { call, file } = wanted;
    const change = await this.#tried(wanted, signal);
    if (change === null) return;
    await this.#book.recording(call, file, change);
    if (change.state !== 'pending') this.#wanted.delete(file);
  }

  async #tried(wanted: Wanted, signal: AbortSignal): Promise<Partial<CallRecording> | null> {
    const now = this.#context.clock.now();
    try {
      const url = new URL(wanted.file);
      if (!this.#isAllowed(url)) throw new ServiceError('refused', reason('recordingHost', { host: url.host }));
      const open = () => this.#http.open(url.href, {}, signal);
      const { blob, bytes, mime, seconds } = await this.#keeper.keep(url.pathname, open, signal);
      return { state: 'ready', blob, bytes, mime, problem: null, ...(seconds !== null && { seconds }) };
    } catch (error) {
      if (signal.aborted) return null;
      const { trouble, reason: problem } = asServiceError(error);
      const isOver = now - wanted.since > giveUpAfter || (trouble === 'refused' && problem.code === 'recordingHost');
      wanted.nextAt = now + wanted.pause;
      wanted.pause = Math.min(wanted.pause * 2, longestPause);
      this.#context.log.warn({ reason: problem.code }, 'a recording could not be fetched');
      return { state: isOver ? 'missing' : 'pending', problem };
    }
  }

  #isAllowed({ host, hostname }: URL): boolean {
    return this.#hosts.some((one) => one === host || one === hostname || hostname.endsWith(`.${one}`));
  }
}
