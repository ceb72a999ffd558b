import { parsePhone } from '../directory/identifiers.ts';
import type { Attribution } from '../interaction/interaction.ts';

/** A number of a pool, shown to one visit for a while: a call to it within that time carries the visit's marks. */
export interface NumberHold {
  /** See {@link numberKey}. */
  readonly number: string;
  /** The visit's own name, made in its browser. */
  readonly visit: string;
  /** Milliseconds since the epoch; a visit that is still there has it longer. */
  readonly from: number;
  readonly until: number;
  readonly marks: Attribution | null;
}

/** How long a hold that has run out is kept, in milliseconds: calls are told late when we or the PBX were away. */
export const holdMemory = 7 * 86_400_000;

/** A number as it is compared: E.164 where it is an outside number, else as the PBX writes it. */
export function numberKey(number: string, country: string): string {
  return parsePhone(number, country).phone ?? number;
}

/** Whether a hold is in the way of another one that begins now. */
export function isHeldAgainst(held: Pick<NumberHold, 'visit' | 'until'> | null, by: NumberHold): boolean {
  return held !== null && held.until >= by.from && held.visit !== by.visit;
}
