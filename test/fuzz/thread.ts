import { serveJobs } from '../../src/runtime/jobs/serve.ts';
import { tryInput } from './trial.ts';

// The fuzzer tries inputs in this thread, so that an endless one does not block the fuzzer itself.
serveJobs([tryInput]);
