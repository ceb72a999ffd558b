import { trackedEvents } from './tracker/tracked-events.ts';

/** Event classes asked for at the login; `call` carries the channels and bridges, `system` nothing we need. */
export const eventMask = 'call,agent,reporting,dialplan,system';

/** Every event the tracker, the device list and click-to-call read; the parser drops the others before it reads their headers. */
export const wantedEvents: ReadonlySet<string> = new Set([
  ...trackedEvents.keys(),
  'DeviceStateChange',
  'OriginateResponse',
]);

/**
 * `Filter` values of the session (regular expressions over the whole event; one that matches lets it through). Half of
 * Asterisk's traffic is `VarSet`, of which one variable counts.
 */
export const filters: readonly string[] = [
  ...[...wantedEvents].filter((name) => name !== 'VarSet').map((name) => `Event: ${name}\\s`),
  'Variable: MIXMONITOR_FILENAME\\s',
];
