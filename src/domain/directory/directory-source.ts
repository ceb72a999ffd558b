import type { Identifier } from '../interaction/interaction.ts';
import type { Client } from './client.ts';

/** A client as its source has it: under the source's own id, with telephones and addresses as people wrote them. */
export type SourceClient = Omit<Client, 'id'> & { readonly id: string };

/** Some of what a source has to tell. */
export interface DirectoryPage {
  readonly clients: readonly SourceClient[];
  /** Ids of clients that are not there any more. */
  readonly removed: readonly string[];
  /** The place that changes after this page are read from; null where it is not known yet. */
  readonly cursor: string | null;
}

/** A system that knows clients. All of it rejects with a ServiceError for trouble of the outside. */
export interface DirectorySource {
  /** Every client, page by page. The last cursor is one from before the reading began, so that no change falls between. */
  readAll(signal: AbortSignal): AsyncIterable<DirectoryPage>;
  /** What has changed since a place; a page's cursor is kept as soon as the page is safe. */
  readChanges(cursor: string, signal: AbortSignal): AsyncIterable<DirectoryPage>;
  /** Who has a telephone or address, asked at once for a contact that nobody is known for; empty where it has no such search. */
  lookUp(identifier: Identifier, signal: AbortSignal): Promise<readonly SourceClient[]>;
}
