// The thread that writes a SQLite store: the store's tables and the steps of writes meet here.
import { serveWriter } from '../store/sqlite/writer-thread.ts';
import { stepsUnder } from './steps/carry-out.ts';

serveWriter(stepsUnder);
