import { parentPort } from 'node:worker_threads';
import type { AnyJob, Job, JobAnswer, JobRequest } from './job.ts';

/**
 * Turns this thread into a member of a pool: it runs the jobs it receives, one at a time. `prepare` runs before the
 * deadline of the first job begins: code that has never run is many times slower.
 */
export function serveJobs(jobs: readonly AnyJob[], prepare: () => void = () => {}): void {
  if (parentPort === null) throw new Error('this file must be started as a thread of a JobPool');
  const port = parentPort;
  const byName = new Map(jobs.map((job) => [job.name, job as Job<unknown, unknown>]));
  const post = (answer: JobAnswer, transfer: readonly ArrayBuffer[] = []) => port.postMessage(answer, [...transfer]);

  port.on('message', async ({ name, input }: JobRequest) => {
    const job = byName.get(name);
    try {
      if (job === undefined) throw new Error(`unknown job "${name}" in this thread`);
      const result = await job.run(input);
      post({ result }, job.transfer?.(result));
    } catch (error) {
      // The class of an error is lost between threads, so send only its message.
      post({ error: new Error(error instanceof Error ? error.message : String(error)) });
    }
  });
  prepare();
  post({ ready: true });
}
