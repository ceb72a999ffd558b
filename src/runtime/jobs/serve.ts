import { parentPort } from 'node:worker_threads';
import type { AnyJob, Job, JobAnswer, JobRequest } from './job.ts';

/** Makes this thread one of a pool: it does the jobs it is sent, one at a time. */
export function serveJobs(jobs: readonly AnyJob[]): void {
  if (parentPort === null) throw new Error('this is a thread of a JobPool; it is not started by itself');
  const port = parentPort;
  const byName = new Map(jobs.map((job) => [job.name, job as Job<unknown, unknown>]));
  const post = (answer: JobAnswer, transfer: readonly ArrayBuffer[] = []) => port.postMessage(answer, [...transfer]);

  port.on('message', async ({ name, input }: JobRequest) => {
    const job = byName.get(name);
    try {
      if (job === undefined) throw new Error(`this thread does no job "${name}"`);
      const result = await job.run(input);
      post({ result }, job.transfer?.(result));
    } catch (error) {
      // An error of a class of its own does not survive the way to the other thread.
      post({ error: new Error(error instanceof Error ? error.message : String(error)) });
    }
  });
  post({ ready: true });
}
