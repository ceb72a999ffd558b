import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../../src/runtime/clock.ts';
import type { OnecState } from './state.ts';

/** A session of a client in the infobase. */
interface Session {
  readonly id: string;
  /** False: it ends with its request. */
  readonly lasts: boolean;
  usedAt: number;
  /** Requests of a session run one after the other. */
  turn: Promise<void>;
}

/** A request that has a session. */
export interface Admitted {
  /** What the answer has to say of the session. */
  readonly headers: Readonly<Record<string, string>>;
  readonly leave: () => void;
}

/** Why a request gets none: the cookie is unknown, or no session came free in time. */
export type Refused = 'unknown' | 'busy';

/** Gives out sessions. Each request takes one, unless it continues one that `IBSession: start` began. */
export class Sessions {
  readonly #limit: number;
  readonly #idle: number;
  readonly #clock: Clock;
  readonly #state: OnecState;
  readonly #open = new Map<string, Session>();

  constructor(limit: number, idleSeconds: number, clock: Clock, state: OnecState) {
    this.#limit = limit;
    this.#idle = idleSeconds * 1000;
    this.#clock = clock;
    this.#state = state;
  }

  /** Sessions that are open now. */
  get open(): number {
    this.#expire();
    return this.#open.size;
  }

  /** Admits a request, or says why not. */
  async enter(headers: IncomingHttpHeaders): Promise<Admitted | Refused> {
    this.#expire();
    const wish = String(headers.ibsession ?? '').toLowerCase();
    const id = /(?:^|;\s*)ibsession=([^;]+)/.exec(headers.cookie ?? '')?.[1];
    const session = wish !== 'start' && id !== undefined ? (this.#open.get(id) ?? null) : this.#begin(wish === 'start');
    if (session === null) {
      if (id !== undefined && wish !== 'start') return 'unknown';
      this.#state.refusedSessions += 1;
      return 'busy';
    }
    const counted = session.lasts ? session.id : 'single';
    this.#state.requestsOf.set(counted, (this.#state.requestsOf.get(counted) ?? 0) + 1);
    const before = session.turn;
    let done = (): void => undefined;
    session.turn = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    const leave = () => {
      session.usedAt = this.#clock.now();
      if (!session.lasts || wish === 'finish') this.#open.delete(session.id);
      done();
    };
    const cookie = wish === 'start' ? { 'set-cookie': `ibsession=${session.id}; HttpOnly; Path=/` } : {};
    return { headers: cookie, leave };
  }

  #begin(lasts: boolean): Session | null {
    if (this.#open.size >= this.#limit) return null;
    const session = { id: randomUUID(), lasts, usedAt: this.#clock.now(), turn: Promise.resolve() };
    this.#open.set(session.id, session);
    this.#state.highestSessions = Math.max(this.#state.highestSessions, this.#open.size);
    return session;
  }

  #expire(): void {
    const now = this.#clock.now();
    for (const { id, lasts, usedAt } of this.#open.values())
      if (lasts && now - usedAt > this.#idle) this.#open.delete(id);
  }
}
