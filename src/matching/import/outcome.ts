import type { Client } from '../../domain/directory/client.ts';

/** A refused row. `why` says what was expected, without repeating data of the row. */
export interface RefusedRow {
  /** Counted from 1 as in a spreadsheet; in a CSV the header is row 1. */
  readonly row: number;
  /** The name of the column in the file, a JSON pointer, or null for the whole row. */
  readonly column: string | null;
  readonly why: string;
}

/** A client and its row in the file. */
export interface ClientRow {
  readonly row: number;
  readonly client: Client;
}

/** The result of one row: a client, or why it was refused. */
export type RowOutcome = ({ readonly ok: true } & ClientRow) | { readonly ok: false; readonly refused: RefusedRow };

/** Parses the bytes of a file into clients, chunk by chunk. */
export interface RowReader {
  push(bytes: Uint8Array): Generator<RowOutcome>;
  end(): Generator<RowOutcome>;
}

/** The file as a whole cannot be imported. */
export class ImportFormatError extends Error {}
