import { once } from 'node:events';
import { deskSocket } from '../test/support/desk-login.ts';

/** What the readers are told on their command line, as JSON. */
export interface ReadersOrder {
  readonly url: string;
  readonly cookies: readonly string[];
}

/** What came to all desks since the last report. */
export interface ReadersReport {
  readonly frames: number;
  /** Of these, those of everybody's telephones. */
  readonly presence: number;
  readonly bytes: number;
  /** Desks that are open. */
  readonly open: number;
}

// Open desks of bench/desks.ts, in a process of their own. Tells "ready" when all are open, and at any message what came since the last.
const order = await new Promise<ReadersOrder>((resolve) => process.once('message', resolve));
const waiting = [...order.cookies];
const seen = { frames: 0, presence: 0, bytes: 0, open: 0 };
const lane = async () => {
  for (let cookie = waiting.pop(); cookie !== undefined; cookie = waiting.pop()) {
    const socket = deskSocket(order.url, cookie);
    socket.on('close', () => {
      seen.open -= 1;
    });
    await once(socket, 'message');
    seen.open += 1;
    socket.on('message', (data: Buffer) => {
      seen.frames += 1;
      seen.bytes += data.length;
      if (data.subarray(0, 18).includes('"presence"')) seen.presence += 1;
    });
  }
};
await Promise.all(Array.from({ length: 20 }, lane));
process.send?.('ready');
process.on('message', () => {
  process.send?.({ ...seen } satisfies ReadersReport);
  Object.assign(seen, { frames: 0, presence: 0, bytes: 0 });
});
