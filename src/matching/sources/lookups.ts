import type { Identifier, Interaction } from '../../domain/interaction/interaction.ts';

/** How long an answer is remembered in milliseconds, how many are remembered, and how many queries may wait. */
const rememberedFor = 600_000;
const mostRemembered = 5000;
const mostWaiting = 200;

/**
 * Looks up unknown parties in a source while they are on the line. It sends one query at a time, and does not repeat
 * a query for a while.
 */
export class Lookups {
  readonly #ask: (identifier: Identifier) => Promise<void>;
  readonly #asked = new Map<string, number>();
  #waiting: Identifier[] = [];
  #working = false;

  /** `ask` rejects if the source could not be queried; the next contact then tries again. */
  constructor(ask: (identifier: Identifier) => Promise<void>) {
    this.#ask = ask;
  }

  /** Looks up the party of an inbound contact if the directory does not know it. */
  notice({ direction, match, party, mergedInto }: Interaction, now: number): void {
    if (direction !== 'inbound' || mergedInto !== null) return;
    if (match.outcome !== 'unknown' || match.decidedBy === 'human') return;
    if (party.phone !== null) this.#put({ kind: 'phone', value: party.phone }, now);
    if (party.email !== null) this.#put({ kind: 'email', value: party.email }, now);
    void this.#work();
  }

  #put(identifier: Identifier, now: number): void {
    const key = keyOf(identifier);
    if ((this.#asked.get(key) ?? 0) > now || this.#waiting.length >= mostWaiting) return;
    const [oldest] = this.#asked.keys();
    if (this.#asked.size >= mostRemembered && oldest !== undefined) this.#asked.delete(oldest);
    this.#asked.set(key, now + rememberedFor);
    this.#waiting.push(identifier);
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const key = keyOf(next);
      await this.#ask(next).catch(() => this.#asked.delete(key));
    }
    this.#working = false;
  }
}

function keyOf({ kind, value }: Identifier): string {
  return `${kind}:${value}`;
}
