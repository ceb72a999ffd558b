import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/** Parameters of the stream. */
export interface StreamData {
  /** How often each recorded flow is repeated, each time with new ids. */
  readonly repeats: number;
  /** URL of the folder with the recorded flows, as this module may run from a bundle in another folder. */
  readonly flows: string;
}

// A PBX that only sends: each client gets the greeting and all recorded flows of a real Asterisk 22, then the connection ends.
const { repeats, flows } = workerData as StreamData;
const folder = new URL(flows);
let events = 0;
const text = readdirSync(folder)
  .flatMap((file) => readFileSync(new URL(file, folder), 'utf8').trim().split('\n').slice(1))
  .map((line) => {
    events += 1;
    const { event } = JSON.parse(line) as { event: Readonly<Record<string, string>> };
    const headers = Object.entries(event).map(([name, value]) => `${name}: ${value}\r\n`);
    return `${headers.join('')}\r\n`;
  })
  .join('');
const rounds = Array.from({ length: repeats }, (_, round) =>
  Buffer.from(text.replace(/\b\d{10}(?=\.\d+\b)/g, (second) => String(Number(second) + (round + 1) * 100_000))),
);

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.write('Asterisk Call Manager/9.0.0\r\n');
  let next = 0;
  const pour = () => {
    for (;;) {
      const round = rounds[next];
      if (round === undefined) return void socket.end();
      next += 1;
      if (!socket.write(round)) return void socket.once('drain', pour);
    }
  };
  pour();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  parentPort?.postMessage({ port: typeof address === 'object' ? address?.port : 0, events: events * repeats });
});
