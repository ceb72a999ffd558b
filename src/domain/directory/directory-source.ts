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
  /** Where an interrupted full reading goes on once this page is stored; absent if it has to begin again. */
  readonly place?: string;
  /** How far a full reading is; absent if the source does not know. */
  readonly progress?: ReadingProgress;
}

/** How far a full reading is, in entries of the source. */
export interface ReadingProgress {
  readonly read: number;
  /** Null if the source does not say. */
  readonly total: number | null;
}

/** A client that we know from the source, with its contact persons and open deals, by the source's ids. */
export interface KnownClient {
  readonly id: string;
  readonly contacts: readonly string[];
  readonly deals: readonly string[];
}

/** What differs in the source from what we know. */
export type DirectoryDifference = Pick<DirectoryPage, 'clients' | 'removed'>;

/** A system that manages clients. Its methods reject with a ServiceError for problems of the outside. */
export interface DirectorySource {
  /**
   * Reads all clients, page by page. The last cursor dates from before the start, so that no change is missed. `from`
   * is the place of the last stored page of an interrupted reading, or null.
   */
  readAll(signal: AbortSignal, from: string | null): AsyncIterable<DirectoryPage>;
  /** Reads the changes since a cursor. A page's cursor is stored once the page is committed. */
  readChanges(cursor: string, signal: AbortSignal): AsyncIterable<DirectoryPage>;
  /** Searches for the clients with an identifier of an unknown party. Empty if the source has no such search. */
  lookUp(identifier: Identifier, signal: AbortSignal): Promise<readonly SourceClient[]>;
  /**
   * Compares some known clients with the source: which it certainly no longer has, and which have to be stored anew.
   * A source without this method is compared with every full reading, which then cannot be resumed.
   */
  check?(known: readonly KnownClient[], signal: AbortSignal): Promise<DirectoryDifference>;
}
