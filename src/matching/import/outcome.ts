import type { Client } from '../../domain/directory/client.ts';

/** A row that was not taken. `why` says what was expected and repeats nothing of the row. */
export interface RefusedRow {
  /** From 1, as a spreadsheet counts (the header is row 1 of a CSV). */
  readonly row: number;
  /** The column's name in the file, a JSON pointer, or null where the whole row is meant. */
  readonly column: string | null;
  readonly why: string;
}

/** A client and the row that it stands in. */
export interface ClientRow {
  readonly row: number;
  readonly client: Client;
}

/** What became of one row: a client, or why there is none. */
export type RowOutcome = ({ readonly ok: true } & ClientRow) | { readonly ok: false; readonly refused: RefusedRow };

/** Turns the bytes of a file, piece by piece, into clients. */
export interface RowReader {
  push(bytes: Uint8Array): Generator<RowOutcome>;
  end(): Generator<RowOutcome>;
}

/** The file as a whole can't be imported. */
export class ImportFormatError extends Error {}
