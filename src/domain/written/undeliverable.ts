import type { Identifier } from '../interaction/interaction.ts';

/** That letters to an address come back. */
export interface Undeliverable {
  /** When the first came back, RFC 3339. */
  readonly since: string;
  /** The mail system's code (RFC 3463), like `5.1.1`. */
  readonly status: string;
  /** The mail system's own words. */
  readonly why: string;
}

/** An address whose mark is set. */
export interface UndeliverableAddress extends Undeliverable {
  readonly email: string;
}

/** An identifier as a client's card shows it. */
export interface ClientIdentifier extends Identifier {
  /** Only where the address is marked. Told by the store; what is put with a client says nothing of it. */
  readonly undeliverable?: Undeliverable;
}

/** Whom a letter can't be delivered to, and what the mail system said. */
export type FailedAddress = Omit<UndeliverableAddress, 'since'>;

/**
 * Whether a mail system's status (RFC 3463) says that the address itself is dead: for good (5), and not that this letter was
 * too large (x.2.3, x.3.4), of a form it can't take (x.6) or against its rules (x.7).
 */
export function speaksOfAddress(status: string): boolean {
  return status.startsWith('5.') && !/^5\.(2\.3|3\.4|6\.|7\.)/.test(status);
}
