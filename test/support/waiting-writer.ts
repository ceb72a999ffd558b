// The writer thread, but its steps wait: whatever is asked for meanwhile is heard in the middle of a transaction.
import { serveWriter } from '../../src/store/sqlite/writer-thread.ts';
import { waitingSteps } from './waiting-steps.ts';

serveWriter(waitingSteps);
