import type { Reason } from '../../../domain/base/reason.ts';
import type { PortalHealth } from '../connect/health.ts';

/** What is wrong with the connections of our channels to open lines, as the core's state shows it. */
export class LineTroubles {
  readonly #health: Pick<PortalHealth, 'setTrouble'>;
  readonly #troubles = new Map<string, Reason>();

  constructor(health: Pick<PortalHealth, 'setTrouble'>) {
    this.#health = health;
  }

  /** Sets what is wrong with a channel; null: nothing. */
  set(channel: string, trouble: Reason | null): void {
    if (trouble === null && !this.#troubles.delete(channel)) return;
    if (trouble !== null) this.#troubles.set(channel, trouble);
    this.#show();
  }

  /** Sets what is wrong with all channels. */
  replace(troubles: ReadonlyMap<string, Reason>): void {
    this.#troubles.clear();
    for (const [channel, trouble] of troubles) this.#troubles.set(channel, trouble);
    this.#show();
  }

  #show(): void {
    const [first] = this.#troubles.values();
    this.#health.setTrouble(first ?? null);
  }
}
