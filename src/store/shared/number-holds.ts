import type { NumberHold } from '../../domain/call/number-hold.ts';
import type { Attribution } from '../../domain/interaction/interaction.ts';

/** A row of the table `number_holds`; `marks` is JSON. */
export interface HoldRow {
  readonly number: string;
  readonly from_at: number | string;
  readonly until_at: number | string;
  readonly visit: string;
  readonly marks: string;
}

/** A row as the domain says it. */
export function holdOf({ number, from_at, until_at, visit, marks }: HoldRow): NumberHold {
  return {
    number,
    visit,
    from: Number(from_at),
    until: Number(until_at),
    marks: JSON.parse(marks) as Attribution | null,
  };
}
