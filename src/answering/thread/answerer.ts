import type { DirectoryReader } from '../../domain/directory/client.ts';
import { StaffIndex } from '../../domain/directory/staff-index.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { RouteAnswer, RouteQuestion } from '../../domain/routing/routing.ts';
import { DeviceStates } from '../../router/device-states.ts';
import { answerQuestion, defaultAnswer } from '../answer-question.ts';
import type { Asked, FromThread, ThreadStart, ToThread } from './messages.ts';
import { Meter } from './meter.ts';

/** What the answerer works with; replaced in tests. */
export interface AnswererOptions {
  readonly start: Omit<ThreadStart, 'listeners' | 'database' | 'logLevel'>;
  /** The directory, opened when first needed; a call that throws is answered with the default. */
  directory(): DirectoryReader;
  post(message: FromThread): void;
  /** An error in words, for the log of the main thread; its own message unless given. */
  readonly inWords?: (error: unknown) => string;
  /** Milliseconds of a clock that never goes back. */
  elapsed?: () => number;
  /** How many decisions may be on their way to the main thread before further ones are dropped. */
  readonly mostUnderway?: number;
}

/** Milliseconds between two messages to the main thread under load: one costs as much as a decision. */
const tellEvery = 5;

/** Answers questions without ever failing: whatever goes wrong, and whoever is late, the answer is the default. */
export class Answerer {
  readonly meter = new Meter();
  readonly #options: AnswererOptions;
  readonly #elapsed: () => number;
  readonly #mostUnderway: number;
  readonly #devices = new DeviceStates();
  readonly #turns: Map<string, string>;
  #plan;
  #staff;
  #untold: Asked[] = [];
  #toldAt = Number.NEGATIVE_INFINITY;
  #underway = 0;
  #troubleAt = Number.NEGATIVE_INFINITY;

  constructor(options: AnswererOptions) {
    this.#options = options;
    this.#elapsed = options.elapsed ?? (() => performance.now());
    this.#mostUnderway = options.mostUnderway ?? 10_000;
    this.#plan = options.start.plan;
    this.#staff = new StaffIndex(options.start.staff, options.start.country);
    this.#devices.update(options.start.devices);
    this.#turns = new Map(Object.entries(options.start.turns));
  }

  /** Takes in what the main thread tells. */
  hear(message: Exclude<ToThread, { type: 'stop' }>): void {
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
        this.#underway -= message.count;
    }
  }

  /** The answer to a question. `since` is when the caller began to wait, on the clock of `elapsed`. */
  answer(question: RouteQuestion, since = this.#elapsed()): RouteAnswer {
    const answer = this.#inTime(question, since);
    // The turn is taken at once, the commit follows: the next caller must not get the same manager meanwhile.
    if (answer.turn !== null) this.#turns.set(answer.turn.group, answer.turn.manager);
    this.meter.answered(answer.decision, this.#elapsed() - since);
    return answer;
  }

  /**
   * Tells the main thread what was decided, as soon as the caller has his answer; decisions that follow each other closely go
   * together. When main has fallen too far behind it is told nothing: callers go before the record.
   */
  tell(question: RouteQuestion, answer: RouteAnswer): void {
    if (this.#underway >= this.#mostUnderway) {
      this.meter.dropped += 1;
      return;
    }
    this.#underway += 1;
    this.#untold.push({ question, answer });
    if (this.#untold.length > 1) return;
    const wait = this.#toldAt + tellEvery - this.#elapsed();
    if (wait > 0) setTimeout(() => this.flush(), wait);
    else setImmediate(() => this.flush());
  }

  /** Sends what is to be told now. */
  flush(): void {
    if (this.#untold.length > 0) this.#options.post({ type: 'asked', asked: this.#untold });
    this.#untold = [];
    this.#toldAt = this.#elapsed();
  }

  /** Something went wrong outside of an answer; told at most once a second. */
  trouble(error: unknown): void {
    this.meter.failed += 1;
    if (this.#elapsed() - this.#troubleAt < 1000) return;
    this.#troubleAt = this.#elapsed();
    this.#options.post({ type: 'trouble', message: (this.#options.inWords ?? messageOf)(error) });
  }

  #inTime(question: RouteQuestion, since: number): RouteAnswer {
    const { deadline, ringTimeout } = this.#plan;
    const late = () => this.#elapsed() - since > deadline;
    try {
      if (!late()) {
        const { answer } = answerQuestion(question, {
          directory: this.#options.directory(),
          country: this.#options.start.country,
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
