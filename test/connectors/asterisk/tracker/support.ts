import { readdirSync, readFileSync } from 'node:fs';
import { CallTracker } from '../../../../src/connectors/asterisk/tracker/call-tracker.ts';
import type { Fields } from '../../../../src/connectors/asterisk/tracker/model.ts';
import type { CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import { endpointsFor } from '../../../support/asterisk-config.ts';

const FOLDER = new URL('../../../fixtures/ami/', import.meta.url);

/** One recorded call of a sipp phone. */
export interface SippCall {
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly talkSeconds: number;
}

/** What sipp and the flow's script say happened. */
export interface Truth {
  readonly direction: string;
  readonly from: string;
  readonly to: string;
  readonly talked: readonly string[];
  readonly state: string;
  readonly sipp: readonly { readonly name: string; readonly calls: readonly SippCall[] }[];
}

/** An event with its time in ms since the start of the recording. */
export interface Step {
  readonly at: number;
  readonly event: Readonly<Record<string, string>>;
}

/** A recorded event stream of a real Asterisk. */
export interface Recording {
  readonly name: string;
  readonly flow: string;
  readonly truth: Truth;
  readonly steps: readonly Step[];
}

/** All recordings of every Asterisk version. */
export function recordings(): readonly Recording[] {
  return readdirSync(FOLDER).flatMap((version) =>
    readdirSync(new URL(`${version}/`, FOLDER))
      .filter((file) => file.endsWith('.jsonl'))
      .map((file) => {
        const text = readFileSync(new URL(`${version}/${file}`, FOLDER), 'utf8').trim();
        const [head, ...steps] = text.split('\n').map((line) => JSON.parse(line) as unknown);
        const { flow, truth } = head as { flow: string; truth: Truth };
        return { name: `${version}/${flow}`, flow, truth, steps: steps as Step[] };
      }),
  );
}

/** A tracker that records its snapshots. */
export function recordingTracker(): {
  tracker: CallTracker;
  snapshots: CallSnapshot[];
  last: Map<string, CallSnapshot>;
} {
  const snapshots: CallSnapshot[] = [];
  const last = new Map<string, CallSnapshot>();
  const options = {
    connection: 'pbx',
    endpoints: endpointsFor(),
    isLine: () => false,
    lingerMs: 1000,
    maxCalls: 1000,
  };
  const tracker = new CallTracker(options, (snapshot) => {
    snapshots.push(snapshot);
    for (const alias of snapshot.aliases) last.delete(alias);
    last.set(snapshot.key, snapshot);
  });
  return { tracker, snapshots, last };
}

/** Feeds recorded steps to a tracker. */
export function play(tracker: CallTracker, steps: readonly Step[]): void {
  for (const { at, event } of steps) tracker.handle(event.Event ?? '', event as Fields, at);
}
