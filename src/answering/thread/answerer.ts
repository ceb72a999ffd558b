import type { RoutingReader } from '../../domain/directory/client.ts';
import { StaffIndex } from '../../domain/directory/staff-index.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { RouteAnswer, RouteQuestion } from '../../domain/routing/routing.ts';
import { DeviceStates } from '../../router/device-states.ts';
import { answerQuestion, defaultAnswer } from '../answer-question.ts';
import type { Asked, FromThread, ThreadStart, ToThread } from './messages.ts';
import { Meter } from './meter.ts';

/** Dependencies of {@link Answerer}, replaceable in tests. */
export interface AnswererOptions {
  readonly start: Omit<ThreadStart, 'listeners' | 'database' | 'logLevel'>;
  /** The directory, opened on first use. If it throws, the question gets the default answer. */
  directory(): RoutingReader;
  post(message: FromThread): void;
  /** Describes an error for the log of the main thread; by default its message. */
  readonly errorText?: (error: unknown) => string;
  /** Milliseconds of a clock that never goes back. */
  elapsed?: () => number;
  /** How many decisions the main thread may have yet to acknowledge before further ones are dropped. */
  readonly maxInFlight?: number;
}

/** Milliseconds between two messages to the main thread under load: sending one costs as much as a decision. */
const reportInterval = 5;

/** Answers questions and never fails: after an error or past the deadline, it gives the default answer. */
export class Answerer {
  readonly meter = new Meter();
  readonly #options: AnswererOptions;
  readonly #elapsed: () => number;
  readonly #maxInFlight: number;
  readonly #devices = new DeviceStates();
  readonly #turns: Map<string, string>;
  #plan;
  #staff;
  #unreported: Asked[] = [];
  #reportedAt = Number.NEGATIVE_INFINITY;
  #inFlight = 0;
  #troubleAt = Number.NEGATIVE_INFINITY;

  constructor(options: AnswererOptions) {
    this.#options = options;
    this.#elapsed = options.elapsed ?? (() => performance.now());
    this.#maxInFlight = options.maxInFlight ?? 10_000;
    this.#plan = options.start.plan;
    this.#staff = new StaffIndex(options.start.staff, options.start.country);
    this.#devices.update(options.start.devices);
    this.#turns = new Map(Object.entries(options.start.turns));
  }

  /** Handles a message from the main thread. */
  handle(message: Exclude<ToThread, { type: 'stop' }>): void {
    this.meter.heardAt = Date.now();
    switch (message.type) {
      case 'plan':
        this.#plan = message.plan;
        this.#staff = new StaffIndex(message.staff, this.#options.start.country);
        return;
      case 'devices':
        this.#devices.update(message.reports);
        return;
      case 'turns':
        for (const [group, manager] of Object.entries(message.turns)) this.#turns.set(group, manager);
        return;
      case 'taken':
        this.#inFlight -= message.count;
    }
  }

  /** Answers a question. `since` is when the caller began to wait, by the clock of `elapsed`. */
  answer(question: RouteQuestion, since = this.#elapsed()): RouteAnswer {
    const answer = this.#inTime(question, since);
    // Take the turn before it is committed: otherwise the next caller could get the same manager.
    if (answer.turn !== null) this.#turns.set(answer.turn.group, answer.turn.manager);
    this.meter.answered(answer.decision, this.#elapsed() - since);
    return answer;
  }

  /**
   * Reports a decision to the main thread, after the caller got the answer. Decisions in quick succession share one message. If
   * the main thread is too far behind, the decision is dropped: answering callers matters more than recording it.
   */
  report(question: RouteQuestion, answer: RouteAnswer): void {
    if (this.#inFlight >= this.#maxInFlight) {
      this.meter.dropped += 1;
      return;
    }
    this.#inFlight += 1;
    this.#unreported.push({ question, answer });
    if (this.#unreported.length > 1) return;
    const wait = this.#reportedAt + reportInterval - this.#elapsed();
    if (wait > 0) setTimeout(() => this.flush(), wait);
    else setImmediate(() => this.flush());
  }

  /** Sends all pending decisions now. */
  flush(): void {
    if (this.#unreported.length > 0) this.#options.post({ type: 'asked', asked: this.#unreported });
    this.#unreported = [];
    this.#reportedAt = this.#elapsed();
  }

  /** Counts a failure, and reports it to the main thread at most once a second. */
  trouble(error: unknown): void {
    this.meter.failed += 1;
    if (this.#elapsed() - this.#troubleAt < 1000) return;
    this.#troubleAt = this.#elapsed();
    this.#options.post({ type: 'trouble', message: (this.#options.errorText ?? messageOf)(error) });
  }

  #inTime(question: RouteQuestion, since: number): RouteAnswer {
    const { deadline, ringTimeout } = this.#plan;
    const late = () => this.#elapsed() - since > deadline;
    try {
      if (!late()) {
        const { answer } = answerQuestion(question, {
          directory: this.#options.directory(),
          plan: this.#plan,
          staff: this.#staff,
          devices: this.#devices,
          turns: { last: (group) => this.#turns.get(group) ?? null },
        });
        if (!late()) return answer;
      }
      this.meter.late += 1;
      return defaultAnswer([reason('answerLate')], ringTimeout);
    } catch (error) {
      this.trouble(error);
      return defaultAnswer([reason('decisionFailed'), reason('seeLog')], ringTimeout);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
