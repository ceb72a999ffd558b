import type { AttemptOutcome, Owed } from '../domain/delivery/delivery.ts';
import { Loop, type Pause } from '../runtime/loop.ts';
import { Attempts } from './attempts.ts';
import { deliveryDefaults } from './defaults.ts';
import type { ScheduledDestination, SchedulerOptions } from './options.ts';
import { Pace, rateOf } from './pace.ts';
import { ReadAhead } from './read-ahead.ts';
import type { SharedQueue } from './shared-queue.ts';
import { Sieve } from './sieve.ts';
import { UrgentDeliveries } from './urgent-deliveries.ts';

const storeTrouble = { min: 1000, max: 1000 };
/**
 * By how many milliseconds a claim outlives its attempt, so that the outcome can be written. A claimed delivery must
 * start within the same time.
 */
const claimMargin = 5000;
/** How many deliveries are claimed ahead per concurrent attempt. */
const aheadEach = 2;
/**
 * How many due deliveries the shared queue holds at most. The rest stays in the store, however long a receiver is
 * unavailable.
 */
const queueWindow = 200;
/**
 * Each finished attempt nudges the loop. With a shared queue, the store is still queried at most once in this many
 * milliseconds.
 */
const minPause = 20;
/**
 * If the shared queue gives this instance nothing for this many milliseconds, due deliveries are taken from the store
 * directly.
 */
const queuePatience = 15_000;

/**
 * The loop of one destination. Urgent deliveries come first, from the store. The others are taken from the store while
 * there is room or, with a shared queue, put into it and carried out as it hands them out. Either way a delivery needs
 * a claim in the store, so both ways can be used at once.
 */
export class DestinationLoop {
  readonly name: string;
  readonly #options: SchedulerOptions;
  readonly #attempts: Attempts;
  readonly #sieve: Sieve;
  readonly #ahead = new ReadAhead(claimMargin);
  readonly #urgent: UrgentDeliveries;
  readonly #concurrency: number;
  readonly #pace: Pace;
  readonly #queue: SharedQueue | null;
  /** Recently enqueued deliveries, with their state at that time. */
  readonly #enqueued = new Map<string, string>();
  #forgetAt = 0;
  /** When the queue last gave this instance something, or nothing was due. */
  #movedAt = performance.now();
  readonly #loop: Loop;

