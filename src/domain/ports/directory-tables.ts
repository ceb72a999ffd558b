import type { Awaitable } from '../base/awaitable.ts';
import type { ClientId } from '../base/ids.ts';
import type { NumberHold } from '../call/number-hold.ts';
import type { AccountLink } from '../directory/account-link.ts';
import type { Client, ClientHead, DirectoryReader } from '../directory/client.ts';
import type { RelinkPlace } from '../directory/rematch.ts';
import type { Identifier, Interaction, Named } from '../interaction/interaction.ts';

/** The client directory as of the open transaction. */
export interface DirectoryTable {
  /** Looks up identifiers. */
  of(identifiers: readonly Identifier[]): Awaitable<DirectoryReader>;
  client(id: ClientId): Awaitable<ClientHead | null>;
  /** The clients that have an address at a domain; only the first addresses are examined. */
  ofDomain(domain: string): Awaitable<readonly Named[]>;
}

/** Clients, the index of their identifiers, and the choices people made. */
export interface ClientTable {
  /** Creates or replaces clients. Returns the identifiers they had or have. */
  put(clients: readonly Client[]): Awaitable<readonly Identifier[]>;
  /** Removes a client. Returns the identifiers it had, or null if it does not exist. */
  remove(id: ClientId): Awaitable<readonly Identifier[] | null>;
  /** A client's contact person, or null. */
  contact(client: ClientId, id: string): Awaitable<Named | null>;
  /** Remembers which client a person chose for an identifier; `at` is RFC 3339. */
  choose(
    identifier: Identifier,
    choice: { readonly client: ClientId | null; readonly contact: string | null },
    by: Named,
    at: string,
  ): Awaitable<void>;
  /** Forgets which client a person chose for an identifier. */
  forgetChoice(identifier: Identifier): Awaitable<void>;
}

/** Telephones and addresses that proved to belong to the owner of a messenger account. The latest proof counts. */
export interface AccountLinkTable {
  of(account: string): Awaitable<Identifier | null>;
  /** The accounts linked to any of these identifiers. */
  accountsOf(identifiers: readonly Identifier[]): Awaitable<readonly Identifier[]>;
  /** Stores a proof. False if it is already known. */
  put(link: AccountLink): Awaitable<boolean>;
}

/** Interactions whose identifiers must be matched again, and the progress of that work. */
export interface RelinkTable {
  /** The identifiers that may have automatically matched interactions; the others can be skipped. */
  withAutomaticMatches(identifiers: readonly Identifier[]): Awaitable<readonly Identifier[]>;
  /**
   * Up to `limit` automatically matched interactions of an identifier after a place, newest first. `more` says
   * whether there are others.
   */
  matchedByMachine(
    identifier: Identifier,
    from: RelinkPlace,
    limit: number,
  ): Awaitable<{ readonly found: readonly Interaction[]; readonly more: boolean }>;
  /** The newest interactions of an identifier that a person decided about. */
  decidedByHuman(identifier: Identifier, limit: number): Awaitable<readonly Interaction[]>;
  /** Leaves the rest of an identifier's interactions for later. */
  postpone(identifier: Identifier, from: RelinkPlace): Awaitable<void>;
  /** Takes one identifier that was left for later, or null. */
  takePostponed(): Awaitable<{ readonly identifier: Identifier; readonly from: RelinkPlace } | null>;
}

/** Which visit sees or saw which number. Times are milliseconds since the epoch. */
export interface NumberHoldTable {
  /** The hold of a number that started last before a time, or null. */
  latest(number: string, at: number): Awaitable<NumberHold | null>;
  put(hold: NumberHold): Awaitable<void>;
  /** Removes holds that expired before a time. */
  drop(before: number): Awaitable<void>;
}
