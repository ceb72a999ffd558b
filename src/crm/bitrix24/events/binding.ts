import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { bindPlaces } from '../placement/places.ts';
import { bindEvents } from './bind.ts';

/** How long to wait after a failure, in milliseconds. */
const pause = 60_000;

/**
 * Keeps the portal posting our events and showing our tab: both are bound after each installation and once in each run of the program,
 * since a new version may handle more.
 */
export class EventBinding {
  readonly #parts: Bitrix24Parts;
  #isDone = false;
  #notBefore = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | null = null;

  constructor(parts: Bitrix24Parts) {
    this.#parts = parts;
  }

  /** Binds what is missing, without making anybody wait. Problems are logged, and it is tried again later. */
  ensure({ again = false }: { readonly again?: boolean } = {}): void {
    const { clock, log, signal } = this.#parts.context;
    if (again) [this.#isDone, this.#notBefore] = [false, Number.NEGATIVE_INFINITY];
    if (this.#isDone || this.#running !== null || signal.aborted || clock.now() < this.#notBefore) return;
    this.#running = this.#bind(signal)
      .then(() => {
        this.#isDone = true;
      })
      .catch((error: unknown) => {
        this.#notBefore = clock.now() + pause;
        log.warn({ err: error }, 'could not ask the portal for its events');
      })
      .finally(() => {
        this.#running = null;
      });
  }

  async #bind(signal: AbortSignal): Promise<void> {
    await bindEvents(this.#parts, signal);
    try {
      await bindPlaces(this.#parts, signal);
    } catch (error) {
      // Without this permission there is no tab, and everything else works.
      const { trouble } = asServiceError(error);
      if (trouble !== 'access' && trouble !== 'refused') throw error;
      this.#parts.context.log.info({ err: error }, 'the portal does not let us show our tab');
    }
  }
}
