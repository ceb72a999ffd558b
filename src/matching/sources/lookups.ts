import type { Identifier, Interaction } from '../../domain/interaction/interaction.ts';

/** How long an answer is remembered in milliseconds, how many are remembered, and how many queries may wait. */
const rememberedFor = 600_000;
const maxRemembered = 5000;
const maxWaiting = 200;

/**
 * Looks up unknown parties in a source while they are on the line. It sends one query at a time, and does not repeat
 * a query for a while.
 */
export class Lookups {
  readonly #lookUp: (identifier: Identifier) => Promise<void>;
  readonly #recent = new Map<string, number>();
  #waiting: Identifier[] = [];
  #working = false;

  /** `lookUp` rejects if the source could not be queried; the next contact then tries again. */
  constructor(lookUp: (identifier: Identifier) => Promise<void>) {
    this.#lookUp = lookUp;
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
    if ((this.#recent.get(key) ?? 0) > now || this.#waiting.length >= maxWaiting) return;
    const [oldest] = this.#recent.keys();
    if (this.#recent.size >= maxRemembered && oldest !== undefined) this.#recent.delete(oldest);
    this.#recent.set(key, now + rememberedFor);
    this.#waiting.push(identifier);
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const key = keyOf(next);
      await this.#lookUp(next).catch(() => this.#recent.delete(key));
    }
    this.#working = false;
  }
}

function keyOf({ kind, value }: Identifier): string {
  return `${kind}:${value}`;
}
