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

/** What happened outside. */
export type ContactWrite =
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
    };

/** What people decide, do and write down. */
export type DecisionWrite =
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
  /** A task that somebody writes down. */
  | { readonly op: 'put-task'; readonly task: Task }
  /** A task that somebody says is done. */
  | { readonly op: 'task-done'; readonly id: string; readonly by: Named; readonly at: number };

/** What is to be sent, and the steps of sending it. */
export type OutboundWrite =
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
  | { readonly op: 'begin-sending'; readonly id: InteractionId; readonly at: number }
  /** How the attempt to send it ended. */
  | { readonly op: 'end-sending'; readonly id: InteractionId; readonly outcome: SendOutcome; readonly at: number }
  /** A human wants it sent (again) now: one that failed, or of which nobody knows. */
  | { readonly op: 'resend'; readonly id: InteractionId; readonly expiresAt: number; readonly at: number };

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
