import type { Awaitable } from '../base/awaitable.ts';
import type { ClientId } from '../base/ids.ts';
import type { NumberHold } from '../call/number-hold.ts';
import type { AccountLink } from '../directory/account-link.ts';
import type { Client, ClientHead, DirectoryReader } from '../directory/client.ts';
import type { RelinkPlace } from '../directory/rematch.ts';
import type { Identifier, Interaction, Named } from '../interaction/interaction.ts';

/** The client directory as it stands in the open transaction. */
export interface DirectoryTable {
  /** Its entries of these identifiers. */
  of(identifiers: readonly Identifier[]): Awaitable<DirectoryReader>;
  client(id: ClientId): Awaitable<ClientHead | null>;
  /** The clients that have an address at a domain, by the first of those addresses. */
  ofDomain(domain: string): Awaitable<readonly Named[]>;
}

/** Clients, the index of their identifiers, and human choices. */
export interface ClientTable {
  /** Creates or replaces clients; returns all identifiers they have, gained or lost. */
  put(clients: readonly Client[]): Awaitable<readonly Identifier[]>;
  /** Removes a client; returns its identifiers, or null if there is none. */
  remove(id: ClientId): Awaitable<readonly Identifier[] | null>;
  /** A client's contact person, or null. */
  contact(client: ClientId, id: string): Awaitable<Named | null>;
  /** Remembers a human's choice for an identifier; `at` is RFC 3339. */
  choose(
    identifier: Identifier,
    choice: { readonly client: ClientId | null; readonly contact: string | null },
    by: Named,
    at: string,
  ): Awaitable<void>;
  /** Forgets a human's choice for an identifier. */
  forgetChoice(identifier: Identifier): Awaitable<void>;
}

/** Proven telephones and addresses of messenger accounts; the latest proof counts. */
export interface AccountLinkTable {
  of(account: string): Awaitable<Identifier | null>;
  /** The accounts that are linked to any of these, as identifiers. */
  accountsOf(identifiers: readonly Identifier[]): Awaitable<readonly Identifier[]>;
  /** Keeps a proof; false where it is known already. */
  put(link: AccountLink): Awaitable<boolean>;
}

/** Interactions that may be matched again, and the progress of that. */
export interface RelinkTable {
  /** The identifiers that have automatically matched interactions; others need no re-matching. */
  having(identifiers: readonly Identifier[]): Awaitable<readonly Identifier[]>;
  /** Up to `limit` automatically matched interactions of an identifier after a place, newest first; `more`: there are others. */
  matchedByMachine(
    identifier: Identifier,
    from: RelinkPlace,
    limit: number,
  ): Awaitable<{ readonly found: readonly Interaction[]; readonly more: boolean }>;
  /** The newest interactions of an identifier that a human decided about. */
  decidedByHuman(identifier: Identifier, limit: number): Awaitable<readonly Interaction[]>;
  /** Postpones the rest of an identifier's interactions. */
  putOff(identifier: Identifier, from: RelinkPlace): Awaitable<void>;
  /** Takes one postponed identifier, or null. */
  takePutOff(): Awaitable<{ readonly identifier: Identifier; readonly from: RelinkPlace } | null>;
}

/** Current and past number holds of visits. Times are milliseconds since the epoch. */
export interface NumberHoldTable {
  /** The latest hold of a number before a moment, or null. */
  latest(number: string, at: number): Awaitable<NumberHold | null>;
  put(hold: NumberHold): Awaitable<void>;
  /** Removes holds that had run out by a moment. */
  drop(before: number): Awaitable<void>;
}
