// The thread that writes to a SQLite store. It combines the store's tables with the steps of writes.
import { serveWriter } from '../store/sqlite/writer-thread.ts';
import { stepsUnder } from './steps/carry-out.ts';

serveWriter(stepsUnder);