  constructor(settings: ScheduledDestination, options: SchedulerOptions) {
    this.name = settings.name;
    this.#options = options;
    this.#attempts = new Attempts(settings, options);
    this.#sieve = new Sieve(settings, options);
    this.#concurrency = settings.concurrency ?? deliveryDefaults.concurrency;
    const rate = settings.rate === undefined ? null : rateOf(settings.rate);
    this.#pace = new Pace(rate);
    const queue = { name: this.name, concurrency: this.#concurrency, rate };
    const listener = { take: (id: string) => this.#take(id), changed: () => this.#loop.nudge() };
    this.#queue = options.openQueue?.(queue, listener) ?? null;
    this.#loop = new Loop({
      name: `delivery:${this.name}`,
      loops: options.loops,
      round: () => this.#round(),
      backoff: storeTrouble,
      onTrouble: (error) => {
        options.log.error({ err: error, destination: this.name }, 'could not read due deliveries');
      },
    });
    this.#urgent = new UrgentDeliveries({
      attempts: this.#attempts,
      pace: this.#pace,
      claim: (room) => this.#claimFresh(room, { urgent: true }),
      nudge: () => this.#loop.nudge(),
      stopping: () => this.#loop.signals.stopping,
    });
  }

  get counts(): Readonly<Record<AttemptOutcome['kind'], number>> {
    return this.#attempts.counts;
  }

  get inFlight(): number {
    return this.#attempts.size;
  }

  start(): void {
    this.#loop.start();
  }

  /** Looks for work right away, since something has changed. */
  nudge(): void {
    this.#urgent.expect();
    this.#loop.nudge();
  }

  /** See {@link DeliveryScheduler.stop}. */
  async stop(grace: number): Promise<void> {
    const ended = this.#loop.stop();
    // Do not wait for this: it resolves only when Redis confirms the last job.
    void this.#queue?.stop();
    await ended;
    await this.#release(this.#ahead.clear());
    await this.#attempts.end(grace);
  }

  get #isStopping(): boolean {
    return this.#loop.signals.stopping.aborted;
  }

  async #round(): Promise<Pause> {
    const queue = this.#queue?.ready === true ? this.#queue : null;
    await this.#urgent.fill(queue);
    return queue === null ? this.#fill() : this.#enqueue(queue);
  }

  /** Starts due deliveries while there is room. The pause lasts until there may be more. */
  async #fill(): Promise<Pause> {
    await this.#takeDue();
    const busy = this.#isStopping || this.#attempts.size > 0 ? this.#poll : await this.#untilNext();
    return { upTo: this.#pace.wait > 0 ? this.#pace.wait : busy, atLeast: 0 };
  }

  async #takeDue(): Promise<void> {
    while (!this.#isStopping && this.#attempts.room('usual') > 0 && this.#pace.room > 0) {
      const owed = this.#ahead.next() ?? (await this.#claimAhead());
      if (owed === undefined) return;
      if (this.#attempts.holds(owed)) continue;
      this.#pace.recordStarts(1);
      void this.#attempts.carryOut(owed, 'usual', () => this.#loop.nudge()).finally(() => this.#loop.nudge());
    }
  }

  /** Claims due deliveries and returns the first; the others are kept for later. Undefined if nothing is due. */
  async #claimAhead(): Promise<Owed | undefined> {
    // Deliveries that a slow receiver kept waiting too long are released for other instances.
    await this.#release(this.#ahead.clear());
    const limit = Math.min(aheadEach * this.#concurrency, this.#pace.room);
    this.#ahead.put(await this.#claimFresh(limit));
    // Do not start anything while stopping.
    return this.#isStopping ? undefined : this.#ahead.next();
  }

  /** Claims due deliveries that are not running and that the destination's filter takes. Empty if there are none. */
  async #claimFresh(room: number, which: { readonly urgent?: true } = {}): Promise<readonly Owed[]> {
    for (;;) {
      const claimed = (await this.#claim(room, which)).filter((owed) => !this.#attempts.holds(owed));
      const kept = await this.#sift(claimed);
      // In the place of those that were skipped, others may be due.
      if (claimed.length === 0 || kept.length > 0 || this.#isStopping) return kept;
    }
  }

  /** Skips those of the claimed deliveries that the destination's filter leaves out. */
  async #sift(claimed: readonly Owed[]): Promise<readonly Owed[]> {
    try {
      return await this.#sieve.sift(claimed);
    } catch (error) {
      await this.#release(claimed.map(({ id }) => id));
      throw error;
    }
  }

  async #release(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#options.release(ids).catch((error: unknown) => {
      this.#options.log.warn({ err: error, destination: this.name }, 'could not release claims; they will expire');
    });
  }

  #claim(room: number, which: { readonly urgent?: true; readonly only?: string } = {}): Promise<readonly Owed[]> {
    return this.#options.claim({
      destination: this.name,
      now: this.#options.clock.now(),
      room,
      held: this.#attempts.size,
      life: this.#attempts.timeout + 2 * claimMargin + this.#pace.interval,
      ...which,
    });
  }

  /** Enqueues due deliveries in the shared queue. The pause lasts until there may be more. */
  async #enqueue(queue: SharedQueue): Promise<Pause> {
    const began = performance.now();
    const due = await this.#options.read.owedDue(this.name, this.#options.clock.now(), queueWindow);
    if (began >= this.#forgetAt) {
      // Enqueue everything again from time to time: duplicates are ignored, and lost jobs come back.
      this.#enqueued.clear();
      this.#forgetAt = began + this.#poll;
    }
    const enqueued = (owed: Owed) => this.#enqueued.get(owed.id) === stateOf(owed);
    const free = due.filter((owed) => !this.#attempts.holds(owed));
    const fresh = await this.#sieve.sift(free.filter((owed) => !enqueued(owed)));
    const waiting = [...free.filter(enqueued), ...fresh];
    try {
      if (fresh.length > 0) await queue.put(fresh.map((owed) => owed.id));
    } catch (error) {
      this.#options.log.warn({ reason: reasonOf(error), destination: this.name }, 'could not enqueue deliveries');
      return this.#fill();
    }
    for (const owed of fresh) this.#enqueued.set(owed.id, stateOf(owed));
    if (waiting.length === 0 || this.#attempts.size > 0) this.#movedAt = began;
    else if (began - this.#movedAt > queuePatience) await this.#takeDue();
    // In the place of those that were skipped, more may be due.
    if (waiting.length < free.length) return { upTo: 0, atLeast: minPause };
    const upTo = this.#isStopping || waiting.length > 0 ? this.#poll : await this.#untilNext();
    return { upTo, atLeast: minPause };
  }

  /** Handles a job of the shared queue, if the store confirms that the delivery is still due. */
  async #take(id: string): Promise<void> {
    this.#movedAt = performance.now();
    try {
      if (this.#isStopping || this.#attempts.room('usual') <= 0) return;
      const claimed = await this.#claim(1, { only: id });
      const [owed] = await this.#sift(claimed.filter((one) => !this.#attempts.holds(one)));
      if (owed !== undefined) await this.#attempts.carryOut(owed, 'usual');
    } finally {
      // The queue ignored a newer revision that arrived meanwhile, because it still held this job.
      this.#enqueued.delete(id);
    }
  }

  get #poll(): number {
    return this.#options.poll ?? 3000;
  }

  /** Milliseconds until the next delivery is due, at most the poll interval. */
  async #untilNext(): Promise<number> {
    const next = await this.#options.read.owedNext(this.name);
    return next === null ? this.#poll : Math.min(this.#poll, Math.max(10, next - this.#options.clock.now()));
  }
}

function stateOf(owed: Owed): string {
  return `${owed.revision}@${owed.nextAt}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
