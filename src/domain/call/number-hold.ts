import { parsePhone } from '../directory/identifiers.ts';
import type { Attribution } from '../interaction/interaction.ts';

/** A number of a pool that is reserved for one visit. A call to it during that time gets the visit's attribution. */
export interface NumberHold {
  /** See {@link numberKey}. */
  readonly number: string;
  /** The visit's id, generated in the browser. */
  readonly visit: string;
  /** Milliseconds since the epoch. `until` is extended while the visit lasts. */
  readonly from: number;
  readonly until: number;
  readonly marks: Attribution | null;
}

/** Milliseconds for which an expired hold is kept, because calls may be reported late after an outage. */
export const holdMemory = 7 * 86_400_000;

/** The form in which numbers are compared: E.164 for outside numbers, otherwise as the PBX writes it. */
export function numberKey(number: string, country: string): string {
  return parsePhone(number, country).phone ?? number;
}

/** Whether an existing hold conflicts with a new one. */
export function isHeldAgainst(held: Pick<NumberHold, 'visit' | 'until'> | null, by: NumberHold): boolean {
  return held !== null && held.until >= by.from && held.visit !== by.visit;
}
