import type { AttemptOutcome, Owed } from '../domain/delivery/delivery.ts';
import type { AttemptResult } from '../domain/delivery/destination.ts';
import { leavesOut } from '../domain/delivery/filter.ts';
import { reason } from '../domain/reasons/reasons.ts';
import { backoffDelay } from '../runtime/backoff.ts';
import { sleep } from '../runtime/sleep.ts';
import { deliveryDefaults } from './defaults.ts';
import { latestOf } from './latest.ts';
import type { ScheduledDestination, SchedulerOptions } from './options.ts';
import { Outcomes } from './outcomes.ts';

/** A receiver is retried for about five days, however short the delays. After that, a person has to decide. */
const patience = 5 * 24 * 3600_000;
const minAttempts = 20;
const defaultBackoff = { min: deliveryDefaults.retry.first * 1000, max: deliveryDefaults.retry.longest * 1000 };
const storeTroublePause = 1000;
const defaultTimeout = 60_000;

/** What was delivered, and the result. */
interface Attempted {
  readonly revision: number;
  readonly result: AttemptResult;
}

/**
 * Urgent deliveries have slots of their own, as many as the others: a receiver that is slow, or a core that waits for a
 * limit of requests, holds up the others only.
 */
export type Lane = 'usual' | 'urgent';

/** How many finished attempts may wait for their outcome to be written, per concurrent attempt. */
const unwrittenEach = 4;

/** Runs the deliveries of one destination in this process, never two of the same subject at once. */
export class Attempts {
  /** Time limit of an attempt in milliseconds. */
  readonly timeout: number;
  readonly #settings: ScheduledDestination;
  readonly #options: SchedulerOptions;
  /** Running attempts, until their outcomes are written. */
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #outcomes: Outcomes;
  readonly #concurrency: number;
  readonly #isFiltered: boolean;
  /** Number of attempts whose receiver has not answered yet. */
  readonly #waiting: Record<Lane, number> = { usual: 0, urgent: 0 };
  readonly #abandon = new AbortController();
  #counts = { done: 0, retry: 0, park: 0 };

  constructor(settings: ScheduledDestination, options: SchedulerOptions) {
    this.#settings = settings;
    this.timeout = settings.timeout ?? defaultTimeout;
    this.#options = options;
    this.#outcomes = new Outcomes(options.apply);
    this.#concurrency = settings.concurrency ?? deliveryDefaults.concurrency;
    this.#isFiltered = leavesOut(settings.filter ?? {});
  }

  /**
   * How many more may start. Once a receiver has answered, it can take the next delivery while the outcome is being
   * written.
   */
  room(lane: Lane): number {
    const unwritten = this.#inFlight.size - this.#waiting.usual - this.#waiting.urgent;
    return unwritten >= unwrittenEach * this.#concurrency ? 0 : this.#concurrency - this.#waiting[lane];
  }

  get counts(): Readonly<Record<AttemptOutcome['kind'], number>> {
    return this.#counts;
  }

  /** Number of attempts whose outcome is not written yet. */
  get size(): number {
    return this.#inFlight.size;
  }

  /** Whether an attempt for the same subject is running. */
  holds(owed: Owed): boolean {
    return this.#inFlight.has(keyOf(owed));
  }

  /**
   * Makes one attempt and writes its outcome. Never rejects. The subject must have no running attempt. `onAnswer` is
   * called when there is room again.
   */
  carryOut(owed: Owed, lane: Lane, onAnswer: () => void = () => undefined): Promise<void> {
    const work = this.#deliver(owed, lane, onAnswer).finally(() => this.#inFlight.delete(keyOf(owed)));
    this.#inFlight.set(keyOf(owed), work);
    return work;
  }

  /** Waits up to `grace` milliseconds for running attempts, then abandons them. */
  async end(grace: number): Promise<void> {
    const timer = setTimeout(() => this.#abandon.abort(), grace);
    await Promise.all(this.#inFlight.values());
    clearTimeout(timer);
  }

  async #deliver(owed: Owed, lane: Lane, onAnswer: () => void): Promise<void> {
    const { log, clock } = this.#options;
    const { destination, kind, subject } = owed;
    try {
      const { revision, result } = await this.#answered(owed, lane, onAnswer);
      if (this.#abandon.signal.aborted && result.kind !== 'done') return;
      const outcome = this.#outcome(owed, result);
      const done = { op: 'delivered', destination, kind, subject, revision, outcome, at: clock.now() } as const;
      // Only what a filter has skipped before can be missing with the contact.
      const wakesFollowUps = this.#isFiltered && kind === 'interaction' && owed.deliveredRevision === 0;
      const written = await this.#outcomes.write(wakesFollowUps ? { ...done, wakesFollowUps } : done);
      if (written?.ok === false) throw new Error(`the store refused a delivery's outcome: ${written.code}`);
      this.#counts[outcome.kind] += 1;
      if (outcome.kind !== 'done') this.#logFailure(owed, outcome, 'status' in result ? result.status : null);
    } catch (error) {
      log.error({ err: error, destination, subject }, 'could not complete a delivery');
      // The delivery is still due; without a pause it would be repeated in a tight loop.
      await sleep(storeTroublePause, this.#abandon.signal);
    }
  }

  async #answered(owed: Owed, lane: Lane, onAnswer: () => void): Promise<Attempted> {
    this.#waiting[lane] += 1;
    try {
      return await this.#attempt(owed, lane);
    } finally {
      this.#waiting[lane] -= 1;
      onAnswer();
    }
  }

  async #attempt(owed: Owed, lane: Lane): Promise<Attempted> {
    const { destination, wants } = this.#settings;
    // The destination no longer wants this kind, or the subject no longer exists: there is nothing to deliver.
    const latest = wants?.includes(owed.kind) === false ? null : await latestOf(owed, this.#options.read);
    if (latest === null) return { revision: owed.revision, result: { kind: 'done', link: null } };
    const { subject, revision } = latest;
    const inTime = AbortSignal.any([this.#abandon.signal, AbortSignal.timeout(this.timeout)]);
    return { revision, result: await destination.deliver(subject, inTime, lane === 'urgent') };
  }

  #outcome(owed: Owed, result: AttemptResult): AttemptOutcome {
    switch (result.kind) {
      case 'done':
        return result;
      case 'park':
        return { kind: 'park', reason: result.reason };
      case 'retry': {
        // Because of jitter, the average delay is half of the maximum.
        const limits = this.#settings.backoff ?? defaultBackoff;
        const attempts = owed.attempts + 1;
        if (attempts >= Math.max(minAttempts, (2 * patience) / limits.max))
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

  #logFailure(owed: Owed, outcome: AttemptOutcome, status: number | null): void {
    // The error may quote the receiver and thus personal data. The store keeps it, but it must not be logged.
    const facts = {
      destination: owed.destination,
      subject: owed.subject,
      delivery: owed.id,
      attempts: owed.attempts + 1,
      status,
    };
    if (outcome.kind === 'park') this.#options.log.error(facts, 'a delivery was refused and is parked');
    else this.#options.log.warn(facts, 'a delivery failed and will be retried');
  }
}

function keyOf(owed: Owed): string {
  return `${owed.kind}:${owed.subject}`;
}
