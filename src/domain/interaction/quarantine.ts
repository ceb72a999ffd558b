import type { Reason } from '../base/reason.ts';
import type { BlobId } from '../ports/blobs.ts';
import type { ContactEvent } from './contact-event.ts';

/** Input that could not be processed because of a defect in Patchbay. It is kept, so that a fixed version can process it. */
export interface Quarantined {
  /** A UUIDv7. */
  readonly id: string;
  /** The connection that received it; `forms` for web forms. */
  readonly connection: string;
  /** Identifies repeats of the same input: a hash of the event's key, or of the source's bytes. */
  readonly key: string;
  /** The event that the store refused; null if the source could not be parsed. */
  readonly event: ContactEvent | null;
  /** The original data; null if there is only the event. */
  readonly source: QuarantinedSource | null;
  /** Why the last attempt failed, in English, without personal data. */
  readonly reason: string;
  /** The same as a code. Null if the attempt was made by an earlier version, which had no codes. */
  readonly faultReason: Reason | null;
  /** The version of the program that made the last attempt; empty if another attempt was requested. */
  readonly version: string;
  /** When it was received, milliseconds since the epoch. */
  readonly at: number;
  readonly triedAt: number;
  readonly tries: number;
}

/** A quarantined source: a blob with its data, and facts for its connector. */
export interface QuarantinedSource {
  readonly facts: SourceFacts;
  readonly blob: BlobId;
  readonly bytes: number;
}

/** What a connector needs for processing a source again, such as the folder of a letter. */
export type SourceFacts = Readonly<Record<string, string>>;

/** An entry of the list, without the event, which contains what people wrote. */
export type QuarantineHead = Omit<Quarantined, 'event' | 'key'> & {
  /** Null if the source could not be parsed as an event. */
  readonly kind: ContactEvent['kind'] | null;
};

/** The original data of an event, and facts for its connector. */
export interface RawSource {
  readonly facts: SourceFacts;
  readonly bytes: Uint8Array;
}

/** A quarantined input without its contents. */
export function headOf({ event, key: _, ...rest }: Quarantined): QuarantineHead {
  return { ...rest, kind: event?.kind ?? null };
}
