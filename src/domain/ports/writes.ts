import type { ApiToken, Session, User, UserChange } from '../access/access.ts';
import type { AuditEntry } from '../access/audit.ts';
import type { ClientId, EventKey, InteractionId } from '../base/ids.ts';
import type { DeviceReport } from '../call/device.ts';
import type { NumberHold } from '../call/number-hold.ts';
import type { DeliveryOutcome, SubjectKind } from '../delivery/delivery.ts';
import type { LedgerSubject, StepState } from '../delivery/ledger.ts';
import type { DeskEntry } from '../desk/desk-message.ts';
import type { Client } from '../directory/client.ts';
import type { Staff } from '../directory/manager.ts';
import type { FollowUp, Task } from '../follow-up/follow-up.ts';
import type { ContactEvent } from '../interaction/contact-event.ts';
import type {
  Attribution,
  Channel,
  Direction,
  Interaction,
  LineRef,
  Named,
  Party,
  RouteSummary,
  Suggestion,
} from '../interaction/interaction.ts';
import type { Quarantined } from '../interaction/quarantine.ts';
import type { OutboundChannel, OutboundContent, SendOutcome } from '../outbound/outbound.ts';
import type { BlobId } from './blobs.ts';

/**
 * Everything that can be written, as data: `store.apply(batch)` carries a batch out in one
 * transaction with a savepoint for each, so that one bad write can't take its neighbours along.
 */
export type Write = Act & {
  /** The lease it is written under: refused with `fenced` when somebody else has taken that since. */
  readonly fence?: Fence;
};

/** A lease and the epoch under which its holder writes. */
export interface Fence {
  readonly lease: string;
  readonly epoch: number;
}

