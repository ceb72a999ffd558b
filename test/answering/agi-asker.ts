import { parentPort, workerData } from 'node:worker_threads';
import { type Asked, ask } from './agi-ask.ts';

// A worker thread that acts as Asterisk: it keeps asking for a while, even when the main thread is blocked.

/** The worker's settings. */
export interface AskerData {
  readonly port: number;
  readonly forMs: number;
  readonly variables: Readonly<Record<string, string>>;
}

const { port, forMs, variables } = workerData as AskerData;
parentPort?.postMessage('begun');
const until = performance.now() + forMs;
const answers: Asked[] = [];
while (performance.now() < until) answers.push(await ask(port, variables));
parentPort?.postMessage(answers);
