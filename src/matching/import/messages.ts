import type { ClientRow, RefusedRow } from './outcome.ts';

/** `csv` also stands for tab- and semicolon-separated files. */
export type ImportFormat = 'ndjson' | 'csv';

/** What the parsing thread begins with. */
export interface ImportStart {
  readonly format: ImportFormat;
  readonly country: string;
}

/** What the main thread sends: pieces of the file, then the end. */
export type ToParser = { readonly type: 'bytes'; readonly bytes: Uint8Array } | { readonly type: 'end' };

/** What the parsing thread answers to each piece: exactly one message. */
export type FromParser =
  | {
      readonly type: 'rows';
      readonly clients: readonly ClientRow[];
      readonly refused: readonly RefusedRow[];
      /** All refused rows of this piece, also those not listed. */
      readonly refusedCount: number;
    }
  | { readonly type: 'failed'; readonly message: string };
