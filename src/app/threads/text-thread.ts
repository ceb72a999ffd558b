import { findIdentifiers } from '../../intake/text-reader.ts';
import { serveJobs } from '../../runtime/jobs/serve.ts';

// A thread of the pool that searches texts; see pools.ts.
serveJobs([findIdentifiers]);
