import type { ClientId } from '../base/ids.ts';
import type { ClientKind, Identifier, Named } from '../interaction/interaction.ts';
import type { ClientIdentifier } from '../written/undeliverable.ts';

/** A company or person in the CRM, as the CRM told it. */
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

/** One row of the directory's index: who has this identifier. */
export interface IdentifierHit {
  readonly client: ClientHead;
  readonly contact: Named | null;
}

/** What matching and routing need of a client, without the card. */
export interface ClientHead {
  readonly id: ClientId;
  readonly name: string;
  readonly kind: ClientKind;
  readonly responsible: string | null;
  readonly segment: string | null;
  readonly url: string | null;
}

/** What a human once chose for an identifier that several clients share. */
export interface RememberedChoice {
  /** Null: a human said it is none of ours. */
  readonly client: ClientId | null;
  readonly contact: string | null;
  readonly by: Named;
  readonly at: string;
}

/** Candidates kept as evidence; a number that more clients share than this is a switchboard, not a client. */
export const maxCandidates = 20;

/**
 * Questions to the client directory, synchronous because a caller waits for the answer: the store
 * itself when embedded, a local snapshot when the store is elsewhere.
 */
export interface DirectoryReader {
  /** Everybody who has the identifier, in no particular order, at most `maxCandidates`. */
  hits(identifier: Identifier): readonly IdentifierHit[];
  /** What a human chose for it earlier. */
  choice(identifier: Identifier): RememberedChoice | null;
  client(id: ClientId): ClientHead | null;
}
