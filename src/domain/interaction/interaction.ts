import type { ClientId, InteractionId } from '../base/ids.ts';
import type { Reason } from '../base/reason.ts';

/**
 * The interaction as every other program sees it: the outer contract of DESIGN.md.
 * Keys are always present, what is unknown is `null`, times are RFC 3339 UTC with milliseconds,
 * durations are rounded seconds.
 */
export interface Interaction {
  readonly id: InteractionId;
  /** Grows by one with each change; a receiver keeps the highest. */
  readonly revision: number;
  readonly channel: Channel;
  readonly direction: Direction;
  readonly state: InteractionState;
  readonly party: Party;
  readonly client: ClientRef | null;
  readonly contact: Named | null;
  /** Further outside addresses that a letter names as its recipients: see {@link Participant}. */
  readonly participants: readonly Participant[];
  readonly match: Match;
  /** The client's responsible manager at the time of routing. */
  readonly responsible: Named | null;
  /** The manager to whom the conversation was handed over, who answers it from then on instead of the responsible manager. */
  readonly assignee: Named | null;
  /** Who handed the conversation over to whom while this was its latest contact. */
  readonly handovers: readonly Handover[];
  /** Who closed the conversation while this was its latest contact; a later contact opens it again. */
  readonly closed: { readonly by: Named; readonly at: string } | null;
  /** When its writer deleted the message in the messenger; we keep its text. */
  readonly deletedAt: string | null;
  /** The manager who last talked or wrote. */
  readonly handledBy: Named | null;
  readonly line: LineRef | null;
  /** Further lines of ours that the same letter reached. */
  readonly alsoOn: readonly LineRef[];
  readonly attribution: Attribution | null;
  readonly startedAt: string;
  readonly answeredAt: string | null;
  readonly endedAt: string | null;
  /** Seconds to the first human answer, else to the end. */
  readonly waitSeconds: number | null;
  /** Seconds of human talk; overlapping talks count once. */
  readonly talkSeconds: number | null;
  readonly legs: readonly Leg[];
  readonly transfers: readonly Transfer[];
  readonly recordings: readonly Recording[];
  readonly subject: string | null;
  readonly text: string | null;
  readonly attachments: readonly Attachment[];
  /** The whole letter, if `text` is not all of it. */
  readonly html: LetterPage | null;
  readonly thread: string | null;
  readonly causedBy: string | null;
  readonly object: { readonly type: string; readonly id: string } | null;
  readonly notes: readonly Note[];
  readonly disposition: string | null;
  readonly route: RouteSummary | null;
  /** By destination: the interaction's place there, as the destination answered. Does not raise the revision. */
  readonly links: Readonly<Record<string, Link>>;
  readonly mergedInto: InteractionId | null;
  /** The kind of message that no human wrote to us; null for all others. */
  readonly automatic: Automatic | null;
  /** Why sending failed, in English; null where nothing did. */
  readonly problem: string | null;
  /** The same as a code. Null also where an earlier version, which had no codes, wrote the problem down. */
  readonly problemReason: Reason | null;
  /** Further telephones and addresses of the party, found in the text: see {@link Suggestion}. */
  readonly suggestions: readonly Suggestion[];
  /** Whether a part was reconstructed from a call record or a snapshot instead of seen live. */
  readonly reconstructed: boolean;
}

export type Channel = 'call' | 'email' | 'message' | 'form' | 'meeting';
export type Direction = 'inbound' | 'outbound' | 'internal';

/** States of a call; the first two are live. `missed`: inbound and no human of ours spoke. */
export type CallState = 'ringing' | 'talking' | 'answered' | 'missed' | 'unanswered' | 'failed';
/** States of everything that is not a call. A requested call is `queued`, then `sent` to the PBX, until it is seen. */
export type MessageState = 'received' | 'queued' | 'sent' | 'delivered' | 'read' | 'failed';
export type InteractionState = CallState | MessageState;

