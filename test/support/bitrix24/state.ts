import type { Fields } from './values.ts';

/** An employee. */
export interface PortalUser {
  readonly id: number;
  readonly name: string;
  readonly lastName?: string;
  readonly email?: string;
  /** `UF_PHONE_INNER`. */
  readonly extension?: string;
  readonly mobile?: string;
  readonly active?: boolean;
  readonly admin?: boolean;
  /** False: has no right «Call Statistics – View». */
  readonly seesStatistics?: boolean;
  /** `TIMEMAN_STATUS` of the working day. */
  readonly workday?: 'OPENED' | 'CLOSED' | 'PAUSED' | 'EXPIRED' | 'UNAVAILABLE' | 'NOT_INSTALLED';
}

/** The kinds of CRM cards. */
export type CardKind = 'LEAD' | 'DEAL' | 'CONTACT' | 'COMPANY';

/** A CRM card that something points to. */
export interface CardLink {
  readonly kind: CardKind;
  readonly id: number;
}

/** A call that was registered. */
export interface PortalCall {
  readonly id: string;
  readonly externalId: string | null;
  readonly userId: number;
  readonly phone: string;
  readonly type: number;
  readonly line: string | null;
  readonly startedAt: string;
  readonly registeredAt: number;
  readonly source: string;
  readonly card: CardLink | null;
  readonly created: readonly CardLink[];
  readonly callListId: number | null;
  /** Portal users who see the call card now. */
  readonly shownTo: Set<number>;
  /** Everybody who has seen the card. */
  readonly everShownTo: Set<number>;
  isFinished: boolean;
}

/** A row of the call statistics. */
export interface StatisticsRow {
  readonly id: number;
  readonly callId: string;
  readonly externalCallId: string | null;
  readonly userId: number;
  readonly phone: string;
  readonly line: string | null;
  readonly type: number;
  readonly duration: number;
  readonly startedAt: string;
  readonly status: 0 | 1;
  readonly code: string;
  readonly reason: string;
  readonly vote: number | null;
  readonly cost: number;
  readonly currency: string;
  readonly card: CardLink | null;
  readonly source: string;
  activityId: number | null;
  recordFileId: number | null;
  transcriptId: number | null;
}

/** The sound attached to a call. */
export interface PortalRecord {
  readonly id: number;
  readonly callId: string;
  readonly name: string;
  readonly bytes: Buffer;
}

/** An utterance of a call's transcript. */
export interface Utterance {
  readonly side: 'User' | 'Client';
  readonly start: number;
  readonly stop: number;
  readonly text: string;
}

/** A deal, letter, call … in a card's timeline. Its fields are those of `crm.activity.*`. */
export interface Activity {
  readonly id: number;
  fields: Record<string, unknown>;
  readonly bindings: CardLink[];
}

/** A comment in a card's timeline. */
export interface TimelineComment {
  readonly id: number;
  /** The cards that it stands on. */
  readonly bindings: CardLink[];
  text: string;
  files: readonly { readonly name: string; readonly bytes: Buffer }[];
  readonly authorId: number;
  readonly createdAt: string;
}

/** Attribution of cards in the portal's own analytics. */
export interface Trace {
  readonly id: number;
  readonly trace: unknown;
  readonly cards: readonly CardLink[];
}

/** A list of numbers to call. */
export interface CallList {
  readonly id: number;
  readonly kind: 'CONTACT' | 'COMPANY';
  readonly createdBy: number;
  readonly createdAt: string;
  webform: number | null;
  /** Statuses by contact or company. */
  readonly items: Map<number, string>;
  /** The last finished call (`CALL_ID`) of each of them. */
  readonly calls: Map<number, string>;
}

/** A handler of an event. */
export interface BoundEvent {
  readonly id: number;
  readonly event: string;
  /** Empty for an offline event. */
  readonly handler: string;
  readonly isOffline: boolean;
  readonly userId: number | null;
  readonly connector: string;
  readonly app: string;
}

/** An event in the offline queue. */
export interface OfflineEvent {
  readonly id: number;
  readonly event: string;
  readonly app: string;
  readonly connector: string;
  readonly messageId: string;
  at: number;
  data: Fields;
  processId: string | null;
  isFailed: boolean;
}

/** A handler inside the portal's pages. */
export interface Placement {
  readonly place: string;
  readonly handler: string;
  readonly title: string;
  readonly app: string;
  readonly options: Fields;
}

/** An external line of an application. */
export interface ExternalLine {
  readonly id: number;
  readonly number: string;
  name: string;
  autoCreate: boolean;
  readonly source: string;
}

/** A messenger of ours in the Open Lines. */
export interface Connector {
  readonly id: string;
  readonly name: string;
  /** The page with its settings. */
  readonly handler: string;
  readonly fields: Fields;
  readonly app: string;
  /** The lines on which it is active, with the data set for each. */
  readonly lines: Map<number, Fields>;
}

/** A message in an Open Lines chat. */
export interface ChatMessage {
  readonly id: number;
  readonly from: 'client' | 'operator' | 'system';
  /** The user who is shown as its author; null for the client and the system. */
  readonly userId: number | null;
  /** The id in the outside messenger; filled in on delivery for an operator's message. */
  externalIds: readonly string[];
  text: string;
  readonly files: readonly string[];
  /** The files of a client's message that the portal has fetched. */
  readonly fetched: readonly { readonly name: string; readonly content: string }[];
  readonly at: number;
  status: 'sent' | 'delivered' | 'read' | 'deleted';
}

/** A chat of the Open Lines. */
export interface Chat {
  readonly id: number;
  readonly sessionId: number;
  readonly connector: string;
  readonly line: number;
  readonly externalId: string;
  client: Fields;
  name: string;
  readonly messages: ChatMessage[];
}

/** What the portal holds, as its users would see it. */
export class PortalState {
  readonly users = new Map<number, PortalUser>();
  readonly calls = new Map<string, PortalCall>();
  /** Finished calls, by call id. */
  readonly statistics = new Map<string, StatisticsRow>();
  /** By call id. */
  readonly records = new Map<string, PortalRecord>();
  readonly transcripts = new Map<string, readonly Utterance[]>();
  /** Files of activities, and records, by file id. */
  readonly files = new Map<number, { readonly name: string; readonly bytes: Buffer }>();
  readonly activities = new Map<number, Activity>();
  readonly comments = new Map<number, TimelineComment>();
  readonly traces: Trace[] = [];
  readonly callLists = new Map<number, CallList>();
  readonly bound: BoundEvent[] = [];
  readonly offline: OfflineEvent[] = [];
  readonly placements: Placement[] = [];
  readonly lines = new Map<string, ExternalLine>();
  readonly connectors = new Map<string, Connector>();
  readonly chats = new Map<number, Chat>();
  /** Names of the open lines by id. */
  readonly openLines = new Map<number, string>();
  /** Call ids whose message was added to an employee's chat. */
  readonly chatNotices: { readonly callId: string; readonly userId: number }[] = [];
  /** Letters that the portal has sent to clients. A recorder of letters must leave it empty. */
  readonly sentLetters: { readonly activityId: number; readonly to: readonly string[] }[] = [];
  /** What a caller sent that the documentation does not know, as `method: complaint`. */
  readonly complaints: string[] = [];
  /** How often each method was called, in batches too. */
  readonly counts = new Map<string, number>();
  /** Online events that were posted, with the HTTP status of the handler; 0 if it could not be reached. */
  readonly posted: { readonly event: string; readonly handler: string; readonly status: number }[] = [];
}
