import type { ClientId } from '../base/ids.ts';
import type { DeviceReport } from '../call/device.ts';
import type { NumberHold } from '../call/number-hold.ts';
import type { Client } from '../directory/client.ts';
import type { Staff } from '../directory/manager.ts';

/** Clients, managers, lines, and facts about identifiers and telephones. */
export type DirectoryWrite =
  /** Creates or replaces clients, and gives them the unmatched interactions of their identifiers. */
  | { readonly op: 'put-clients'; readonly clients: readonly Client[]; readonly at: number }
  | { readonly op: 'delete-client'; readonly id: ClientId; readonly at: number }
  /** Matches another batch of earlier interactions again, of identifiers with too many for one write. */
  | { readonly op: 'relink'; readonly at: number }
  /** Replaces the managers and lines. */
  | { readonly op: 'staff'; readonly staff: Staff; readonly at: number }
  /** Begins or prolongs a number hold of a visit; `conflict` while another visit has the number. */
  | { readonly op: 'hold-number'; readonly hold: NumberHold }
  /** A human clears the mark of an address; `not_found` if it is not marked. */
  | { readonly op: 'clear-undeliverable'; readonly email: string; readonly at: number }
  /** States of a connection's telephones, for instances that are not connected to the PBX. */
  | { readonly op: 'devices'; readonly reports: readonly DeviceReport[] };
