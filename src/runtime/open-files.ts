import { readFileSync } from 'node:fs';

/** What a process gets by default where it can't be asked. */
const usual = 1024;

/** How many files and sockets this process may have open: its soft limit, which Node has raised to the hard one at its start. */
export function openFileLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(soft ?? usual);
  } catch {
    return usual;
  }
}

/** Who may have how many of the process's descriptors. */
export interface Descriptors {
  /** HTTP connections, desks among them. */
  readonly http: number;
  /** Desks, so that forms and pages are served beside them. */
  readonly desks: number;
  /** FastAGI connections of all listeners together. */
  readonly agi: number;
}

const mostHttp = 10_000;
const mostDesks = 2000;
const mostAgi = 10_000;

/**
 * Shares a limit of open files out. Some are kept for the store, the AMI, connectors and attachments, and some for callers who
 * wait for FastAGI: a crowd at the HTTP port can take neither.
 */
export function shareOut(limit: number, mostConnections: number | null = null): Descriptors {
  const own = clamp(Math.floor(limit / 4), 96, 512);
  const agi = clamp(Math.floor((limit - own) / 4), 16, mostAgi);
  const http = Math.min(Math.max(16, limit - own - agi), mostConnections ?? mostHttp);
  return { http, agi, desks: Math.min(mostDesks, Math.floor(http * 0.75)) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