type Act =
  /** The one way in for what happened outside: creates or changes the interaction of the event's key. */
  | { readonly op: 'contact'; readonly event: ContactEvent }
  /** Keeps a routing decision with the interaction of the call, also when it overtakes the call's first event. */
  | {
      readonly op: 'routed';
      readonly call: EventKey;
      readonly route: RouteSummary;
      readonly responsible: Named | null;
      readonly turn: { readonly group: string; readonly manager: string } | null;
      readonly at: number;
    }
  /** What an operator decides (PATCH). `ifRevision` refuses with `stale` when the interaction has moved on. */
  | {
      readonly op: 'decide';
      readonly id: InteractionId;
      readonly ifRevision: number | null;
      readonly by: Named;
      readonly decision: Decision;
      readonly at: number;
    }
  /** Something that happened elsewhere (POST /interactions). The same `key` twice gives the same interaction, whose id is that of the first. */
  | {
      readonly op: 'record';
      readonly id: InteractionId;
      readonly key: EventKey;
      readonly interaction: RecordedInteraction;
      readonly by: Named;
      readonly at: number;
    }
  /**
   * A letter or message that one of ours wrote, or a call asked for: its interaction (`queued`) and its row to be sent, in one. `answers` names the
   * interaction it replies to, which gives it its connection and thread; else `connection` says how it leaves. The same `key`
   * twice is one letter.
   */
  | {
      readonly op: 'send';
      readonly key: EventKey;
      readonly channel: OutboundChannel;
      readonly answers: InteractionId | null;
      readonly connection: string | null;
      readonly content: Omit<OutboundContent, 'replyTo'>;
      readonly by: Named;
      readonly expiresAt: number;
      readonly at: number;
    }
  /** Its connector begins to send it: committed before the first byte leaves, so that a crash is seen. */
  | { readonly op: 'sending'; readonly id: InteractionId; readonly at: number }
  /** How the attempt to send it ended. */
  | { readonly op: 'sent'; readonly id: InteractionId; readonly outcome: SendOutcome; readonly at: number }
  /** A human wants it sent (again) now: one that failed, or of which nobody knows. */
  | { readonly op: 'resend'; readonly id: InteractionId; readonly expiresAt: number; readonly at: number }
  /** Gives the conversation of a contact to another manager, with its tasks and whatever comes later. */
  | {
      readonly op: 'hand-over';
      readonly id: InteractionId;
      readonly to: string;
      readonly note: string | null;
      readonly by: Named;
      readonly at: number;
    }
  /** Says that nothing is owed any more in the conversation of a contact, until the client writes again. */
  | { readonly op: 'close'; readonly id: InteractionId; readonly by: Named; readonly at: number }
  /** What a manager does with a lead. `qualify` with a client, and `reject`, decide about everything of its party. */
  | {
      readonly op: 'lead';
      readonly id: string;
      readonly act:
        | { readonly kind: 'take' }
        | { readonly kind: 'qualify'; readonly client: ClientId | null }
        | { readonly kind: 'reject'; readonly reason: string | null };
      readonly by: Named;
      readonly at: number;
    }
  /** A task that somebody writes down. */
  | { readonly op: 'put-task'; readonly task: Task }
  /** A task that somebody says is done. */
  | { readonly op: 'task-done'; readonly id: string; readonly by: Named; readonly at: number }
  /** Creates or replaces clients, and gives them the unmatched interactions of their identifiers. */
  | { readonly op: 'put-clients'; readonly clients: readonly Client[]; readonly at: number }
  | { readonly op: 'delete-client'; readonly id: ClientId; readonly at: number }
  /** Goes on matching earlier interactions again, one batch: of numbers that more had than one write may hold up. */
  | { readonly op: 'relink'; readonly at: number }
  /** Replaces the managers and lines that names and extensions are resolved by. */
  | { readonly op: 'staff'; readonly staff: Staff; readonly at: number }
  /** The destinations that are owed from now on. `wants`: which kinds, by name; interactions alone where a name is absent. */
  | {
      readonly op: 'destinations';
      readonly names: readonly string[];
      readonly wants?: Readonly<Record<string, readonly SubjectKind[]>>;
      readonly at: number;
    }
  /** How a delivery of `revision` ended. A newer revision stays due. */
  | {
      readonly op: 'delivered';
      readonly destination: string;
      readonly kind: SubjectKind;
      readonly subject: string;
      readonly revision: number;
      readonly outcome: DeliveryOutcome;
      readonly at: number;
    }
  /** How far a remote step of a destination is; null: it is known not to have happened. */
  | {
      readonly op: 'ledger';
      readonly of: LedgerSubject;
      readonly step: string;
      readonly state: StepState | null;
      readonly remote: string | null;
      readonly at: number;
    }
  /** Keeps a secret of a CRM core, encrypted by its caller; null takes it away. */
  | { readonly op: 'vault'; readonly owner: string; readonly name: string; readonly sealed: string | null }
  /** A human wants another try now: of one row, or of all parked ones of a destination. */
  | { readonly op: 'retry-delivery'; readonly id: string; readonly at: number }
  /** A human says that letters to an address arrive again; `not_found` where it is not marked. */
  | { readonly op: 'clear-undeliverable'; readonly email: string; readonly at: number }
  /** Shows a number of a pool to a visit, or goes on doing so; `conflict` while another visit has it. */
  | { readonly op: 'hold-number'; readonly hold: NumberHold }
  /** What telephones of a connection are doing, for the instances that don't hear it from the PBX. */
  | { readonly op: 'devices'; readonly reports: readonly DeviceReport[] }
  | { readonly op: 'cursor'; readonly connection: string; readonly name: string; readonly value: string }
  /** Makes a user, or gives one a new password and role; ends the sessions opened before. */
  | { readonly op: 'put-user'; readonly user: NewUser }
  /** Changes what a user may do; `conflict` where no administrator would be left. Ends the user's sessions. */
  | { readonly op: 'change-user'; readonly login: string; readonly change: UserChange }
  /** Removes a user with the sessions; `conflict` where no administrator would be left. */
  | { readonly op: 'remove-user'; readonly login: string }
  | { readonly op: 'put-token'; readonly token: ApiToken }
  | { readonly op: 'remove-token'; readonly name: string }
  | { readonly op: 'open-session'; readonly session: NewSession }
  | { readonly op: 'close-session'; readonly tokenHash: string }
  /** Ends all sessions of a user. */
  | { readonly op: 'close-sessions'; readonly login: string }
  /** Logging in has failed once more for each of these keys. */
  | { readonly op: 'login-failed'; readonly keys: readonly string[]; readonly at: number }
  /** It went well: their failures are forgotten. */
  | { readonly op: 'login-forgiven'; readonly keys: readonly string[] }
  | { readonly op: 'audit'; readonly entry: AuditEntry }
  /** Removes up to `limit` of the oldest entries of before a moment (milliseconds since the epoch). */
  | { readonly op: 'forget-audit'; readonly before: number; readonly limit: number }
  /** That blobs which nothing referred to were taken out of their storage. */
  | { readonly op: 'blobs-removed'; readonly blobs: readonly BlobId[] }
  /** Keeps what could not be taken in; the same `connection` and `key` again is another failed attempt. */
  | { readonly op: 'quarantine'; readonly entry: Quarantined }
  /** A human wants another attempt: of one entry, or of all (null). */
  | { readonly op: 'quarantine-retry'; readonly id: string | null }
  /** Takes an entry out of quarantine: it was taken in, or a human gave it up. With `tries` only if none has failed since. */
  | { readonly op: 'quarantine-remove'; readonly id: string; readonly tries: number | null }
  /** That a recording was listened to: by whom, when. */
  | { readonly op: 'recording-heard'; readonly recording: string; readonly by: string; readonly at: number };

