import { Counter, type Registry } from 'prom-client';
import type { UnreadMessage } from '../connectors/contract.ts';

/** Maximum counters, because services and strangers choose the names of types. */
const maxCounters = 500;

/** Counts messages of the messengers that are not shown, or whose contents the connector does not know. */
export class UnreadMessages {
  readonly #counts = new Map<string, UnreadMessage & { readonly connection: string; readonly count: number }>();

  /** Counts one message of a connection. */
  count(connection: string, { what, type }: UnreadMessage): void {
    const named = /^\w{1,50}$/.test(type) ? type : 'other';
    const key = [connection, what, named].join(' ');
    const isFull = this.#counts.size >= maxCounters && !this.#counts.has(key);
    const counted = isFull ? 'other' : named;
    const at = [connection, what, counted].join(' ');
    const count = (this.#counts.get(at)?.count ?? 0) + 1;
    this.#counts.set(at, { connection, what, type: counted, count });
  }

  /** Registers the counters. */
  register(metrics: Registry): void {
    const all = () => this.#counts.values();
    new Counter({
      name: 'patchbay_messenger_unread_total',
      help: 'Reports of messengers that are no message of a client (service), have nothing in them (empty), or that this version does not know (unknown), by their type.',
      labelNames: ['connection', 'what', 'type'],
      registers: [metrics],
      collect() {
        this.reset();
        for (const { count, ...labels } of all()) this.inc({ ...labels }, count);
      },
    });
  }
}
