import type { ClientRow, RefusedRow } from './outcome.ts';

/** The format of a file. `csv` includes files separated by tabs or semicolons. */
export type ImportFormat = 'ndjson' | 'csv';

/** Start parameters of the parsing thread. */
export interface ImportStart {
  readonly format: ImportFormat;
  readonly country: string;
}

/** Messages from the main thread: the chunks of the file, then the end. */
export type ToParser = { readonly type: 'bytes'; readonly bytes: Uint8Array } | { readonly type: 'end' };

/** Answers of the parsing thread, exactly one per chunk. */
export type FromParser =
  | {
      readonly type: 'rows';
      readonly clients: readonly ClientRow[];
      readonly refused: readonly RefusedRow[];
      /** All refused rows of this chunk, including those not listed. */
      readonly refusedCount: number;
    }
  | { readonly type: 'failed'; readonly message: string };
