import { parsePhone } from '../directory/identifiers.ts';
import type { Attribution } from '../interaction/interaction.ts';

/** A number of a pool, shown to one visit for a while: a call to it within that time carries the visit's marks. */
export interface NumberHold {
  /** See {@link numberKey}. */
  readonly number: string;
  /** The visit's id, made in its browser. */
  readonly visit: string;
  /** Milliseconds since the epoch; prolonged while the visit lasts. */
  readonly from: number;
  readonly until: number;
  readonly marks: Attribution | null;
}

/** Milliseconds for which an expired hold is kept, as calls may be reported late after an outage. */
export const holdMemory = 7 * 86_400_000;

/** A number as it is compared: E.164 for outside numbers, else as the PBX writes it. */
export function numberKey(number: string, country: string): string {
  return parsePhone(number, country).phone ?? number;
}

/** Whether a hold prevents another one from beginning now. */
export function isHeldAgainst(held: Pick<NumberHold, 'visit' | 'until'> | null, by: NumberHold): boolean {
  return held !== null && held.until >= by.from && held.visit !== by.visit;
}
