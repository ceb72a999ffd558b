import type { Identifier } from '../interaction/interaction.ts';

/** An address is marked: letters to it come back. */
export interface Undeliverable {
  /** When the first came back, RFC 3339. */
  readonly since: string;
  /** The mail system's code (RFC 3463), like `5.1.1`. */
  readonly status: string;
  /** The mail system's own words. */
  readonly why: string;
}

/** A marked address. */
export interface UndeliverableAddress extends Undeliverable {
  readonly email: string;
}

/** An identifier as a client's card shows it. */
export interface ClientIdentifier extends Identifier {
  /** Present only if the address is marked. The store adds it; clients are written without it. */
  readonly undeliverable?: Undeliverable;
}

/** An address to which a letter could not be delivered, and the mail system's answer. */
export type FailedAddress = Omit<UndeliverableAddress, 'since'>;

/**
 * Whether a status (RFC 3463) means that the address itself is dead: a permanent one (5) that is not about the letter's size (x.2.3,
 * x.3.4), format (x.6) or the server's policy (x.7).
 */
export function speaksOfAddress(status: string): boolean {
  return status.startsWith('5.') && !/^5\.(2\.3|3\.4|6\.|7\.)/.test(status);
}
