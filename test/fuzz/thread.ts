import { serveJobs } from '../../src/runtime/jobs/serve.ts';
import { tryInput } from './trial.ts';

// Where the fuzzer tries inputs, so that one that never ends does not end the fuzzer.
serveJobs([tryInput]);
