import { openStore } from '../src/intake/open-store.ts';
import { callsOf, registerDestination } from './instance-calls.ts';

/** What a writer is told on its command line, as JSON. */
export interface WriterOrder {
  /** `postgres://…` or `sqlite:…`. */
  readonly url: string;
  /** Which of the instances it is: no two have a call in common. */
  readonly instance: number;
  readonly warmUp: number;
  readonly calls: number;
  /** Calls under way at once; each tells its next revision when the last one is kept. */
  readonly atOnce: number;
}

/** What a writer measured. */
export interface WriterReport {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

// One instance of bench/instances.ts, a process of its own. Tells "ready", begins at any message, tells what it measured.
const order = JSON.parse(process.argv[2] ?? '') as WriterOrder;
const store = await openStore({ ...order, country: 'RU', publicUrl: 'http://pb' });
await registerDestination(store);
await write(0, order.warmUp);
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));
const from = Date.now();
await write(order.warmUp, order.calls);
process.send?.({ from, to: Date.now() } satisfies WriterReport);
await store.close();
process.disconnect?.();

async function write(start: number, count: number): Promise<void> {
  const calls = callsOf(order.instance, start, count);
  const lane = async () => {
    for (const revisions of calls)
      for (const event of revisions) {
        const [result] = await store.apply([{ op: 'contact', event }]);
        if (result?.ok !== true) throw new Error('the store refused a call of the bench');
      }
  };
  await Promise.all(Array.from({ length: order.atOnce }, lane));
}
