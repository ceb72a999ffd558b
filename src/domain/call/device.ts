import type { Named } from '../interaction/interaction.ts';

/** What a telephone is doing, in the words routing needs. `dnd` where the PBX tells it. */
export type DeviceState = 'idle' | 'ringing' | 'in_use' | 'unavailable' | 'dnd' | 'unknown';

/** The state of one extension's device on one connection. */
export interface DeviceReport {
  readonly connection: string;
  readonly extension: string;
  readonly state: DeviceState;
}

/** How a manager's telephones are, the busiest of them. */
export interface Presence {
  readonly manager: Named;
  readonly state: DeviceState;
}
