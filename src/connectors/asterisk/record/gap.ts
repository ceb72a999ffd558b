import { timeText } from '../../../domain/base/time-text.ts';
import type { ConnectorContext } from '../../contract.ts';

const cursorName = 'followed_until';

/** A time in which calls were not followed live. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** A gap as the log has it. */
export function gapTimes({ from, to }: Gap): { readonly from: string; readonly to: string } {
  return { from: timeText(from), to: timeText(to) };
}

/**
 * Knows from when to when the PBX's calls were not followed: while the program was stopped, or the connection was lost. The end of
 * the followed time is kept as a cursor, so after a crash a gap may seem up to a minute longer than it was.
 */
export class FollowedTime {
  readonly #context: Pick<ConnectorContext, 'cursor' | 'clock'>;
  #until: number | null = null;
  #isFollowing = false;

  constructor(context: Pick<ConnectorContext, 'cursor' | 'clock'>) {
    this.#context = context;
  }

  /** The PBX is followed from now on. Resolves with the gap before, or null if it is followed for the first time. */
  async begin(): Promise<Gap | null> {
    const saved = Date.parse((await this.#context.cursor.get(cursorName)) ?? '');
    const from = this.#until ?? (Number.isNaN(saved) ? null : saved);
    this.#isFollowing = true;
    const to = this.#context.clock.now();
    return from === null || from >= to ? null : { from, to };
  }

  /** Keeps that calls are followed until now. */
  async keep(): Promise<void> {
    if (!this.#isFollowing) return;
    this.#until = this.#context.clock.now();
    await this.#context.cursor.set(cursorName, timeText(this.#until));
  }

  /** The connection was lost, or the program stops. */
  end(): void {
    if (this.#isFollowing) this.#until = this.#context.clock.now();
    this.#isFollowing = false;
  }
}
