import type { RecordRow } from './row.ts';

/**
 * A row and the place before it. `order` compares places of one source within one run: it grows with the place.
 */
export interface PlacedRow {
  readonly row: RecordRow;
  readonly place: string;
  readonly order: number;
}

/** Rows that were read together, and the place after them. */
export interface Portion {
  readonly rows: readonly PlacedRow[];
  readonly place: string;
  /** How many rows could not be understood. */
  readonly unreadable: number;
}

/** What `patchbay doctor` wants to know of a record. */
export interface RecordFacts {
  /** Columns without which calls can't be told. */
  readonly missing: readonly string[];
  /** The end of the newest call; null if there is none. */
  readonly newest: number | null;
}

/** Where a call record lies, such as a file or a table. A place is a text that only its source understands. */
export interface RecordSource {
  /** Name of the cursor that keeps the place. */
  readonly cursor: string;
  /** What to do if rows can't be understood, for the log. */
  readonly advice: string;
  /** The place after all rows that exist now, where the first start begins. */
  end(): Promise<string>;
  /**
   * Reads the rows after a place, in portions of limited size. A row may be read again. Rejects with {@link RecordUnreadable} if
   * the record can't be read.
   */
  portions(place: string): AsyncIterable<Portion>;
  /** Examines the record. Rejects with {@link RecordUnreadable}. */
  inspect(): Promise<RecordFacts>;
}

/** The record can't be read now. The message says why, without secrets. */
export class RecordUnreadable extends Error {}

/** A database's error as {@link RecordUnreadable}. The server's message names the user and the table at most. */
export function unreadable(place: string, error: unknown): RecordUnreadable {
  if (error instanceof RecordUnreadable) return error;
  const { message, code } = error as { message?: string; code?: string };
  return new RecordUnreadable(`${place}: ${message || code || 'no answer'}`);
}
