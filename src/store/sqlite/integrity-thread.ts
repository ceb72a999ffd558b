import { parentPort, workerData } from 'node:worker_threads';
import { findDamage } from './integrity.ts';

// Looks a database through once: at a gigabyte that takes seconds, in which the reader must answer others.

parentPort?.postMessage(findDamage(String(workerData), 'quick_check'));
