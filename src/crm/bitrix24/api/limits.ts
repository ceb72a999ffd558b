import { reason } from '../../../domain/reasons/reasons.ts';
import { type Clock, monotonicClock } from '../../../runtime/clock.ts';
import { type Fields, number } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Budget, Urgency } from '../../shared/budget.ts';
import { methodRests, service, tooManyRequests } from './errors.ts';

/** How much of a method's working time each urgency may use up; live calls go on until the portal refuses. */
const shares: Readonly<Record<Urgency, number>> = { live: Number.POSITIVE_INFINITY, usual: 0.9, background: 0.8 };

/** How long a method rests if the portal did not say, and at the most, in milliseconds. */
const usualRest = 60_000;
const longestRest = 900_000;

/** The working time that a method has used up. */
interface Spent {
  /** In seconds; infinite once the portal has refused the method. */
  readonly seconds: number;
  /** When a part of it is given back, by our clock. */
  readonly until: number;
}

/** Keeps within the portal's limits: of requests, and of each method's working time. */
export class Limits {
  readonly #budget: Budget | null;
  readonly #methodSeconds: number;
  readonly #clock: Clock;
  readonly #spent = new Map<string, Spent>();

  /** `budget` is null for portals without a limit of requests. */
  constructor(budget: Budget | null, methodSeconds: number, clock: Clock = monotonicClock) {
    this.#budget = budget;
    this.#methodSeconds = methodSeconds;
    this.#clock = clock;
  }

  /**
   * Resolves when a request with these methods may be made, to what has to be called once it has been answered.
   * Rejects with a ServiceError if a method has to rest.
   */
  async admit(methods: readonly string[], urgency: Urgency, signal: AbortSignal): Promise<() => void> {
    for (const method of new Set(methods)) {
      const spent = this.#spent.get(method.toLowerCase());
      const rest = (spent?.until ?? 0) - this.#clock.now();
      if (spent === undefined || rest <= 0 || spent.seconds < this.#methodSeconds * shares[urgency]) continue;
      throw new ServiceError('later', reason('methodRests', { service, method }), rest, methodRests);
    }
    if (this.#budget === null) return () => undefined;
    try {
      return await this.#budget.take(urgency, signal);
    } catch {
      throw new ServiceError('later', reason('limitReached', { service }));
    }
  }

  /** Notes what an answer's `time` says of its method. Both times are the portal's, so its clock may be wrong. */
  note(method: string, time: Fields): void {
    const [seconds, reset, at] = [number(time.operating), number(time.operating_reset_at), number(time.finish)];
    if (seconds === null || reset === null || at === null) return;
    const rest = Math.min(Math.max((reset - at) * 1000, 0), longestRest);
    this.#spent.set(method.toLowerCase(), { seconds, until: this.#clock.now() + rest });
  }

  /** Notes that the portal has refused a method because of a limit. */
  async refused(method: string, error: ServiceError): Promise<void> {
    if (error.code === tooManyRequests) await this.#budget?.exceeded();
    if (error.code !== methodRests) return;
    const now = this.#clock.now();
    const known = this.#spent.get(method.toLowerCase())?.until ?? 0;
    const until = known > now ? known : now + usualRest;
    this.#spent.set(method.toLowerCase(), { seconds: Number.POSITIVE_INFINITY, until });
  }
}
