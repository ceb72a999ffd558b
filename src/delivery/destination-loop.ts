import type { DeliveryOutcome, Owed } from '../domain/delivery/delivery.ts';
import { Loop, type Pause } from '../runtime/loop.ts';
import { Attempts } from './attempts.ts';
import { deliveryDefaults } from './defaults.ts';
import type { ScheduledDestination, SchedulerOptions } from './options.ts';
import { Pace, rateOf } from './pace.ts';
import { ReadAhead } from './read-ahead.ts';
import type { SharedQueue } from './shared-queue.ts';

const storeTrouble = { min: 1000, max: 1000 };
/** By so many milliseconds a claim outlives its attempt: it is written down meanwhile. A row may wait as long before it is begun. */
const claimMargin = 5000;
/** Rows that are claimed at once, for each that may be under way. */
const aheadEach = 2;
/** How much of what is due the shared queue holds: the rest stays in the store, however long a receiver is away. */
const queueWindow = 200;
/** Each end of an attempt is a nudge: with a shared queue the store is asked no more often than this (milliseconds). */
const shortestPause = 20;
/** What the shared queue leaves lying so long (milliseconds) while it gives this instance nothing is taken past it. */
const queuePatience = 15_000;

/**
 * One destination's loop. Alone, it takes what is due from the store as far as there is room. With a shared queue it hands
 * in what is due and carries out what it is handed, by a claim in the store either way, so that both may happen at once.
 */
export class DestinationLoop {
  readonly name: string;
  readonly #options: SchedulerOptions;
  readonly #attempts: Attempts;
  readonly #ahead = new ReadAhead(claimMargin);
  readonly #concurrency: number;
  readonly #pace: Pace;
  readonly #queue: SharedQueue | null;
  /** What this instance has handed in lately, by row: the state it was handed in with. */
  readonly #handedIn = new Map<string, string>();
  #forgetAt = 0;
  /** When the queue last gave this instance something, or nothing was due. */
  #movedAt = performance.now();
  readonly #loop: Loop;

  constructor(settings: ScheduledDestination, options: SchedulerOptions) {
    this.name = settings.name;
    this.#options = options;
    this.#attempts = new Attempts(settings, options);
    this.#concurrency = settings.concurrency ?? deliveryDefaults.concurrency;
    const rate = settings.rate === undefined ? null : rateOf(settings.rate);
    this.#pace = new Pace(rate);
    const queue = { name: this.name, concurrency: this.#concurrency, rate };
    const listener = { take: (id: string) => this.#take(id), changed: () => this.nudge() };
    this.#queue = options.openQueue?.(queue, listener) ?? null;
    this.#loop = new Loop({
      name: `delivery:${this.name}`,
      loops: options.loops,
      round: () => (this.#queue?.ready ? this.#handIn(this.#queue) : this.#fill()),
      backoff: storeTrouble,
      onTrouble: (error) => {
        options.log.error({ err: error, destination: this.name }, 'what is owed could not be read');
      },
    });
  }

  get counts(): Readonly<Record<DeliveryOutcome['kind'], number>> {
    return this.#attempts.counts;
  }

  get inFlight(): number {
    return this.#attempts.size;
  }

  start(): void {
    this.#loop.start();
  }

  /** Look again now. */
  nudge(): void {
    this.#loop.nudge();
  }

  /** See {@link DeliveryScheduler.stop}. */
  async stop(grace: number): Promise<void> {
    const ended = this.#loop.stop();
    // Resolves when its last job is done, for which Redis must answer: not waited for here.
    void this.#queue?.stop();
    await ended;
    await this.#release();
    await this.#attempts.end(grace);
  }

  get #isStopping(): boolean {
    return this.#loop.signals.stopping.aborted;
  }

  /** Starts what is due, as far as there is room; the pause lasts until there may be more. */
  async #fill(): Promise<Pause> {
    await this.#takeDue();
    const busy = this.#isStopping || this.#attempts.size > 0 ? this.#poll : await this.#untilNext();
    return { upTo: this.#pace.wait > 0 ? this.#pace.wait : busy, atLeast: 0 };
  }

  async #takeDue(): Promise<void> {
    while (!this.#isStopping && this.#attempts.room > 0 && this.#pace.room > 0) {
      const owed = this.#ahead.next() ?? (await this.#claimAhead());
      if (owed === undefined) return;
      if (this.#attempts.holds(owed)) continue;
      this.#pace.took(1);
      void this.#attempts.carryOut(owed, () => this.nudge()).finally(() => this.nudge());
    }
  }

  /** The first of what is due, with the next ones put aside; undefined where nothing is. */
  async #claimAhead(): Promise<Owed | undefined> {
    // What a slow receiver kept waiting for too long is anybody's again.
    await this.#release();
    const most = Math.min(aheadEach * this.#concurrency, this.#pace.room);
    const rows = await this.#claim(most);
    this.#ahead.put(rows.filter((owed) => !this.#attempts.holds(owed)));
    // Whoever stops begins nothing more.
    return this.#isStopping ? undefined : this.#ahead.next();
  }

  async #release(): Promise<void> {
    const ids = this.#ahead.clear();
    if (ids.length === 0) return;
    await this.#options.release(ids).catch((error: unknown) => {
      this.#options.log.warn({ err: error, destination: this.name }, 'claims could not be let go of; they run out');
    });
  }

  #claim(room: number, only?: string): Promise<readonly Owed[]> {
    return this.#options.claim({
      destination: this.name,
      now: this.#options.clock.now(),
      room,
      held: this.#attempts.size,
      life: this.#attempts.longest + 2 * claimMargin,
      ...(only !== undefined && { only }),
    });
  }

  /** Puts what is due into the shared queue; the pause lasts until there may be more. */
  async #handIn(queue: SharedQueue): Promise<Pause> {
    const began = performance.now();
    const due = await this.#options.read.owedDue(this.name, this.#options.clock.now(), queueWindow);
    if (began >= this.#forgetAt) {
      // Now and then everything is handed in again: what the queue has is there once, what it has lost comes back.
      this.#handedIn.clear();
      this.#forgetAt = began + this.#poll;
    }
    const waiting = due.filter((owed) => !this.#attempts.holds(owed));
    const fresh = waiting.filter((owed) => this.#handedIn.get(owed.id) !== stateOf(owed));
    try {
      if (fresh.length > 0) await queue.put(fresh.map((owed) => owed.id));
    } catch (error) {
      this.#options.log.warn({ reason: reasonOf(error), destination: this.name }, 'nothing can be put into the queue');
      return this.#fill();
    }
    for (const owed of fresh) this.#handedIn.set(owed.id, stateOf(owed));
    if (waiting.length === 0 || this.#attempts.size > 0) this.#movedAt = began;
    else if (began - this.#movedAt > queuePatience) await this.#takeDue();
    const upTo = this.#isStopping || waiting.length > 0 ? this.#poll : await this.#untilNext();
    return { upTo, atLeast: shortestPause };
  }

  /** What the shared queue gave this instance: true only where the store still says so. */
  async #take(id: string): Promise<void> {
    this.#movedAt = performance.now();
    try {
      if (this.#isStopping || this.#attempts.room <= 0) return;
      const [owed] = await this.#claim(1, id);
      if (owed === undefined || this.#attempts.holds(owed)) return;
      await this.#attempts.carryOut(owed);
    } finally {
      // A newer revision that came meanwhile was not taken by the queue, which still had this one.
      this.#handedIn.delete(id);
    }
  }

  get #poll(): number {
    return this.#options.poll ?? 3000;
  }

  /** Milliseconds until something is due, or until the poll. */
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
