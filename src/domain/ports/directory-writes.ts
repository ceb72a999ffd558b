import type { ClientId } from '../base/ids.ts';
import type { DeviceReport } from '../call/device.ts';
import type { NumberHold } from '../call/number-hold.ts';
import type { Client } from '../directory/client.ts';
import type { Staff } from '../directory/manager.ts';

/** Clients, managers, lines, number holds and the states of telephones. */
export type DirectoryWrite =
  /** Creates or replaces clients, and matches interactions with their identifiers again. */
  | { readonly op: 'put-clients'; readonly clients: readonly Client[]; readonly at: number }
  | { readonly op: 'delete-client'; readonly id: ClientId; readonly at: number }
  /** Matches one more batch of earlier interactions that an earlier write left for later. */
  | { readonly op: 'relink'; readonly at: number }
  /** Replaces the managers and lines. */
  | { readonly op: 'staff'; readonly staff: Staff; readonly at: number }
  /** Assigns a number of a pool to a visit, or extends that. Refused as `conflict` while another visit has it. */
  | { readonly op: 'hold-number'; readonly hold: NumberHold }
  /** Clears the mark of an address at a person's request. Refused as `not_found` if it is not marked. */
  | { readonly op: 'clear-undeliverable'; readonly email: string; readonly at: number }
  /** Reports the states of a connection's telephones to instances that are not connected to the PBX. */
  | { readonly op: 'devices'; readonly reports: readonly DeviceReport[] };
