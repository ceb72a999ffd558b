import type { ClientId, EventKey, InteractionId } from '../base/ids.ts';
import type { AskedLine } from '../call/asked-line.ts';
import type { CallCommand } from '../call/call-command.ts';
import type { ExtensionPlace } from '../directory/extension-place.ts';
import type { Task } from '../follow-up/follow-up.ts';
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
import type { KnownStep } from '../outbound/call-request.ts';
import type { OutboundChannel, OutboundContent, SendOutcome } from '../outbound/outbound.ts';

/** Events from outside. */
export type ContactWrite =
  /** Stores an event: creates or updates the interaction that its key refers to. */
  | { readonly op: 'contact'; readonly event: ContactEvent }
  /** Stores a routing decision with the call's interaction, even if it arrives before the call's first event. */
  | {
      readonly op: 'routed';
      readonly call: EventKey;
      readonly route: RouteSummary;
      readonly responsible: Named | null;
      readonly turn: { readonly group: string; readonly manager: string } | null;
      /** The configured line that was asked for; absent or null: none. */
      readonly line?: AskedLine | null;
      readonly at: number;
    };

/** Decisions and actions of people. */
export type DecisionWrite =
  /**
   * Applies an operator's decision (PATCH). With `ifRevision`, it is refused as `stale` if the interaction has
   * changed since.
   */
  | {
      readonly op: 'decide';
      readonly id: InteractionId;
      readonly ifRevision: number | null;
      readonly by: Named;
      readonly decision: Decision;
      readonly at: number;
    }
  /**
   * Records a contact that happened elsewhere (POST /interactions). Repeating a `key` returns the first interaction
   * with its id.
   */
  | {
      readonly op: 'record';
      readonly id: InteractionId;
      readonly key: EventKey;
      readonly interaction: RecordedInteraction;
      readonly by: Named;
      readonly at: number;
    }
  /** A manager's action on a lead. `reject`, and `qualify` with a client, apply to all contacts of its party. */
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
  /** Hands the conversation of a contact over to another manager, with its tasks and later contacts. */
  | {
      readonly op: 'hand-over';
      readonly id: InteractionId;
      readonly to: string;
      readonly note: string | null;
      readonly by: Named;
      readonly at: number;
    }
  /** Closes the conversation of a contact: nothing is left to do until the client writes again. */
  | { readonly op: 'close'; readonly id: InteractionId; readonly by: Named; readonly at: number }
  /** Stores a task that somebody wrote down. */
  | { readonly op: 'put-task'; readonly task: Task }
  /** Gives a task that was not done in time to another manager. Refused if it is done, or was passed on before. */
  | { readonly op: 'escalate-task'; readonly id: string; readonly to: Named; readonly at: number }
  /** Marks a task as done. */
  | { readonly op: 'task-done'; readonly id: string; readonly by: Named; readonly at: number };

/** Outbound messages and the steps of sending them. */
export type OutboundWrite =
  /**
   * Creates an interaction (`queued`) and a row in the outbound queue, for a letter or message, or for a requested
   * call. `answers` is the interaction it replies to, which determines connection and thread; otherwise `connection`
   * says how it is sent. Repeating a `key` does not create a second one.
   */
  | {
      readonly op: 'send';
      readonly key: EventKey;
      readonly channel: OutboundChannel;
      readonly answers: InteractionId | null;
      readonly connection: string | null;
      readonly content: Omit<OutboundContent, 'replyTo'>;
      readonly by: Named;
      /** When it is to leave, in milliseconds since the epoch; absent: at once. */
      readonly sendAt?: number;
      /** A step of a destination's ledger that is done already, because the other side asked for it. */
      readonly known?: KnownStep & { readonly destination: string };
      readonly expiresAt: number;
      readonly at: number;
    }
  /** Takes back what has not begun to leave. Refused afterwards. */
  | { readonly op: 'take-back'; readonly id: InteractionId; readonly by: Named; readonly at: number }
  /** Sends at once what was to leave later. */
  | { readonly op: 'send-now'; readonly id: InteractionId; readonly expiresAt: number; readonly at: number }
  /** Its connector begins to send it. Committed before the first byte is sent, so that a crash can be noticed. */
  | { readonly op: 'begin-sending'; readonly id: InteractionId; readonly at: number }
  /** Records how an attempt to send it ended. */
  | { readonly op: 'end-sending'; readonly id: InteractionId; readonly outcome: SendOutcome; readonly at: number }
  /**
   * Queues a command to a call under way. Refused if the call has ended. `to` and `own` are all extensions of the colleague and the
   * requester; the first on the PBX of the call is used.
   */
  | {
      readonly op: 'command';
      readonly id: InteractionId;
      readonly command: Omit<CallCommand, 'call' | 'to' | 'extension'>;
      readonly to: readonly ExtensionPlace[] | null;
      readonly own: readonly ExtensionPlace[] | null;
      /** The decision that a `pass_on` follows; absent if the requester chose the colleague. */
      readonly route?: RouteSummary;
      readonly manager: string;
      readonly expiresAt: number;
      readonly at: number;
    }
  /** Queues it again at a person's request, after it failed or its outcome was uncertain. */
  | { readonly op: 'resend'; readonly id: InteractionId; readonly expiresAt: number; readonly at: number };

/** A merge patch of what people decide. Absent keys change nothing; `null` removes a value. */
export interface Decision {
  readonly client?: ClientId | null;
  readonly contact?: string | null;
  /** Appended to the notes. */
  readonly note?: string;
  readonly disposition?: string | null;
  readonly object?: { readonly type: string; readonly id: string } | null;
  /** Decides about a suggestion: `added` assigns its identifier to the client, `open` withdraws that. */
  readonly suggestion?: Pick<Suggestion, 'kind' | 'value' | 'state'>;
}

/** A contact reported by a program or a person. */
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
