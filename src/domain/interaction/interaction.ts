import type { ClientId, InteractionId } from '../base/ids.ts';
import type { Reason } from '../base/reason.ts';
import type { CallResult, LegOutcome, QueueLeft } from '../call/call-result.ts';
import type { LetterPage } from '../written/letter-page.ts';
import type { Edit, MessagePart } from './message-history.ts';
import type { Recording } from './recording.ts';

/**
 * An interaction as other programs see it. All keys are always present, and unknown values are null. Times are RFC 3339 UTC with
 * milliseconds; durations are rounded to seconds.
 */
export interface Interaction {
  readonly id: InteractionId;
  /** Increases by one with each change. Receivers keep the highest. */
  readonly revision: number;
  readonly channel: Channel;
  readonly direction: Direction;
  readonly state: InteractionState;
  readonly party: Party;
  readonly client: ClientRef | null;
  readonly contact: Named | null;
  /** Further outside recipients of a letter. */
  readonly participants: readonly Participant[];
  readonly match: Match;
  /** The client's responsible manager at the time of routing. */
  readonly responsible: Named | null;
  /** The manager to whom the conversation was handed over. They answer it instead of the responsible manager. */
  readonly assignee: Named | null;
  /** Handovers of the conversation while this was its latest contact. */
  readonly handovers: readonly Handover[];
  /** Set if the conversation was closed while this was its latest contact. A later contact opens it again. */
  readonly closed: { readonly by: Named; readonly at: string } | null;
  /** When the sender deleted the message in the messenger. The text is kept. */
  readonly deletedAt: string | null;
  /** Earlier texts of a message that was edited, oldest first. */
  readonly edits: readonly Edit[];
  /** The messages that it consists of, if they are several: the pictures of an album, or the pieces that ours was sent in. */
  readonly parts: readonly MessagePart[];
  /** The manager who last talked or wrote to the party. */
  readonly handledBy: Named | null;
  readonly line: LineRef | null;
  /** Further lines that the same letter reached. */
  readonly alsoOn: readonly LineRef[];
  readonly attribution: Attribution | null;
  readonly startedAt: string;
  readonly answeredAt: string | null;
  readonly endedAt: string | null;
  /** Seconds to the first human answer, or to the end if there was none. */
  readonly waitSeconds: number | null;
  /** Seconds of human talk; overlapping talks count once. */
  readonly talkSeconds: number | null;
  /** Why an outbound call was not answered. Null if it was, or while it is under way. */
  readonly result: CallResult | null;
  readonly legs: readonly Leg[];
  readonly transfers: readonly Transfer[];
  readonly recordings: readonly Recording[];
  readonly subject: string | null;
  readonly text: string | null;
  readonly attachments: readonly Attachment[];
  /** The complete letter, if `text` does not contain everything. */
  readonly html: LetterPage | null;
  readonly thread: string | null;
  readonly causedBy: string | null;
  readonly object: { readonly type: string; readonly id: string } | null;
  readonly notes: readonly Note[];
  readonly disposition: string | null;
  readonly route: RouteSummary | null;
  /** References to the interaction in each destination. Changes of it do not raise the revision. */
  readonly links: Readonly<Record<string, Link>>;
  readonly mergedInto: InteractionId | null;
  /** Set for automatic messages and faxes: no human wrote to us or called. */
  readonly automatic: Automatic | null;
  /** Why sending failed, in English; null if it did not. */
  readonly problem: string | null;
  /** The same as a code. Also null if an earlier version, which had no codes, stored the problem. */
  readonly problemReason: Reason | null;
  /** When a queued letter or message is to leave, if not at once (RFC 3339); until then it can be taken back. */
  readonly sendAt: string | null;
  /** Further telephone numbers and addresses found in the text. */
  readonly suggestions: readonly Suggestion[];
  /** Whether parts were reconstructed from a call record or snapshot instead of being seen live. */
  readonly reconstructed: boolean;
}

export type Channel = 'call' | 'email' | 'message' | 'form' | 'meeting';
export type Direction = 'inbound' | 'outbound' | 'internal';

/** States of a call; the first two are live. `missed`: an inbound call that no employee answered. */
export type CallState = 'ringing' | 'talking' | 'answered' | 'missed' | 'unanswered' | 'failed';
/** States of other contacts. A requested call is `queued`, then `sent` to the PBX, until the PBX reports it. */
export type MessageState = 'received' | 'queued' | 'sent' | 'delivered' | 'read' | 'failed';
export type InteractionState = CallState | MessageState;

/**
 * Automatic replies, bounces (RFC 3464), mailing lists and spam; of calls, faxes; of messages, notices of the service, such as a gift or
 * a changed number.
 */
export type Automatic = 'auto_reply' | 'bounce' | 'list' | 'spam' | 'fax' | 'notice';

