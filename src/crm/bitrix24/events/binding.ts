import { asServiceError } from '../../../runtime/http/service-error.ts';
import { registerChannels } from '../open-lines/registration.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { bindPlaces } from '../placement/places.ts';
import { bindEvents } from './bind.ts';

/** How long to wait after a failure, in milliseconds. */
const pause = 60_000;

/**
 * Keeps the portal posting our events, showing our tab and offering our lines as channels: all are bound after each installation and
 * once in each run of the program, since a new version may handle more.
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
    await this.#optional(() => bindPlaces(this.#parts, signal), 'the portal does not let us show our tab');
    await this.#optional(
      () => registerChannels(this.#parts, signal),
      'the portal does not let us connect our open lines',
    );
  }

  /** Does what needs a permission of its own, without which everything else works. */
  async #optional(work: () => Promise<void>, refused: string): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { trouble } = asServiceError(error);
      if (trouble !== 'access' && trouble !== 'refused') throw error;
      this.#parts.context.log.info({ err: error }, refused);
    }
  }
}
