import type { ClientId } from '../base/ids.ts';
import type { DeviceReport } from '../call/device.ts';
import type { NumberHold } from '../call/number-hold.ts';
import type { Client } from '../directory/client.ts';
import type { Staff } from '../directory/manager.ts';

/** Clients, managers, lines, and what is known of identifiers and telephones. */
export type DirectoryWrite =
  /** Creates or replaces clients, and gives them the unmatched interactions of their identifiers. */
  | { readonly op: 'put-clients'; readonly clients: readonly Client[]; readonly at: number }
  | { readonly op: 'delete-client'; readonly id: ClientId; readonly at: number }
  /** Goes on matching earlier interactions again, one batch: of numbers that more had than one write may hold up. */
  | { readonly op: 'relink'; readonly at: number }
  /** Replaces the managers and lines that names and extensions are resolved by. */
  | { readonly op: 'staff'; readonly staff: Staff; readonly at: number }
  /** Shows a number of a pool to a visit, or goes on doing so; `conflict` while another visit has it. */
  | { readonly op: 'hold-number'; readonly hold: NumberHold }
  /** A human says that letters to an address arrive again; `not_found` where it is not marked. */
  | { readonly op: 'clear-undeliverable'; readonly email: string; readonly at: number }
  /** What telephones of a connection are doing, for the instances that don't hear it from the PBX. */
  | { readonly op: 'devices'; readonly reports: readonly DeviceReport[] };
