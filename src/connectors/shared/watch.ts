import type { Reason } from '../../domain/base/reason.ts';
import { asServiceError, healthOf } from '../../runtime/http/service-error.ts';
import { Loop } from '../../runtime/loop.ts';
import type { ConnectorContext } from '../contract.ts';

/** Waits after trouble and between two looks, in milliseconds. */
const backoff = { min: 1000, max: 300_000 };
const interval = 300_000;

/** Checks from time to time whether a service knows us, and reports the state; trouble ends with the next check that succeeds. */
export class Watch {
  readonly #context: ConnectorContext;
  readonly #loop: Loop;

  /** `look` rejects with a ServiceError, or resolves to what is wrong although we are known, or null. */
  constructor(context: ConnectorContext, look: (signal: AbortSignal) => Promise<Reason | null>) {
    this.#context = context;
    this.#loop = new Loop({
      name: `watch:${context.connection}`,
      round: async ({ stopping }) => {
        const wrong = await look(stopping);
        if (!stopping.aborted) context.reportState(wrong === null ? 'ready' : 'degraded', wrong);
        return interval;
      },
      backoff,
      nudgeEndsBackoff: true,
      onTrouble: (error) => {
        const trouble = asServiceError(error);
        if (trouble !== error) context.log.error({ err: error }, 'a service could not be looked at');
        context.reportState(healthOf(trouble), trouble.reason);
      },
    });
  }

  start(): void {
    this.#context.reportState('connecting', null);
    this.#loop.start();
  }

  /** Something went wrong, or well again: look now. */
  nudge(): void {
    this.#loop.nudge();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
