/** State of a move into this database, stored in `meta`. It is kept after the move. */
export interface MoveState {
  /** Fingerprint of the source store. */
  readonly source: string;
  /** Progress of each table that was begun: the order values of the last row, or null when the table is complete. */
  readonly places: Readonly<Record<string, readonly (string | number | { readonly hex: string })[] | null>>;
  /** RFC 3339; null until a run finishes the move. */
  readonly finishedAt: string | null;
}

/** Whether a move into this store is unfinished, according to the value in `meta`. */
export function isUnfinished(text: string | undefined): boolean {
  return text !== undefined && (JSON.parse(text) as MoveState).finishedAt === null;
}
