import type { Identifier, Interaction } from '../../domain/interaction/interaction.ts';

/** How long an answer holds, in milliseconds; how many are remembered; how many questions may wait. */
const rememberedFor = 600_000;
const mostRemembered = 5000;
const mostWaiting = 200;

/** Asks a source about strangers while they are on the line, one question at a time, and about each once in a while. */
export class Lookups {
  readonly #ask: (identifier: Identifier) => Promise<void>;
  readonly #asked = new Map<string, number>();
  #waiting: Identifier[] = [];
  #working = false;

  /** `ask` rejects where the source could not be asked: the next contact asks again. */
  constructor(ask: (identifier: Identifier) => Promise<void>) {
    this.#ask = ask;
  }

  /** A contact that nobody is known for is looked up; any other is passed over. */
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
