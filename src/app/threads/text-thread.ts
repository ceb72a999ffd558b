import { findIdentifiers } from '../../intake/text-reader.ts';
import { serveJobs } from '../../runtime/jobs/serve.ts';

// Worker thread of the pool that searches texts for identifiers; see pools.ts.
serveJobs([findIdentifiers]);
