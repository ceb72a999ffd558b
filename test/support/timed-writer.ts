// The writer thread, whose clock is the one of a simulated day: `clock` shares the milliseconds since the epoch with it.
import { workerData } from 'node:worker_threads';

const { clock } = workerData as { clock: Float64Array };
Date.now = () => clock[0] ?? 0;
await import('../../src/intake/writer-thread.ts');
