import type { ClientId } from '../base/ids.ts';
import type { ClientKind, Identifier, Named } from '../interaction/interaction.ts';
import type { ClientIdentifier } from '../written/undeliverable.ts';

/** A company or person in the CRM. */
export interface Client {
  readonly id: ClientId;
  readonly name: string;
  readonly kind: ClientKind;
  /** A manager's id. It is kept even if no such manager is configured. */
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

/** A client that has an identifier: one row of the directory's index. */
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
  /** Null: a human decided that the identifier belongs to no client. */
  readonly client: ClientId | null;
  readonly contact: string | null;
  readonly by: Named;
  readonly at: string;
}

/** The maximum number of candidates; a number shared by more clients is a switchboard. */
export const maxCandidates = 20;

/**
 * Reads the client directory. It is synchronous because a caller waits for the answer: the embedded store itself, or a local
 * snapshot of a remote one.
 */
export interface DirectoryReader {
  /** The clients with the identifier, in no particular order, at most `maxCandidates`. */
  hits(identifier: Identifier): readonly IdentifierHit[];
  /** A human's earlier choice for the identifier. */
  choice(identifier: Identifier): RememberedChoice | null;
  client(id: ClientId): ClientHead | null;
}

/** A caller by the number, normalised, and by the client that it matches; null if unknown. */
export interface Caller {
  readonly phone: string | null;
  readonly client: ClientId | null;
}

/** Reads what routing needs: the directory, and who talked with a caller. */
export interface RoutingReader extends DirectoryReader {
  /**
   * The id of the manager who last talked by phone with the caller, on this number or any other of the client, in a call that
   * began at or after `since` (milliseconds since the epoch). Null if nobody did.
   */
  lastTalker(caller: Caller, since: number): string | null;
}
