import { openStore } from '../src/intake/open-store.ts';
import { callsOf, registerDestination } from './instance-calls.ts';

/** Orders for a writer, passed on its command line as JSON. */
export interface WriterOrder {
  /** `postgres://…` or `sqlite:…`. */
  readonly url: string;
  /** Number of the instance. No two instances write the same call. */
  readonly instance: number;
  readonly warmUp: number;
  readonly calls: number;
  /** Number of concurrent calls. Each writes its next revision when the previous one is committed. */
  readonly atOnce: number;
}

/** Result of a writer. */
export interface WriterReport {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

// An instance of bench/instances.ts in a separate process. It sends "ready", starts at the first message, and sends its result.
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
