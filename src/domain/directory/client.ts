import type { ClientId } from '../base/ids.ts';
import type { ClientKind, Identifier, Named } from '../interaction/interaction.ts';
import type { ClientIdentifier } from '../written/undeliverable.ts';

/** A company or person in the CRM. */
export interface Client {
  readonly id: ClientId;
  readonly name: string;
  readonly kind: ClientKind;
  /** A manager's id; kept even when no such manager is configured. */
  readonly responsible: string | null;
  readonly segment: string | null;
  readonly url: string | null;
  readonly identifiers: readonly ClientIdentifier[];
  readonly contacts: readonly ContactPerson[];
  readonly deals: readonly Deal[];
  readonly fields: readonly { readonly label: string; readonly value: string }[];
}

export interface ContactPerson {
  readonly id: string;
  readonly name: string;
  readonly identifiers: readonly ClientIdentifier[];
}

export interface Deal {
  readonly id: string;
  readonly name: string;
  readonly stage: string | null;
  readonly url: string | null;
}

/** One row of the directory's index: a client that has an identifier. */
export interface IdentifierHit {
  readonly client: ClientHead;
  readonly contact: Named | null;
}

/** The part of a client that matching and routing need. */
export interface ClientHead {
  readonly id: ClientId;
  readonly name: string;
  readonly kind: ClientKind;
  readonly responsible: string | null;
  readonly segment: string | null;
  readonly url: string | null;
}

/** A human's earlier choice for an identifier. */
export interface RememberedChoice {
  /** Null: a human decided that it is none of our clients. */
  readonly client: ClientId | null;
  readonly contact: string | null;
  readonly by: Named;
  readonly at: string;
}

/** The maximum number of candidates; a number shared by more clients is a switchboard. */
export const maxCandidates = 20;

/**
 * Questions to the client directory, synchronous because a caller waits for the answer: the store
 * itself when embedded, a local snapshot when the store is elsewhere.
 */
export interface DirectoryReader {
  /** The clients with the identifier, in no particular order, at most `maxCandidates`. */
  hits(identifier: Identifier): readonly IdentifierHit[];
  /** A human's earlier choice for it. */
  choice(identifier: Identifier): RememberedChoice | null;
  client(id: ClientId): ClientHead | null;
}
