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

/** What a letter, a message and a form have in common: the channels that are written. */
export type WrittenChannel = 'email' | 'message' | 'form';

/**
 * A letter, message or form, as its connector knows it now. The same key again is the same contact: what is new in it
 * (an edited text, another line it reached) changes the interaction, what is not changes nothing. Times are milliseconds
 * since the epoch.
 */
export interface WrittenContact {
  readonly kind: 'written';
  readonly channel: WrittenChannel;
  readonly key: EventKey;
  /**
   * Milliseconds after the first contact for which its key tells that another is the same; later the key passes to the new one.
   * Absent: for ever. It may be set where the outside gives no name, and only what was said tells a repeat.
   */
  readonly keyLife?: number;
  /** Further names of the same contact: whatever the outside may call it by later, in a reply or a report. */
  readonly aliases: readonly EventKey[];
  /**
   * What answers and reports may call it, though it doesn't tell it apart: programs exist that give one Message-ID to many
   * letters. The first contact that has such a name keeps it.
   */
  readonly sharedNames?: readonly EventKey[];
  readonly connection: string;
  readonly direction: Direction;
  /** `received` for inbound; how far an outbound one has come. Never goes back. */
  readonly state: MessageState;
  readonly party: WrittenParty;
  /** Further outside addresses that have it too, normalised, the party's left out. */
  readonly others?: readonly { readonly email: string; readonly name: string | null }[];
  /** Id or address of the line it reached (inbound) or left by (outbound). */
  readonly line: string | null;
  /** Id of the manager who wrote it (outbound), where the connector knows; else the store looks whose `from` is. */
  readonly manager: string | null;
  /** Our own side's e-mail address (outbound), to find the manager by. */
  readonly from: string | null;
  readonly at: number;
  /** When our own server got it, where `at` is the word of its writer's clock. */
  readonly arrivedAt?: number;
  readonly subject: string | null;
  readonly text: string | null;
  readonly attachments: readonly WrittenAttachment[];
  /** The letter as its writer sees it, where `text` is not all of it. */
  readonly body?: WrittenBody | null;
  /** The conversation it belongs to where the service has any, else null; unique within the installation. */
  readonly thread: string | null;
  /** What it answers, nearest first: the first that is known gives it its thread and is its cause. */
  readonly answers: readonly EventKey[];
  /** Marks of the visit or link it came from; else the line's own hold. */
  readonly attribution: Attribution | null;
  /** Written by no human, or by nobody we want to hear: kept as what it is, never a lead, never answered by itself. */
  readonly automatic: Automatic | null;
  /** What the connector needs to answer it (a chat's id, a Message-ID): opaque to everybody else, handed back with a reply. */
  readonly handle: Readonly<Record<string, string>> | null;
  /** Telephones and addresses in `text`: the intake's to fill in, not the connector's. */
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

/** A letter's body as it came, in blob storage as UTF-8: its HTML, or a text that quotes what came before or is very long. */
export interface WrittenBody {
  readonly blob: BlobId;
  readonly mime: 'text/html' | 'text/plain';
  /** Where, in UTF-16 units, the quoted history begins; null where it quotes nothing. */
  readonly quotedAt: number | null;
  /** Whether it shows pictures that lie on other servers. */
  readonly remoteImages: boolean;
  /** The pictures that came with it, by what the HTML calls them (`cid:`). */
  readonly inline: readonly InlineImage[];
}

/** A picture within a letter. */
export interface InlineImage {
  readonly contentId: string;
  readonly blob: BlobId;
  readonly mime: string;
}

/** What the outside reports of an earlier outbound contact. Unknown keys are remembered for a while: reports overtake. */
export interface WrittenReport {
  readonly kind: 'report';
  readonly key: EventKey;
  readonly connection: string;
  readonly state: MessageState;
  /** Why it failed, in English; null when it did not. */
  readonly problem: string | null;
  /** The same as a code. Absent in reports that an earlier version kept. */
  readonly problemReason?: Reason | null;
  /** Addresses that proved dead; believed only of what we sent. */
  readonly undeliverable?: readonly FailedAddress[];
  readonly at: number;
}

/** Its writer has deleted a message in the messenger. Of one that nobody knows yet it is remembered for a while. */
export interface WrittenDeletion {
  readonly kind: 'deletion';
  readonly key: EventKey;
  readonly connection: string;
  readonly at: number;
}

/** The subject of an answer to what had `subject`; however often it goes to and fro, there is one `Re:` in front of it. */
export function replySubject(subject: string | null): string | null {
  const bare = subject?.replace(/^(\s*(re|aw|ответ|отв|на)(\[\d+\])?\s*:)+/i, '').trim() ?? '';
  return bare === '' ? null : `Re: ${bare}`;
}

/** An identifier that stands in a text. */
export type FoundIdentifier = Pick<Suggestion, 'kind' | 'value' | 'ext'>;
