import { once } from 'node:events';
import { deskSocket } from '../test/support/desk-login.ts';

/** Orders for the readers, sent as a message. */
export interface ReadersOrder {
  readonly url: string;
  readonly cookies: readonly string[];
}

/** Data received by all desks since the last report. */
export interface ReadersReport {
  readonly frames: number;
  /** Number of frames with phone states. */
  readonly presence: number;
  readonly bytes: number;
  /** Number of open desks. */
  readonly open: number;
}

// Open desks of bench/desks.ts in a separate process. It sends "ready" when all are open, and a report in answer to each message.
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
