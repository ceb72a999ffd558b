import { workerData } from 'node:worker_threads';
import { serveJobs } from '../../runtime/jobs/serve.ts';
import { openForReading } from './connect.ts';
import { listingJobs } from './listings.ts';

// Reads listings and searches in a thread, so that callers and visitors do not wait for them.
serveJobs(Object.values(listingJobs(openForReading((workerData as { readonly path: string }).path))));
