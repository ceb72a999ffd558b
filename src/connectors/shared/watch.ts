import type { Reason } from '../../domain/base/reason.ts';
import { asServiceError, healthOf } from '../../runtime/http/service-error.ts';
import { Loop } from '../../runtime/loop.ts';
import type { ConnectorContext } from '../contract.ts';

/** Milliseconds between checks after errors. */
const backoff = { min: 1000, max: 300_000 };
/** Usual milliseconds between checks. */
const usualInterval = 300_000;

/** Checks the connection to a service periodically and reports its state. */
export class Watch {
  readonly #context: ConnectorContext;
  readonly #loop: Loop;

  /** `check` rejects with a ServiceError if the connection does not work; it resolves to another problem, or null. */
  constructor(
    context: ConnectorContext,
    check: (signal: AbortSignal) => Promise<Reason | null>,
    interval = usualInterval,
  ) {
    this.#context = context;
    this.#loop = new Loop({
      name: `watch:${context.connection}`,
      round: async ({ stopping }) => {
        const wrong = await check(stopping);
        if (!stopping.aborted) context.reportState(wrong === null ? 'ready' : 'degraded', wrong);
        return interval;
      },
      backoff,
      nudgeEndsBackoff: true,
      onTrouble: (error) => {
        const trouble = asServiceError(error);
        if (trouble !== error) context.log.error({ err: error }, 'cannot check a service');
        context.reportState(healthOf(trouble), trouble.reason);
      },
    });
  }

  start(): void {
    this.#context.reportState('connecting', null);
    this.#loop.start();
  }

  /** Checks now. */
  nudge(): void {
    this.#loop.nudge();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
