import type { CallSnapshot } from '../../../../domain/interaction/contact-event.ts';
import { CallTracker } from '../../tracker/call-tracker.ts';
import type { CallRules } from '../sides.ts';
import { eventsOfRows } from './events.ts';
import type { CelRow } from './row.ts';

const maxCalls = 1000;

/**
 * The calls of rows that belong together, in the order of their events. They are played to the tracker of live calls, so both ways
 * obey the same rules, and a call has the same key on both.
 */
export function callsOfCel(rows: readonly CelRow[], rules: CallRules): readonly CallSnapshot[] {
  const calls = new Map<string, CallSnapshot>();
  const tracker = new CallTracker({ ...rules, lingerMs: 0, maxCalls }, (call) => {
    for (const alias of call.aliases) calls.delete(alias);
    calls.set(call.key, call);
  });
  for (const { name, fields, at } of eventsOfRows(rows)) tracker.handle(name, fields, at);
  const end = rows.at(-1)?.at ?? 0;
  // A row may be lost. All channels of the call have ended.
  tracker.lose(tracker.channelsBefore(Number.POSITIVE_INFINITY), end);
  tracker.tellLate(end);
  return [...calls.values()].map((call) => ({ ...call, basis: 'record', reconstructed: true }));
}
