import type { Identifier } from '../interaction/interaction.ts';
import type { Client } from './client.ts';

/** A client as its source has it: with the source's id, and telephones and addresses as entered there. */
export type SourceClient = Omit<Client, 'id'> & { readonly id: string };

/** A page of a source's clients. */
export interface DirectoryPage {
  readonly clients: readonly SourceClient[];
  /** Ids of removed clients. */
  readonly removed: readonly string[];
  /** The cursor to read changes after this page from; null if not known yet. */
  readonly cursor: string | null;
}

/** A system that has clients. Its methods reject with a ServiceError for trouble of the outside. */
export interface DirectorySource {
  /** All clients, page by page. The last cursor dates from before the reading began, so that no change is missed. */
  readAll(signal: AbortSignal): AsyncIterable<DirectoryPage>;
  /** The changes since a cursor; a page's cursor is kept as soon as the page is safe. */
  readChanges(cursor: string, signal: AbortSignal): AsyncIterable<DirectoryPage>;
  /** The clients with a telephone or address, for an unknown party; empty if the source has no such search. */
  lookUp(identifier: Identifier, signal: AbortSignal): Promise<readonly SourceClient[]>;
}
