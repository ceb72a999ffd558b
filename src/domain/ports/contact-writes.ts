import type { ClientId, EventKey, InteractionId } from '../base/ids.ts';
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
import type { OutboundChannel, OutboundContent, SendOutcome } from '../outbound/outbound.ts';

/** Events from outside. */
export type ContactWrite =
  /** Creates or changes the interaction of the event's key. All outside events come in this way. */
  | { readonly op: 'contact'; readonly event: ContactEvent }
  /** Keeps a routing decision with the call's interaction, even if it comes before the call's first event. */
  | {
      readonly op: 'routed';
      readonly call: EventKey;
      readonly route: RouteSummary;
      readonly responsible: Named | null;
      readonly turn: { readonly group: string; readonly manager: string } | null;
      readonly at: number;
    };

/** Decisions and actions of people. */
export type DecisionWrite =
  /** An operator's decision (PATCH). `ifRevision` refuses with `stale` if the interaction has changed since. */
  | {
      readonly op: 'decide';
      readonly id: InteractionId;
      readonly ifRevision: number | null;
      readonly by: Named;
      readonly decision: Decision;
      readonly at: number;
    }
  /** A contact that happened elsewhere (POST /interactions). The same `key` again gives the same interaction. */
  | {
      readonly op: 'record';
      readonly id: InteractionId;
      readonly key: EventKey;
      readonly interaction: RecordedInteraction;
      readonly by: Named;
      readonly at: number;
    }
  /** A manager's action on a lead. `qualify` with a client, and `reject`, apply to all contacts of its party. */
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
  /** Closes the conversation of a contact until the client writes again. */
  | { readonly op: 'close'; readonly id: InteractionId; readonly by: Named; readonly at: number }
  /** A task entered by a human or program. */
  | { readonly op: 'put-task'; readonly task: Task }
  /** A task is marked as done. */
  | { readonly op: 'task-done'; readonly id: string; readonly by: Named; readonly at: number };

/** Outbound contacts and the steps of sending them. */
export type OutboundWrite =
  /**
   * A letter, message or call request: its interaction (`queued`) and its outbound row in one write. `answers` names the interaction it
   * replies to, which determines connection and thread; else `connection` does. The same `key` again is the same contact.
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
  /** Its connector begins to send it. Committed before the first byte leaves, so that a crash is noticed. */
  | { readonly op: 'begin-sending'; readonly id: InteractionId; readonly at: number }
  /** How the attempt to send it ended. */
  | { readonly op: 'end-sending'; readonly id: InteractionId; readonly outcome: SendOutcome; readonly at: number }
  /** A human wants a failed or uncertain contact to be sent again. */
  | { readonly op: 'resend'; readonly id: InteractionId; readonly expiresAt: number; readonly at: number };

/** A merge patch of human decisions; an absent key changes nothing, `null` removes. */
export interface Decision {
  readonly client?: ClientId | null;
  readonly contact?: string | null;
  /** Added to the notes. */
  readonly note?: string;
  readonly disposition?: string | null;
  readonly object?: { readonly type: string; readonly id: string } | null;
  /** The decision about a suggestion: `added` gives its identifier to the client, `open` undoes that. */
  readonly suggestion?: Pick<Suggestion, 'kind' | 'value' | 'state'>;
}

/** An interaction that a program or a human reports. */
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
