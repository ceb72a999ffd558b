import type { EventKey } from '../base/ids.ts';
import type { Reason } from '../base/reason.ts';
import type {
  AccountRef,
  Attribution,
  Automatic,
  Direction,
  MessageState,
  Suggestion,
} from '../interaction/interaction.ts';
import type { BlobId } from '../ports/blobs.ts';
import type { FailedAddress } from './undeliverable.ts';

/** The written channels. */
export type WrittenChannel = 'email' | 'message' | 'form';

/**
 * A letter, message or form as its connector knows it. A contact with a known key updates its interaction, for example with an edited
 * text or another line. Times are milliseconds since the epoch.
 */
export interface WrittenContact {
  readonly kind: 'written';
  readonly channel: WrittenChannel;
  readonly key: EventKey;
  /**
   * Milliseconds for which the key identifies the contact; a later contact may use it again. Absent: for ever. It is set if the outside
   * provides no id, so that only the content identifies a repeat.
   */
  readonly keyLife?: number;
  /** Further keys of the same contact, which replies and reports may use. */
  readonly aliases: readonly EventKey[];
  /**
   * Keys that replies and reports may use but that are not unique, because some programs reuse a Message-ID. The first contact with such
   * a key keeps it.
   */
  readonly sharedNames?: readonly EventKey[];
  readonly connection: string;
  readonly direction: Direction;
  /** `received` for inbound contacts; otherwise the progress of an outbound contact, which never goes back. */
  readonly state: MessageState;
  readonly party: WrittenParty;
  /** Further outside recipients, normalised, without the party. */
  readonly others?: readonly { readonly email: string; readonly name: string | null }[];
  /** Id or address of the line that received it (inbound) or sent it (outbound). */
  readonly line: string | null;
  /** Id of the manager who wrote it (outbound), if the connector knows it. Otherwise the store finds the owner of `from`. */
  readonly manager: string | null;
  /** Our own e-mail address (outbound), for finding the manager. */
  readonly from: string | null;
  readonly at: number;
  /** When our server received it, if `at` is from the sender's clock. */
  readonly arrivedAt?: number;
  readonly subject: string | null;
  readonly text: string | null;
  readonly attachments: readonly WrittenAttachment[];
  /** Shown in place of a missing text until the attachments have been downloaded, so that a message is never blank. */
  readonly placeholder?: string | null;
  /**
   * Set if this is one of several messages that the service shows as one, such as an album. Its text and attachments are added to those of
   * the others, which have an alias in common. `key` is its own.
   */
  readonly part?: {
    /** The text of this part before its edit, if the connector knows it. Used if the part was stored without its text. */
    readonly textBefore: string | null;
  };
  /** When the message was last edited, by the service's clock; absent if never. */
  readonly editedAt?: number;
  /** The complete letter as its sender sees it, if `text` does not contain everything. */
  readonly body?: WrittenBody | null;
  /** The service's conversation id, unique within the installation; null if it has none. */
  readonly thread: string | null;
  /** The contacts it answers, nearest first. The first known one is its cause and determines its thread. */
  readonly answers: readonly EventKey[];
  /** Attribution of the visit or link; by default, that of the line. */
  readonly attribution: Attribution | null;
  /** Set if no human wrote it to us. It is kept, but never becomes a lead and is never answered automatically. */
  readonly automatic: Automatic | null;
  /** What the connector needs for answering it (a chat's id, a Message-ID). It is opaque to others and returned with a reply. */
  readonly handle: Readonly<Record<string, string>> | null;
  /** Telephones and addresses in `text`; filled in by the intake. */
  readonly found?: readonly FoundIdentifier[];
}

/** The outside party of a written contact, as received. The intake normalises phone and e-mail. */
export interface WrittenParty {
  readonly phone: string | null;
  readonly email: string | null;
  readonly account: AccountRef | null;
  readonly name: string | null;
}

/** An attachment of a written contact. Its content is already in blob storage. */
export interface WrittenAttachment {
  readonly blob: BlobId;
  readonly name: string;
  readonly mime: string;
  readonly bytes: number;
}

/** A letter's original body in blob storage, as UTF-8: its HTML, or a text that is quoted or too long. */
export interface WrittenBody {
  readonly blob: BlobId;
  readonly mime: 'text/html' | 'text/plain';
  /** Offset of the quoted history in UTF-16 units; null if there is none. */
  readonly quotedAt: number | null;
  /** Whether it refers to pictures on other servers. */
  readonly remoteImages: boolean;
  /** The embedded pictures, which the HTML refers to by `cid:`. */
  readonly inline: readonly InlineImage[];
}

/** An embedded picture of a letter. */
export interface InlineImage {
  readonly contentId: string;
  readonly blob: BlobId;
  readonly mime: string;
}

/** A report about an outbound contact. Reports with unknown keys are kept for a while, because they may arrive before the contact. */
export interface WrittenReport {
  readonly kind: 'report';
  readonly key: EventKey;
  readonly connection: string;
  readonly state: MessageState;
  /** Why it failed, in English; null if it did not. */
  readonly problem: string | null;
  /** The same as a code. Absent in reports that an earlier version stored. */
  readonly problemReason?: Reason | null;
  /** Addresses that proved undeliverable. Used only if we sent the contact. */
  readonly undeliverable?: readonly FailedAddress[];
  readonly at: number;
}

/** The deletion of a message by its sender in the messenger. Deletions of unknown messages are kept for a while. */
export interface WrittenDeletion {
  readonly kind: 'deletion';
  readonly key: EventKey;
  readonly connection: string;
  readonly at: number;
}

/** The client has read our messages of a conversation, up to one of them. */
export interface WrittenReading {
  readonly kind: 'reading';
  /** The last message that was read. */
  readonly key: EventKey;
  readonly connection: string;
  /** The conversation, as in {@link WrittenContact}. */
  readonly thread: string;
  readonly at: number;
}

/** The subject of an answer, with exactly one `Re:`. */
export function replySubject(subject: string | null): string | null {
  const bare = subject?.replace(/^(\s*(re|aw|ответ|отв|на)(\[\d+\])?\s*:)+/i, '').trim() ?? '';
  return bare === '' ? null : `Re: ${bare}`;
}

/** The subject of a forwarded letter, with exactly one `Fwd:`. */
export function forwardSubject(subject: string | null): string {
  const bare = subject?.replace(/^(\s*(fwd?|пересл|пер)\s*:)+/i, '').trim() ?? '';
  return `Fwd: ${bare}`.trimEnd();
}

/** An identifier found in a text. */
export type FoundIdentifier = Pick<Suggestion, 'kind' | 'value' | 'ext'>;
