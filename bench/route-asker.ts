import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { benchPhone } from './route-client.ts';

// Plays Asterisk in a thread: makes `asks` requests, `lanes` of them concurrently, and posts the milliseconds of each.

/** Parameters of the asker. */
export interface AskerData {
  readonly port: number;
  readonly clients: number;
  readonly asks: number;
  readonly lanes: number;
}

const { port, clients, asks, lanes } = workerData as AskerData;
const took: number[] = [];
let asked = 0;
const began = performance.now();
await Promise.all(
  Array.from({ length: lanes }, async () => {
    while (asked < asks) await ask(++asked);
  }),
);
parentPort?.postMessage({ ms: performance.now() - began, took });

function ask(serial: number): Promise<void> {
  // Spread over the whole directory, for a realistic use of the page cache.
  const phone = benchPhone((serial * 7919) % clients);
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('utf8');
    socket.write(
      `agi_network: yes\nagi_network_script: route\nagi_request: agi://127.0.0.1/route\nagi_channel: PJSIP/t-1\nagi_uniqueid: 1.${serial}\nagi_callerid: ${phone.slice(1)}\nagi_dnid: 74950000001\nagi_extension: s\n\n`,
    );
    socket.on('data', (text: string) => {
      for (const char of text) if (char === '\n') socket.write('200 result=1\n');
    });
    socket.on('error', reject);
    socket.on('close', () => {
      took.push(performance.now() - from);
      resolve();
    });
  });
}
