import { parentPort, workerData } from 'node:worker_threads';
import { findDamage } from './integrity.ts';

// Checks a database in a thread: at a gigabyte this takes seconds, in which the main thread must answer others.

parentPort?.postMessage(findDamage(String(workerData), 'quick_check'));
