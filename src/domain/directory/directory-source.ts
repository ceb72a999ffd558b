import type { Identifier } from '../interaction/interaction.ts';
import type { Client } from './client.ts';

/** A client in its source: with the source's id, and with telephones and addresses as entered there. */
export type SourceClient = Omit<Client, 'id'> & { readonly id: string };

/** A page of a source's clients. */
export interface DirectoryPage {
  readonly clients: readonly SourceClient[];
  /** Ids of removed clients. */
  readonly removed: readonly string[];
  /** The cursor for reading changes after this page; null if not known yet. */
  readonly cursor: string | null;
}

/** A system that manages clients. Its methods reject with a ServiceError for problems of the outside. */
export interface DirectorySource {
  /** Reads all clients, page by page. The last cursor dates from before the start, so that no change is missed. */
  readAll(signal: AbortSignal): AsyncIterable<DirectoryPage>;
  /** Reads the changes since a cursor. A page's cursor is stored once the page is committed. */
  readChanges(cursor: string, signal: AbortSignal): AsyncIterable<DirectoryPage>;
  /** Searches for the clients with an identifier of an unknown party. Empty if the source has no such search. */
  lookUp(identifier: Identifier, signal: AbortSignal): Promise<readonly SourceClient[]>;
}
