/** What `meta` holds of a move into this database, from its first row to long after. */
export interface MoveState {
  /** Which store it comes from. */
  readonly source: string;
  /** Where each table that was begun stands, by what it was read in order of; null where all of it is there. */
  readonly places: Readonly<Record<string, readonly (string | number | { readonly hex: string })[] | null>>;
  /** RFC 3339; null while a run is still to finish it. */
  readonly finishedAt: string | null;
}

/** Whether a store is only half here, by the text in `meta`. */
export function isUnfinished(text: string | undefined): boolean {
  return text !== undefined && (JSON.parse(text) as MoveState).finishedAt === null;
}