/** Letters and messages that no human wrote to us: automatic replies, bounces (RFC 3464), mailing lists, spam. */
export type Automatic = 'auto_reply' | 'bounce' | 'list' | 'spam';

/** Whether a state will still change by itself. */
export function isLive(state: InteractionState): boolean {
  return state === 'ringing' || state === 'talking';
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** The outside end as it presented itself. */
export interface Party {
  /** E.164; null if there is no valid number (withheld, internal, malformed). */
  readonly phone: string | null;
  /** Exactly as it came, cleaned of control characters. */
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

/** Who the party is, who decided that and when, and all candidates. */
export interface Match {
  readonly outcome: MatchOutcome;
  readonly decidedBy: 'auto' | 'human';
  readonly by: Named | null;
  readonly at: string;
  readonly candidates: readonly Candidate[];
}

/** `open`: offered. `added`: a human added it to the client. `dismissed`: a human refused it. */
export type SuggestionState = 'open' | 'added' | 'dismissed';

/** A telephone number or address found in a text. It is offered to a human and never used for matching before that. */
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
  /** `domain`: the client has other addresses at the domain. Weak evidence: it never makes a match. */
  readonly via: { readonly kind: IdentifierKind | 'domain'; readonly value: string };
  readonly why: readonly string[];
}

/** An end of ours (or, on a transfer, any end). `extension` is "connection/number" once there are several PBXs. */
export interface End {
  readonly manager: Named | null;
  readonly extension: string | null;
  readonly phone: string | null;
}

export type LegKind = 'extension' | 'mobile' | 'queue' | 'ivr' | 'voicemail';
export type LegOutcome =
  | 'answered'
  | 'elsewhere'
  | 'no_answer'
  | 'busy'
  | 'rejected'
  | 'unavailable'
  | 'cancelled'
  | 'failed';

/** One end of ours that the call reached. `outcome` is null while it is undecided. */
export interface Leg extends End {
  readonly kind: LegKind;
  readonly rangAt: string | null;
  /** When a human there began to talk with the party; for ivr, queue and voicemail, when it picked up. */
  readonly talkedAt: string | null;
  readonly endedAt: string | null;
  readonly outcome: LegOutcome | null;
}

export interface Transfer {
  readonly kind: 'blind' | 'attended' | 'blonde' | 'pickup' | 'park';
  readonly from: End;
  readonly to: End;
  readonly at: string;
  readonly outcome: 'done' | 'returned' | 'failed';
}

/** A conversation that passed from one manager to another. */
export interface Handover {
  readonly from: Named | null;
  readonly to: Named;
  readonly by: Named;
  readonly at: string;
  readonly note: string | null;
}

export interface Recording {
  readonly id: string;
  /** Index into `legs`, or null for the whole call. */
  readonly leg: number | null;
  readonly kind: 'call' | 'voicemail';
  readonly state: 'pending' | 'ready' | 'missing' | 'erased';
  readonly startedAt: string;
  readonly seconds: number | null;
  readonly mime: string | null;
  readonly bytes: number | null;
  readonly url: string | null;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  readonly bytes: number;
  readonly url: string;
}

/** A letter as its writer sees it, sanitised. */
export interface LetterPage {
  readonly url: string;
  /** Whether the letter has its own formatting; else it is text whose quoted history is folded. */
  readonly styled: boolean;
  /** Whether it has pictures on other servers, which `?images=1` shows. */
  readonly remoteImages: boolean;
}

export interface Note {
  readonly by: Named;
  readonly at: string;
  readonly text: string;
}

export type RouteDecision = 'responsible' | 'deputy' | 'group' | 'queue' | 'default';

/** One rule that was tried, and why it did or did not apply. */
export interface TraceStep {
  readonly rule: string;
  readonly outcome: 'applied' | 'skipped' | 'noted';
  /** In English. */
  readonly why: string;
  /** The same as codes; empty where an earlier version, which had no codes, made the decision. */
  readonly reasons: readonly Reason[];
}

/** A routing decision. `to` is what was rung: an extension, several joined by `&`, a queue; null for default. */
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
