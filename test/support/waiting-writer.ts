// The writer thread, but its steps pause, so that other requests arrive in the middle of a transaction.
import { serveWriter } from '../../src/store/sqlite/writer-thread.ts';
import { waitingSteps } from './waiting-steps.ts';

serveWriter(waitingSteps);
