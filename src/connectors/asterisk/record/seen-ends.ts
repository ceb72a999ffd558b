import type { EventKey } from '../../../domain/base/ids.ts';
import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';

/** Keys that are remembered. Each call has one or two, so these are the calls of at least ten minutes on the busiest PBX. */
const mostKeys = 100_000;

/**
 * The calls of this process whose end was seen live and stored. The PBX's record adds nothing to them, so it need not be stored
 * again: that would cost a third of what the call itself costs. A call that is not remembered is stored, which changes nothing.
 */
export class SeenEnds {
  /** In the order of their ends, so that the oldest is forgotten first. */
  readonly #keys = new Set<EventKey>();

  /** Remembers a stored call if its end was seen. */
  stored(call: CallSnapshot): void {
    if (call.endedAt === null || call.reconstructed || call.basis !== 'live') return;
    for (const key of [call.key, ...call.aliases]) this.#keys.add(key);
    for (const key of this.#keys) {
      if (this.#keys.size <= mostKeys) return;
      this.#keys.delete(key);
    }
  }

  /** Whether the end of a call was seen under every key that the record has of it. A further key has to be stored. */
  has(keys: readonly EventKey[]): boolean {
    return keys.every((key) => this.#keys.has(key));
  }
}
