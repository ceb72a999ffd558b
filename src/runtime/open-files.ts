import { readFileSync } from 'node:fs';

/** The usual limit, for systems that do not report it. */
const usual = 1024;

/**
 * How many files and sockets this process may have open: its soft limit, which Node raises to the hard limit at
 * start.
 */
export function openFileLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(soft ?? usual);
  } catch {
    return usual;
  }
}

/** How the process's file descriptors are divided. */
export interface Descriptors {
  /** HTTP connections, including desks. */
  readonly http: number;
  /** Desks; fewer than HTTP connections, so that forms and pages still work. */
  readonly desks: number;
  /** FastAGI connections of all listeners together. */
  readonly agi: number;
}

const maxHttp = 10_000;
const maxDesks = 2000;
const maxAgi = 10_000;

/**
 * Divides a limit of open files. Some are reserved for the store, AMI, connectors and attachments, and some for
 * callers waiting for FastAGI, so that a rush on the HTTP port cannot exhaust them.
 */
export function divideDescriptors(limit: number, maxConnections: number | null = null): Descriptors {
  const own = clamp(Math.floor(limit / 4), 96, 512);
  const agi = clamp(Math.floor((limit - own) / 4), 16, maxAgi);
  const http = Math.min(Math.max(16, limit - own - agi), maxConnections ?? maxHttp);
  return { http, agi, desks: Math.min(maxDesks, Math.floor(http * 0.75)) };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
