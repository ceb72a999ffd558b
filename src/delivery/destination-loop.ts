import type { DeliveryOutcome, Owed } from '../domain/delivery.ts';
import type { InteractionId } from '../domain/ids.ts';
import { backoffDelay } from '../runtime/backoff.ts';
import { Nudge } from '../runtime/nudge.ts';
import { sleep } from '../runtime/sleep.ts';
import type { AttemptResult } from './destinations/contract.ts';
import type { ScheduledDestination, SchedulerOptions } from './scheduler.ts';

/** A receiver is tried for about five days, however short the waits between; then a human has to look. */
const patience = 5 * 24 * 3600_000;
const fewestAttempts = 20;
const defaultBackoff = { min: 2000, max: 2 * 3600_000 };
const storeTroublePause = 1000;
const longestAttempt = 60_000;
/** By so many milliseconds a claim outlives its attempt: it is written down meanwhile. */
const claimMargin = 5000;

/** One destination's loop: looks what is due, keeps up to `concurrency` deliveries going, never one subject twice at once. */
export class DestinationLoop {
  readonly name: string;
  readonly #settings: ScheduledDestination;
  readonly #options: SchedulerOptions;
  readonly #longest: number;
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #abandon = new AbortController();
  readonly #stopping = new AbortController();
  #counts = { done: 0, retry: 0, park: 0 };
  readonly #news = new Nudge();
  #running: Promise<void> = Promise.resolve();

  constructor(settings: ScheduledDestination, options: SchedulerOptions) {
    this.name = settings.name;
    this.#settings = settings;
    this.#longest = settings.longest ?? longestAttempt;
    this.#options = options;
  }

  get counts(): Readonly<Record<DeliveryOutcome['kind'], number>> {
    return this.#counts;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Look again now. */
  nudge(): void {
    this.#news.nudge();
  }

  /** See {@link DeliveryScheduler.stop}. */
  async stop(grace: number): Promise<void> {
    this.#stopping.abort();
    this.#news.nudge();
    await this.#running;
    const timer = setTimeout(() => this.#abandon.abort(), grace);
    await Promise.all(this.#inFlight.values());
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#news.heed();
      try {
        await this.#fill();
        await this.#pause();
      } catch (error) {
        this.#options.log.error({ err: error, destination: this.name }, 'what is owed could not be read');
        await sleep(storeTroublePause, this.#stopping.signal);
      }
    }
  }

  /** Starts what is due, as far as there is room. */
  async #fill(): Promise<void> {
    const limit = this.#settings.concurrency ?? 4;
    if (this.#inFlight.size >= limit) return;
    const held = this.#inFlight.size;
    const due = await this.#options.claim({
      destination: this.name,
      now: this.#options.clock.now(),
      room: limit - held,
      held,
      life: this.#longest + claimMargin,
    });
    for (const owed of due) {
      const key = `${owed.kind}:${owed.subject}`;
      if (this.#stopping.signal.aborted || this.#inFlight.size >= limit) return;
      if (this.#inFlight.has(key)) continue;
      const work = this.#deliver(owed).finally(() => {
        this.#inFlight.delete(key);
        this.nudge();
      });
      this.#inFlight.set(key, work);
    }
  }

  /** Waits for a nudge, for the next row's time, or for the poll. */
  async #pause(): Promise<void> {
    const poll = this.#options.poll ?? 3000;
    let wait = poll;
    if (this.#inFlight.size === 0) {
      const next = await this.#options.read.owedNext(this.name);
      if (next !== null) wait = Math.min(poll, Math.max(10, next - this.#options.clock.now()));
    }
    if (!this.#stopping.signal.aborted) await this.#news.wait(wait);
  }

  /** One attempt, and its outcome written down. Never rejects. */
  async #deliver(owed: Owed): Promise<void> {
    const { log, clock, apply } = this.#options;
    try {
      const { revision, result } = await this.#attempt(owed);
      if (this.#abandon.signal.aborted && result.kind !== 'done') return;
      const outcome = this.#outcome(owed, result);
      const [written] = await apply([
        {
          op: 'delivered',
          destination: owed.destination,
          kind: owed.kind,
          subject: owed.subject,
          revision,
          outcome,
          at: clock.now(),
        },
      ]);
      if (written?.ok === false) throw new Error(`the store refused a delivery's outcome: ${written.code}`);
      this.#counts[outcome.kind] += 1;
      if (outcome.kind !== 'done') this.#tell(owed, outcome, 'status' in result ? result.status : null);
    } catch (error) {
      log.error({ err: error, destination: this.name, subject: owed.subject }, 'a delivery could not be carried out');
      // The row is still due: without a pause it would be sent again and again.
      await sleep(storeTroublePause, this.#stopping.signal);
    }
  }

  async #attempt(owed: Owed): Promise<{ revision: number; result: AttemptResult }> {
    if (owed.kind !== 'interaction') {
      const error = `this destination can't take a ${owed.kind}`;
      return { revision: owed.revision, result: { kind: 'park', error, status: null } };
    }
    const interaction = await this.#options.read.interaction(owed.subject as InteractionId);
    // Erased since: there is nothing left that could be told.
    if (interaction === null) return { revision: owed.revision, result: { kind: 'done', link: null } };
    const subject = { kind: 'interaction', interaction } as const;
    const inTime = AbortSignal.any([this.#abandon.signal, AbortSignal.timeout(this.#longest)]);
    const result = await this.#settings.destination.deliver(subject, inTime);
    return { revision: interaction.revision, result };
  }

  #outcome(owed: Owed, result: AttemptResult): DeliveryOutcome {
    switch (result.kind) {
      case 'done':
        return result;
      case 'park':
        return { kind: 'park', error: result.error };
      case 'retry': {
        // Jitter makes the mean wait half of the longest one.
        const limits = this.#settings.backoff ?? defaultBackoff;
        const attempts = owed.attempts + 1;
        if (attempts >= Math.max(fewestAttempts, (2 * patience) / limits.max))
          return { kind: 'park', error: `given up after ${attempts} attempts: ${result.error}` };
        const delay = backoffDelay(owed.attempts, limits);
        return {
          kind: 'retry',
          at: this.#options.clock.now() + Math.max(delay, result.after ?? 0),
          error: result.error,
        };
      }
    }
  }

  #tell(owed: Owed, outcome: DeliveryOutcome, status: number | null): void {
    // The error's text may quote the receiver and with it personal data: the store has it, the log must not.
    const facts = {
      destination: this.name,
      subject: owed.subject,
      delivery: owed.id,
      attempts: owed.attempts + 1,
      status,
    };
    if (outcome.kind === 'park') this.#options.log.error(facts, 'a delivery was refused and waits for a human');
    else this.#options.log.warn(facts, 'a delivery failed and will be repeated');
  }
}
