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
 * A letter, message or form, as its connector knows it now. The same key again is the same contact: news in it (an edited text, another
 * line) change the interaction. Times are milliseconds since the epoch.
 */
export interface WrittenContact {
  readonly kind: 'written';
  readonly channel: WrittenChannel;
  readonly key: EventKey;
  /**
   * Milliseconds for which the key identifies the contact; later it passes to the next one. Absent: for ever. It is set where the outside
   * gives no id and only the content identifies a repeat.
   */
  readonly keyLife?: number;
  /** Further keys of the same contact, which replies and reports may use. */
  readonly aliases: readonly EventKey[];
  /**
   * Keys that replies and reports may use but that are not unique, as some programs give one Message-ID to many letters. The first contact
   * with such a key keeps it.
   */
  readonly sharedNames?: readonly EventKey[];
  readonly connection: string;
  readonly direction: Direction;
  /** `received` for inbound, else the progress of an outbound contact. Never goes back. */
  readonly state: MessageState;
  readonly party: WrittenParty;
  /** Further outside recipients, normalised, without the party. */
  readonly others?: readonly { readonly email: string; readonly name: string | null }[];
  /** Id or address of the line it reached (inbound) or left by (outbound). */
  readonly line: string | null;
  /** Id of the manager who wrote it (outbound), if the connector knows; else the store finds the owner of `from`. */
  readonly manager: string | null;
  /** Our own side's e-mail address (outbound), to find the manager by. */
  readonly from: string | null;
  readonly at: number;
  /** When our server received it, if `at` is from the writer's clock. */
  readonly arrivedAt?: number;
  readonly subject: string | null;
  readonly text: string | null;
  readonly attachments: readonly WrittenAttachment[];
  /** The letter as its writer sees it, if `text` is not all of it. */
  readonly body?: WrittenBody | null;
  /** The service's conversation, unique within the installation; null if it has none. */
  readonly thread: string | null;
  /** The contacts it answers, nearest first: the first known one is its cause and gives it its thread. */
  readonly answers: readonly EventKey[];
  /** Marks of the visit or link; by default the line's. */
  readonly attribution: Attribution | null;
  /** No human wrote it to us. It is kept, but is never a lead and never answered automatically. */
  readonly automatic: Automatic | null;
  /** What the connector needs to answer it (a chat's id, a Message-ID): opaque to others, returned with a reply. */
  readonly handle: Readonly<Record<string, string>> | null;
  /** Telephones and addresses in `text`; filled in by the intake. */
  readonly found?: readonly FoundIdentifier[];
}

/** The outside end of a written contact, as it came; phone and e-mail are read and normalised by the intake. */
export interface WrittenParty {
  readonly phone: string | null;
  readonly email: string | null;
  readonly account: AccountRef | null;
  readonly name: string | null;
}

/** A file that came or goes with a written contact; its bytes are in blob storage already. */
export interface WrittenAttachment {
  readonly blob: BlobId;
  readonly name: string;
  readonly mime: string;
  readonly bytes: number;
}

/** A letter's original body in blob storage, as UTF-8: its HTML, or a text with a quotation or of great length. */
export interface WrittenBody {
  readonly blob: BlobId;
  readonly mime: 'text/html' | 'text/plain';
  /** Start of the quoted history in UTF-16 units; null if there is none. */
  readonly quotedAt: number | null;
  /** Whether it has pictures on other servers. */
  readonly remoteImages: boolean;
  /** The pictures that came with it, by their `cid:` in the HTML. */
  readonly inline: readonly InlineImage[];
}

/** A picture within a letter. */
export interface InlineImage {
  readonly contentId: string;
  readonly blob: BlobId;
  readonly mime: string;
}

/** A report about an earlier outbound contact. Reports of unknown keys are kept for a while, as they may overtake the contact. */
export interface WrittenReport {
  readonly kind: 'report';
  readonly key: EventKey;
  readonly connection: string;
  readonly state: MessageState;
  /** Why it failed, in English; null when it did not. */
  readonly problem: string | null;
  /** The same as a code. Absent in reports that an earlier version kept. */
  readonly problemReason?: Reason | null;
  /** Addresses that proved dead; used only if we sent the contact. */
  readonly undeliverable?: readonly FailedAddress[];
  readonly at: number;
}

/** A message was deleted by its writer in the messenger. Deletions of unknown messages are kept for a while. */
export interface WrittenDeletion {
  readonly kind: 'deletion';
  readonly key: EventKey;
  readonly connection: string;
  readonly at: number;
}

/** The subject of an answer, with exactly one `Re:`. */
export function replySubject(subject: string | null): string | null {
  const bare = subject?.replace(/^(\s*(re|aw|ответ|отв|на)(\[\d+\])?\s*:)+/i, '').trim() ?? '';
  return bare === '' ? null : `Re: ${bare}`;
}

/** An identifier found in a text. */
export type FoundIdentifier = Pick<Suggestion, 'kind' | 'value' | 'ext'>;
