import type { Clock } from '../../../src/runtime/clock.ts';

/** How a call goes wrong. `…-before`: no work is done. `…-after`: the work is done, and only the answer is lost. */
export type FaultKind =
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
  | 'cut-after'
  | 'overload'
  | 'too-many'
  | 'rests'
  | 'expired'
  | 'no-subscription';

/** A fault that was ordered. */
interface Order {
  readonly method: string | null;
  readonly kind: FaultKind;
  /** Calls that pass before it. */
  before: number;
  /** Calls that it spoils. */
  times: number;
}

interface Outage {
  readonly from: number;
  readonly to: number;
  readonly kind: FaultKind;
}

/** Switches by which a test makes the portal fail. */
export class Faults {
  readonly #clock: Clock;
  #orders: Order[] = [];
  readonly #outages: Outage[] = [];
  /** Faults that happened, as `method kind`. */
  readonly happened: string[] = [];
  /** Everything fails this way until it is null again. */
  everything: FaultKind | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Spoils the nth call of a method from now on (`*`: of any), and the following ones if `times` says so. */
  on(
    method: string,
    kind: FaultKind,
    { nth = 1, times = 1 }: { readonly nth?: number; readonly times?: number } = {},
  ): void {
    this.#orders.push({ method: method === '*' ? null : method.toLowerCase(), kind, before: nth - 1, times });
  }

  /** The portal is away from one time of its clock to another. */
  outage(from: number, to: number, kind: FaultKind = '503'): void {
    this.#outages.push({ from, to, kind });
  }

  clear(): void {
    this.#orders = [];
    this.#outages.length = 0;
    this.everything = null;
  }

  /** The fault of this call, or null. */
  take(method: string): FaultKind | null {
    const name = method.toLowerCase();
    const now = this.#clock.now();
    let kind = this.everything ?? this.#outages.find(({ from, to }) => from <= now && now < to)?.kind ?? null;
    for (const order of this.#orders) {
      if (order.method !== null && order.method !== name) continue;
      if (order.before > 0) {
        order.before -= 1;
        continue;
      }
      if (kind !== null) break;
      order.times -= 1;
      kind = order.kind;
    }
    this.#orders = this.#orders.filter(({ times }) => times > 0);
    if (kind !== null) this.happened.push(`${name} ${kind}`);
    return kind;
  }
}

/** Whether a fault comes before the work. */
export function isBefore(kind: FaultKind): boolean {
  return !['500-after', 'malformed', 'empty', 'hang-after', 'cut-after'].includes(kind);
}