/** A user as it is made: enabled, and with the scope of the role by default. */
export type NewUser = Omit<User, 'scope' | 'disabled'> & Partial<Pick<User, 'scope' | 'disabled'>>;

/** A session as it is opened or lengthened. */
export type NewSession = Omit<Session, 'createdAt' | 'agent'> & Partial<Pick<Session, 'createdAt' | 'agent'>>;

/** A merge patch of what humans decide; an absent key leaves things as they are, `null` takes away. */
export interface Decision {
  readonly client?: ClientId | null;
  readonly contact?: string | null;
  /** Added to the notes. */
  readonly note?: string;
  readonly disposition?: string | null;
  readonly object?: { readonly type: string; readonly id: string } | null;
  /** What one of the suggestions is: `added` gives its identifier to the client, `open` takes that back. */
  readonly suggestion?: Pick<Suggestion, 'kind' | 'value' | 'state'>;
}

/** An interaction that a program or a human tells us of. */
export interface RecordedInteraction {
  readonly channel: Channel;
  readonly direction: Direction;
  readonly state: Interaction['state'];
  readonly party: Party;
  readonly client: ClientId | null;
  readonly manager: string | null;
  readonly line: LineRef | null;
  readonly attribution: Attribution | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly talkSeconds: number | null;
  readonly subject: string | null;
  readonly text: string | null;
}

/** An interaction as a commit left it, and the desks that are to be told. */
export interface Change {
  readonly interaction: Interaction;
  readonly desk: readonly DeskEntry[];
}

/** What became of one write of a batch. A refusal leaves nothing behind; its `path` says which part of the write it is about. */
export type WriteResult =
  | { readonly ok: true; readonly changes: readonly Change[]; readonly followUps: readonly FollowUp[] }
  | {
      readonly ok: false;
      readonly code: WriteError;
      readonly message: string;
      readonly path?: string;
      /** What failed within the store, for the log alone: it may be of the database's own words. */
      readonly cause?: string;
    };

/** Why a write was refused: `stale` (If-Match), `not_found`, `conflict` (the state forbids it), `invalid`, `fenced` (its lease is another's), `too_many` (later it may be done). */
export type WriteError = 'fenced' | 'stale' | 'not_found' | 'conflict' | 'invalid' | 'too_many';