/** Whether a call in this state has not ended yet. */
export function isLive(state: InteractionState): boolean {
  return state === 'ringing' || state === 'talking';
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** The outside party as it presented itself. */
export interface Party {
  /** E.164; null if there is no valid number (withheld, internal, malformed). */
  readonly phone: string | null;
  /** As received, without control characters. */
  readonly raw: string;
  /** An extension behind the number ("доб. 12"). */
  readonly ext: string | null;
  readonly withheld: boolean;
  readonly email: string | null;
  readonly account: AccountRef | null;
  readonly name: string | null;
}

/** A further outside recipient of the letter (To or Cc), with the owner of the address at that time. */
export interface Participant {
  readonly email: string;
  readonly name: string | null;
  readonly client: Named | null;
  readonly contact: Named | null;
}

export interface AccountRef {
  readonly kind: string;
  readonly connection: string;
  readonly id: string;
  readonly username: string | null;
}

export interface ClientRef {
  readonly id: ClientId;
  readonly name: string;
  readonly kind: ClientKind;
  readonly url: string | null;
}

export type ClientKind = 'company' | 'person';

export interface LineRef {
  readonly id: string;
  readonly label: string;
  readonly address: string;
  readonly connection: string | null;
}

export interface Attribution {
  readonly source: string | null;
  readonly medium: string | null;
  readonly campaign: string | null;
  readonly content: string | null;
  readonly term: string | null;
  readonly page: string | null;
  readonly referrer: string | null;
  readonly ids: Readonly<Record<string, string>>;
}

export type MatchOutcome = 'matched' | 'ambiguous' | 'unknown';
export type IdentifierKind = 'phone' | 'email' | 'account';

export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** The identity of the party, who decided it and when, and all candidates. */
export interface Match {
  readonly outcome: MatchOutcome;
  readonly decidedBy: 'auto' | 'human';
  readonly by: Named | null;
  readonly at: string;
  readonly candidates: readonly Candidate[];
}

/** `open`: offered to a human, who has `added` it to the client or `dismissed` it. */
export type SuggestionState = 'open' | 'added' | 'dismissed';

/** A telephone number or address found in a text. It is not used for matching until a human adds it. */
export interface Suggestion {
  readonly kind: 'phone' | 'email';
  readonly value: string;
  /** The extension behind the number. */
  readonly ext: string | null;
  readonly state: SuggestionState;
  /** The client to whom it was added. */
  readonly client: Named | null;
  /** Who added or dismissed it, and when (RFC 3339). */
  readonly by: Named | null;
  readonly at: string | null;
}

export interface Candidate {
  readonly client: Named;
  readonly contact: Named | null;
  /** `domain`: the client has other addresses at the domain. This is weak evidence and never leads to a match. */
  readonly via: { readonly kind: IdentifierKind | 'domain'; readonly value: string };
  readonly why: readonly string[];
}

/** One of our ends (in transfers, any end). `extension` is "connection/number" if there are several PBXs. */
export interface End {
  readonly manager: Named | null;
  readonly extension: string | null;
  readonly phone: string | null;
}

export type LegKind = 'extension' | 'mobile' | 'queue' | 'ivr' | 'voicemail';

/** One of our ends that the call reached; a phone that rings several times is one. `outcome` is null until it is decided. */
export interface Leg extends End {
  readonly kind: LegKind;
  readonly rangAt: string | null;
  readonly lastRangAt: string | null;
  readonly rings: number;
  /** When a human there began to talk with the party; for ivr, queue and voicemail, when it picked up. */
  readonly talkedAt: string | null;
  readonly endedAt: string | null;
  readonly outcome: LegOutcome | null;
  /** Since when the party is on hold there; null if it is not. */
  readonly heldAt: string | null;
  /** For a queue: the party's place when it joined, 1 being the next. */
  readonly position: number | null;
  /** For a queue: how the party left it. */
  readonly left: QueueLeft | null;
}

export interface Transfer {
  readonly kind: 'blind' | 'attended' | 'blonde' | 'pickup' | 'park';
  readonly from: End;
  readonly to: End;
  readonly at: string;
  readonly outcome: 'done' | 'returned' | 'failed';
}

/** The handover of a conversation from one manager to another. */
export interface Handover {
  readonly from: Named | null;
  readonly to: Named;
  readonly by: Named;
  readonly at: string;
  readonly note: string | null;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  readonly bytes: number;
  readonly url: string;
}

export interface Note {
  readonly by: Named;
  readonly at: string;
  readonly text: string;
}

export type RouteDecision = 'responsible' | 'deputy' | 'group' | 'queue' | 'default';

/** A rule that was tried, and why it did or did not apply. */
export interface TraceStep {
  readonly rule: string;
  readonly outcome: 'applied' | 'skipped' | 'noted';
  /** In English. */
  readonly why: string;
  /** The same as codes. Empty if an earlier version, which had no codes, made the decision. */
  readonly reasons: readonly Reason[];
}

/** A routing decision. `to` is an extension, several joined by `&`, or a queue; null for default. */
export interface RouteSummary {
  readonly decision: RouteDecision;
  readonly to: string | null;
  readonly trace: readonly TraceStep[];
}

export interface Link {
  readonly id: string | null;
  readonly url: string | null;
  readonly client: string | null;
  readonly deal: string | null;
}
