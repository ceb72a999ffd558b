import { backoffDelay } from '../../runtime/backoff.ts';
import { asServiceError, healthOf } from '../../runtime/http/service-error.ts';
import { Nudge } from '../../runtime/nudge.ts';
import type { ConnectorContext } from '../contract.ts';

/** Waits after trouble and between two looks, in milliseconds. */
const backoff = { min: 1000, max: 300_000 };
const interval = 300_000;

/** Looks from time to time whether a service knows us, and tells people; trouble passes by itself once a look succeeds. */
export class Watch {
  readonly #context: ConnectorContext;
  readonly #look: (signal: AbortSignal) => Promise<string | null>;
  readonly #stopping = new AbortController();
  readonly #news = new Nudge();
  #running: Promise<void> = Promise.resolve();

  /** `look` rejects with a ServiceError, or answers what is amiss though we are known, or null. */
  constructor(context: ConnectorContext, look: (signal: AbortSignal) => Promise<string | null>) {
    this.#context = context;
    this.#look = look;
  }

  start(): void {
    this.#context.reportState('connecting', null);
    this.#running = this.#run();
  }

  /** Something went wrong, or went well again: look now. */
  nudge(): void {
    this.#news.nudge();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#news.nudge();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; ) {
      this.#news.heed();
      try {
        const amiss = await this.#look(signal);
        failures = 0;
        if (!signal.aborted) this.#context.reportState(amiss === null ? 'ready' : 'degraded', amiss);
      } catch (error) {
        if (signal.aborted) return;
        const trouble = asServiceError(error);
        if (trouble !== error) this.#context.log.error({ err: error }, 'a service could not be looked at');
        this.#context.reportState(healthOf(trouble), trouble.message);
        failures += 1;
      }
      await this.#news.wait(failures === 0 ? interval : backoffDelay(failures - 1, backoff));
    }
  }
}
