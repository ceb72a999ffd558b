import type { Clock } from '../../src/runtime/clock.ts';
import type { Answered } from './scripted-service.ts';

/** How a call of any service goes wrong. `…-before`: no work is done. `…-after`: the work is done, and only the answer is lost. */
export type CommonFault =
  | '500'
  | '502'
  | '503'
  | '500-after'
  | 'html'
  | 'malformed'
  | 'empty'
  | 'hang-before'
  | 'hang-after'
  | 'cut-before'
  | 'cut-after';

/** A fault that was ordered. */
interface Order<Kind> {
  readonly call: string | null;
  readonly kind: Kind;
  /** Calls that pass before it. */
  before: number;
  /** Calls that it spoils. */
  times: number;
}

interface Outage<Kind> {
  readonly from: number;
  readonly to: number;
  readonly kind: Kind;
}

/** Switches by which a test makes a scripted service fail. */
export class ServiceFaults<Kind extends string> {
  readonly #clock: Clock;
  #orders: Order<Kind>[] = [];
  readonly #outages: Outage<Kind>[] = [];
  /** Faults that happened, as `call kind`. */
  readonly happened: string[] = [];
  /** Everything fails this way until it is null again. */
  everything: Kind | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Spoils the nth call of a kind from now on (`*`: of any), and the following ones if `times` says so. */
  on(call: string, kind: Kind, { nth = 1, times = 1 }: { readonly nth?: number; readonly times?: number } = {}): void {
    this.#orders.push({ call: call === '*' ? null : call.toLowerCase(), kind, before: nth - 1, times });
  }

  /** The service is away from one time of its clock to another. */
  outage(from: number, to: number, kind: Kind = '503' as Kind): void {
    this.#outages.push({ from, to, kind });
  }

  clear(): void {
    this.#orders = [];
    this.#outages.length = 0;
    this.everything = null;
  }

  /** The fault of this call, or null. A call may go by several names; the first is written down. */
  take(...names: readonly string[]): Kind | null {
    const calls = names.map((name) => name.toLowerCase());
    const now = this.#clock.now();
    let kind = this.everything ?? this.#outages.find(({ from, to }) => from <= now && now < to)?.kind ?? null;
    for (const order of this.#orders) {
      if (order.call !== null && !calls.includes(order.call)) continue;
      if (order.before > 0) {
        order.before -= 1;
        continue;
      }
      if (kind !== null) break;
      order.times -= 1;
      kind = order.kind;
    }
    this.#orders = this.#orders.filter(({ times }) => times > 0);
    if (kind !== null) this.happened.push(`${calls[0]} ${kind}`);
    return kind;
  }
}

/** Whether a fault comes before the work. */
export function isBefore(kind: string): boolean {
  return !['500-after', 'malformed', 'empty', 'hang-after', 'cut-after'].includes(kind);
}

/** How an answer gets lost or mangled on its way. */
type LossOnTheWay = Extract<CommonFault, 'malformed' | `hang-${string}` | `cut-${string}`>;

/** What is left of an answer that gets lost on its way. */
export function lostAnswer(fault: LossOnTheWay, answer: Answered): Answered {
  switch (fault) {
    case 'malformed':
      return { ...answer, body: String(answer.body).slice(0, -12) };
    case 'hang-before':
    case 'hang-after':
      return { ...answer, ending: 'late' };
    case 'cut-before':
    case 'cut-after':
      return { ...answer, ending: 'cut' };
  }
}
