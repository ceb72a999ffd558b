import type { Job } from '../../src/runtime/jobs/job.ts';
import { serveJobs } from '../../src/runtime/jobs/serve.ts';

/** Jobs that behave like real ones with hostile input. */
export const double: Job<number, number> = { name: 'double', run: (input) => input * 2 };
export const endless: Job<null, null> = {
  name: 'endless',
  run: () => {
    for (;;);
  },
};
export const greedy: Job<null, number> = {
  name: 'greedy',
  run: () => {
    const held: string[][] = [];
    for (;;) held.push(Array.from({ length: 10_000 }, (_, i) => `${i} ${held.length}`));
  },
};
export const refusing: Job<null, null> = {
  name: 'refusing',
  run: () => {
    throw new TypeError('not that');
  },
};
export const bytes: Job<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> = {
  name: 'bytes',
  run: (input) => input.map((one) => one + 1),
  transfer: (result) => [result.buffer],
};

let isCold = true;
/** Takes longer than the deadline in the tests, but only once. */
function warmUp(): void {
  const until = performance.now() + (isCold ? 300 : 0);
  isCold = false;
  while (performance.now() < until);
}
export const slowAtFirst: Job<null, string> = {
  name: 'slow at first',
  run: () => {
    warmUp();
    return 'done';
  },
};

serveJobs([double, endless, greedy, refusing, bytes, slowAtFirst], warmUp);
