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
  /** Whom a conversation was handed over to: who answers it from then on, whoever is responsible for the client. */
  readonly assignee: Named | null;
  /** Who handed the conversation over to whom while this was its latest contact. */
  readonly handovers: readonly Handover[];
  /** Who said of the conversation, this being its latest contact, that it is over; a later contact opens it again. */
  readonly closed: { readonly by: Named; readonly at: string } | null;
  /** When its writer deleted the message in the messenger; what it said stays here. */
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
  /** The whole letter to look at, where `text` is not all of it. */
  readonly html: LetterPage | null;
  readonly thread: string | null;
  readonly causedBy: string | null;
  readonly object: { readonly type: string; readonly id: string } | null;
  readonly notes: readonly Note[];
  readonly disposition: string | null;
  readonly route: RouteSummary | null;
  /** What each destination answered: where the interaction lives there. Does not raise the revision. */
  readonly links: Readonly<Record<string, Link>>;
  readonly mergedInto: InteractionId | null;
  /** Where a machine wrote it, or nobody wants to hear it: what it is. */
  readonly automatic: Automatic | null;
  /** Why sending failed, in English; null where nothing did. */
  readonly problem: string | null;
  /** The same as a code. Null also where an earlier version, which had no codes, wrote the problem down. */
  readonly problemReason: Reason | null;
  /** Further telephones and addresses of the party, as they stand in what was written: see {@link Suggestion}. */
  readonly suggestions: readonly Suggestion[];
  /** True where a part was not seen live but worked out from a call record or a snapshot. */
  readonly reconstructed: boolean;
}

export type Channel = 'call' | 'email' | 'message' | 'form' | 'meeting';
export type Direction = 'inbound' | 'outbound' | 'internal';

/** States of a call; the first two are live. `missed`: inbound and no human of ours spoke. */
export type CallState = 'ringing' | 'talking' | 'answered' | 'missed' | 'unanswered' | 'failed';
/** States of everything that is not a call; of a call that was asked for and is not seen yet: `queued`, then `sent` to the PBX. */
export type MessageState = 'received' | 'queued' | 'sent' | 'delivered' | 'read' | 'failed';
export type InteractionState = CallState | MessageState;

/** Letters and messages that no human wrote to us: an out-of-office note, a bounce (RFC 3464), a mailing list, spam. */
export type Automatic = 'auto_reply' | 'bounce' | 'list' | 'spam';

/** Whether a state is one that will still change by itself. */
export function isLive(state: InteractionState): boolean {
  return state === 'ringing' || state === 'talking';
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** The outside end as it presented itself. */
export interface Party {
  /** E.164, or null where the number is none (withheld, internal, rubbish). */
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

/** Somebody outside who has the letter too, in To or Cc, and whose address it was when the letter came. */
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

/** Whom the party is, by whom and when that was decided, and everybody who came into question. */
export interface Match {
  readonly outcome: MatchOutcome;
  readonly decidedBy: 'auto' | 'human';
  readonly by: Named | null;
  readonly at: string;
  readonly candidates: readonly Candidate[];
}

/** `open`: offered. `added`: a human gave it to the client. `dismissed`: it is nobody's worth keeping. */
export type SuggestionState = 'open' | 'added' | 'dismissed';

/** A telephone number or address that stands in what was written: offered to a human, and nobody is matched by it before. */
export interface Suggestion {
  readonly kind: 'phone' | 'email';
  readonly value: string;
  /** The extension that stands behind a number. */
  readonly ext: string | null;
  readonly state: SuggestionState;
  /** Whom it was added to. */
  readonly client: Named | null;
  /** Who added or dismissed it, and when (RFC 3339). */
  readonly by: Named | null;
  readonly at: string | null;
}

export interface Candidate {
  readonly client: Named;
  readonly contact: Named | null;
  /** `domain`: only the address's domain is known of the client. Weak: such a candidate never makes a match. */
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
  /** When a human there began to talk with the party (for ivr, queue, voicemail: when it picked up). */
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
  /** Index into `legs` of whom it records, or null for the whole call. */
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

/** A letter as its writer sees it, made safe. */
export interface LetterPage {
  readonly url: string;
  /** Whether the letter has a look of its own; else it is text whose quoted history is folded away. */
  readonly styled: boolean;
  /** Whether it has pictures on other servers: they are shown by `?images=1` only. */
  readonly remoteImages: boolean;
}

export interface Note {
  readonly by: Named;
  readonly at: string;
  readonly text: string;
}

export type RouteDecision = 'responsible' | 'deputy' | 'group' | 'queue' | 'default';

/** One rule that was looked at, and why it did or did not apply. */
export interface TraceStep {
  readonly rule: string;
  readonly outcome: 'applied' | 'skipped' | 'noted';
  /** In English. */
  readonly why: string;
  /** The same as codes; empty where an earlier version, which had no codes, made the decision. */
  readonly reasons: readonly Reason[];
}

/** The decision where a contact went. `to` is what was rung: an extension, several joined by `&`, a queue; null for default. */
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
