import type { Reason } from '../base/reason.ts';
import type { BlobId } from '../ports/blobs.ts';
import type { ContactEvent } from './contact-event.ts';

/**
 * Input that a fault of ours kept from being taken in. It is kept whole, so that a fixed program can try again.
 */
export interface Quarantined {
  /** A UUIDv7. */
  readonly id: string;
  /** The connection it came by; `forms` for web forms. */
  readonly connection: string;
  /** Its identity if it comes again: a hash of the event's key, or of the source's bytes. */
  readonly key: string;
  /** The event that the store refused; null if the source could not be read as one. */
  readonly event: ContactEvent | null;
  /** As the outside sent it; null where there is nothing but the event. */
  readonly source: QuarantinedSource | null;
  /** Why the last attempt failed, in English, without personal data. */
  readonly reason: string;
  /** The same as a code. Null where an earlier version, which had no codes, made the attempt. */
  readonly faultReason: Reason | null;
  /** The program that made the last attempt; empty where another attempt is wanted now. */
  readonly version: string;
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
  readonly triedAt: number;
  readonly tries: number;
}

/** Where the bytes of a source are, and what its connector has to know beside them. */
export interface QuarantinedSource {
  readonly facts: SourceFacts;
  readonly blob: BlobId;
  readonly bytes: number;
}

/** What a connector notes of a source, to read it once more: the folder of a letter, for example. */
export type SourceFacts = Readonly<Record<string, string>>;

/** What is listed: all but the event, which holds what people wrote. */
export type QuarantineHead = Omit<Quarantined, 'event' | 'key'> & {
  /** `call`, `written`, `report`, `deletion`; null where no event could be made of the source. */
  readonly kind: ContactEvent['kind'] | null;
};

/** What the outside sent, as it came, and what the connector has to know to read it once more. */
export interface RawSource {
  readonly facts: SourceFacts;
  readonly bytes: Uint8Array;
}

/** Without the contents. */
export function headOf({ event, key: _, ...rest }: Quarantined): QuarantineHead {
  return { ...rest, kind: event?.kind ?? null };
}
