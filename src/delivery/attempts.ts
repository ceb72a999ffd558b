import type { DeliveryOutcome, Owed } from '../domain/delivery/delivery.ts';
import type { AttemptResult } from '../domain/delivery/destination.ts';
import { reason } from '../domain/reasons/reasons.ts';
import { backoffDelay } from '../runtime/backoff.ts';
import { sleep } from '../runtime/sleep.ts';
import { deliveryDefaults } from './defaults.ts';
import { latestOf } from './latest.ts';
import type { ScheduledDestination, SchedulerOptions } from './options.ts';
import { Outcomes } from './outcomes.ts';

/** A receiver is tried for about five days, however short the waits between; then a human has to look. */
const patience = 5 * 24 * 3600_000;
const fewestAttempts = 20;
const defaultBackoff = { min: deliveryDefaults.retry.first * 1000, max: deliveryDefaults.retry.longest * 1000 };
const storeTroublePause = 1000;
const longestAttempt = 60_000;

/** What was delivered, and what came of it. */
interface Attempted {
  readonly revision: number;
  readonly result: AttemptResult;
}

/** How many attempts may have ended without being written down yet, for each that may be under way. */
const unwrittenEach = 4;

/** One destination's deliveries under way in this process, never one subject twice at once. */
export class Attempts {
  /** Milliseconds after which an attempt is broken off. */
  readonly longest: number;
  readonly #settings: ScheduledDestination;
  readonly #options: SchedulerOptions;
  /** Until their outcomes are written down. */
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #outcomes: Outcomes;
  readonly #concurrency: number;
  /** Attempts whose receiver has not answered yet. */
  #waiting = 0;
  readonly #abandon = new AbortController();
  #counts = { done: 0, retry: 0, park: 0 };

  constructor(settings: ScheduledDestination, options: SchedulerOptions) {
    this.#settings = settings;
    this.longest = settings.longest ?? longestAttempt;
    this.#options = options;
    this.#outcomes = new Outcomes(options.apply);
    this.#concurrency = settings.concurrency ?? deliveryDefaults.concurrency;
  }

  /** How many more may begin. A receiver that has answered is free for the next, while the outcome is being written down. */
  get room(): number {
    const unwritten = this.#inFlight.size - this.#waiting;
    return unwritten >= unwrittenEach * this.#concurrency ? 0 : this.#concurrency - this.#waiting;
  }

  get counts(): Readonly<Record<DeliveryOutcome['kind'], number>> {
    return this.#counts;
  }

  /** How many are under way, their outcomes not written down yet. */
  get size(): number {
    return this.#inFlight.size;
  }

  /** Whether the row's subject is under way. */
  holds(owed: Owed): boolean {
    return this.#inFlight.has(keyOf(owed));
  }

  /** One attempt, and its outcome written down. Never rejects. Only for what is not under way. `onAnswer`: there is room again. */
  carryOut(owed: Owed, onAnswer: () => void = () => undefined): Promise<void> {
    const work = this.#deliver(owed, onAnswer).finally(() => this.#inFlight.delete(keyOf(owed)));
    this.#inFlight.set(keyOf(owed), work);
    return work;
  }

  /** Awaits what is under way for up to `grace` milliseconds, then abandons it. */
  async end(grace: number): Promise<void> {
    const timer = setTimeout(() => this.#abandon.abort(), grace);
    await Promise.all(this.#inFlight.values());
    clearTimeout(timer);
  }

  async #deliver(owed: Owed, onAnswer: () => void): Promise<void> {
    const { log, clock } = this.#options;
    const { destination, kind, subject } = owed;
    try {
      const { revision, result } = await this.#answered(owed, onAnswer);
      if (this.#abandon.signal.aborted && result.kind !== 'done') return;
      const outcome = this.#outcome(owed, result);
      const done = { op: 'delivered', destination, kind, subject, revision, outcome, at: clock.now() } as const;
      const written = await this.#outcomes.write(done);
      if (written?.ok === false) throw new Error(`the store refused a delivery's outcome: ${written.code}`);
      this.#counts[outcome.kind] += 1;
      if (outcome.kind !== 'done') this.#tell(owed, outcome, 'status' in result ? result.status : null);
    } catch (error) {
      log.error({ err: error, destination, subject }, 'a delivery could not be carried out');
      // The row is still due: without a pause it would be sent again and again.
      await sleep(storeTroublePause, this.#abandon.signal);
    }
  }

  async #answered(owed: Owed, onAnswer: () => void): Promise<Attempted> {
    this.#waiting += 1;
    try {
      return await this.#attempt(owed);
    } finally {
      this.#waiting -= 1;
      onAnswer();
    }
  }

  async #attempt(owed: Owed): Promise<Attempted> {
    const { destination, wants } = this.#settings;
    // It was owed to a core of another kind, or is gone since: there is nothing left that could be told.
    const latest = wants?.includes(owed.kind) === false ? null : await latestOf(owed, this.#options.read);
    if (latest === null) return { revision: owed.revision, result: { kind: 'done', link: null } };
    const { subject, revision } = latest;
    const inTime = AbortSignal.any([this.#abandon.signal, AbortSignal.timeout(this.longest)]);
    return { revision, result: await destination.deliver(subject, inTime) };
  }

  #outcome(owed: Owed, result: AttemptResult): DeliveryOutcome {
    switch (result.kind) {
      case 'done':
        return result;
      case 'park':
        return { kind: 'park', reason: result.reason };
      case 'retry': {
        // Jitter makes the mean wait half of the longest one.
        const limits = this.#settings.backoff ?? defaultBackoff;
        const attempts = owed.attempts + 1;
        if (attempts >= Math.max(fewestAttempts, (2 * patience) / limits.max))
          return { kind: 'park', reason: reason('givenUp', { attempts, reason: result.reason }) };
        const delay = backoffDelay(owed.attempts, limits);
        return {
          kind: 'retry',
          at: this.#options.clock.now() + Math.max(delay, result.after ?? 0),
          reason: result.reason,
        };
      }
    }
  }

  #tell(owed: Owed, outcome: DeliveryOutcome, status: number | null): void {
    // The error's text may quote the receiver and with it personal data: the store has it, the log must not.
    const facts = {
      destination: owed.destination,
      subject: owed.subject,
      delivery: owed.id,
      attempts: owed.attempts + 1,
      status,
    };
    if (outcome.kind === 'park') this.#options.log.error(facts, 'a delivery was refused and waits for a human');
    else this.#options.log.warn(facts, 'a delivery failed and will be repeated');
  }
}

function keyOf(owed: Owed): string {
  return `${owed.kind}:${owed.subject}`;
}
