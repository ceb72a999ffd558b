import { workerData } from 'node:worker_threads';
import { serveJobs } from '../../runtime/jobs/serve.ts';
import { openForReading } from './connect.ts';
import { listingJobs } from './listings.ts';

// Where listings and searches are read, beside the main thread: callers and visitors don't wait for them.
serveJobs(Object.values(listingJobs(openForReading((workerData as { readonly path: string }).path))));
