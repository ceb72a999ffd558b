import { queueEvents } from './presence/queues.ts';
import { trackedEvents } from './tracker/tracked-events.ts';

/** Event classes requested at the login. `call` contains channels and bridges. */
export const eventMask = 'call,agent,reporting,dialplan,system';

/** All events used by the tracker, the device list and click-to-call. The parser drops others before parsing their headers. */
export const wantedEvents: ReadonlySet<string> = new Set([
  ...trackedEvents.keys(),
  ...queueEvents,
  'DeviceStateChange',
  'OriginateResponse',
]);

/**
 * `Filter` values of the session: regular expressions over the whole event; an event passes if one matches. Half of Asterisk's
 * traffic is `VarSet`, of which only a few variables are needed.
 */
export const filters: readonly string[] = [
  ...[...wantedEvents].filter((name) => name !== 'VarSet').map((name) => `Event: ${name}\\s`),
  'Variable: (MIXMONITOR_FILENAME|VM_MESSAGEFILE|QUEUESTATUS|_*FROM_?DID)\\s',
];
