import type { Named } from '../interaction/interaction.ts';

/**
 * The state of a telephone for routing. `dnd` only if the PBX reports it. `paused`: idle, but paused in a queue; its own calls still
 * ring.
 */
export type DeviceState = 'idle' | 'ringing' | 'in_use' | 'unavailable' | 'dnd' | 'paused' | 'unknown';

/** The state of one extension's device on one connection. */
export interface DeviceReport {
  readonly connection: string;
  readonly extension: string;
  readonly state: DeviceState;
}

/** The state of a manager's busiest telephone. */
export interface Presence {
  readonly manager: Named;
  readonly state: DeviceState;
}
