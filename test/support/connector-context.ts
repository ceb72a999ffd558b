import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { ConnectorContext, UnreadMessage } from '../../src/connectors/contract.ts';
import type { Reason } from '../../src/domain/base/reason.ts';
import type { ContactEvent } from '../../src/domain/interaction/contact-event.ts';
import type { RawSource } from '../../src/domain/interaction/quarantine.ts';
import { reasonText } from '../../src/domain/reasons/reasons.ts';
import type { RouteAnswer } from '../../src/domain/routing/routing.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { inProcessJobs } from '../../src/runtime/jobs/job.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';

/** A connector's context that records what the connector did with it. */
export interface RecordingContext extends ConnectorContext {
  /** Emitted events, in order. */
  readonly events: ContactEvent[];
  /** The cursors that were set. */
  readonly cursors: Map<string, string>;
  /** Sources put into quarantine. */
  readonly quarantined: RawSource[];
  /** Messages counted as not shown, or not known. */
  readonly unread: UnreadMessage[];
  /** Reported states: `health: reason`. */
  readonly states: string[];
  /** Their reasons. */
  readonly stateReasons: Reason[];
  /** Conversations whose clients were reported as writing. */
  readonly typing: string[];
}

/** One directory for all contexts of a test file. */
const directory = mkdtempSync(join(tmpdir(), 'patchbay-blobs-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Routing leaves every call to the PBX. */
const nowhere: RouteAnswer = {
  decision: 'default',
  managers: [],
  queue: null,
  timeout: 20,
  client: null,
  responsible: null,
  trace: [],
  turn: null,
};

/** A context that keeps everything in memory, and blobs in a temporary directory; `change` replaces any part of it. */
export function connectorContext(connection: string, change: Partial<ConnectorContext> = {}): RecordingContext {
  const events: ContactEvent[] = [];
  const cursors = new Map<string, string>();
  const states: string[] = [];
  const stateReasons: Reason[] = [];
  const quarantined: RawSource[] = [];
  const unread: UnreadMessage[] = [];
  const typing: string[] = [];
  return {
    connection,
    country: 'RU',
    language: 'en',
    publicUrl: 'http://127.0.0.1',
    log: silentLogger,
    clock: systemClock,
    staff: () => ({ managers: [], lines: [] }),
    blobs: new FileBlobs(mkdtempSync(join(directory, 'context-'))),
    jobs: inProcessJobs,
    signal: new AbortController().signal,
    emit: async (event) => void events.push(event),
    quarantine: async (source) => void quarantined.push(source),
    decide: () => nowhere,
    cursor: {
      get: async (name) => cursors.get(name) ?? null,
      set: async (name, value) => void cursors.set(name, value),
    },
    reportState: (health, reason) => {
      states.push(reason === null ? health : `${health}: ${reasonText(reason)}`);
      if (reason !== null) stateReasons.push(reason);
    },
    reportDevices: () => undefined,
    reportQueue: () => undefined,
    countQueue: () => undefined,
    reportTyping: (thread) => void typing.push(thread),
    countUnread: (one) => void unread.push(one),
    openCalls: async () => [],
    ...change,
    events,
    cursors,
    states,
    stateReasons,
    quarantined,
    unread,
    typing,
  };
}
