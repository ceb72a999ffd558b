import type { Identifier } from '../interaction/interaction.ts';

/** The mark of an address to which letters bounce. */
export interface Undeliverable {
  /** When the first letter bounced, RFC 3339. */
  readonly since: string;
  /** The mail system's status code (RFC 3463), such as `5.1.1`. */
  readonly status: string;
  /** The mail system's own message. */
  readonly why: string;
}

/** A marked address. */
export interface UndeliverableAddress extends Undeliverable {
  readonly email: string;
}

/** An identifier on a client's card. */
export interface ClientIdentifier extends Identifier {
  /** Present only if the address is marked. The store adds it when reading; it is not part of written clients. */
  readonly undeliverable?: Undeliverable;
}

/** An address to which a letter could not be delivered, and the mail system's answer. */
export type FailedAddress = Omit<UndeliverableAddress, 'since'>;

/**
 * Whether a status (RFC 3463) means that the address itself does not work: it is permanent (5), and not about the size of the letter
 * (x.2.3, x.3.4), its format (x.6) or the server's policy (x.7).
 */
export function concernsAddress(status: string): boolean {
  return status.startsWith('5.') && !/^5\.(2\.3|3\.4|6\.|7\.)/.test(status);
}
