import { type EventKey, eventKey, type InteractionId } from '../base/ids.ts';
import type { Reason } from '../base/reason.ts';
import type { AccountRef, Interaction } from '../interaction/interaction.ts';
import type { FailedAddress } from '../written/undeliverable.ts';
import type { WrittenAttachment } from '../written/written-contact.ts';

/** The state of a letter or message of ours on its way out. */
export type OutboundState =
  /** To be sent at `nextAt`. */
  | 'due'
  /** Its connector is sending it. If the program finds this state at a start, it is unknown whether it went out. */
  | 'sending'
  /** The service accepted it. */
  | 'done'
  /** Refused, expired or given up. */
  | 'failed'
  /** The sending broke off and the service cannot tell whether it arrived: a human decides. */
  | 'uncertain';

/** What can be requested: a letter, a message, or a call between a manager and an outside party. */
export type OutboundChannel = 'email' | 'message' | 'call';

/** A letter, message or call request, stored before anything is sent. It has the id of its interaction. */
export interface Outbound {
  readonly id: InteractionId;
  readonly connection: string;
  readonly channel: OutboundChannel;
  readonly state: OutboundState;
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly nextAt: number;
  /** Not sent after this: an answer that comes a day late is worse than none. */
  readonly expiresAt: number;
  readonly content: OutboundContent;
}

/**
 * Our own key of an outbound contact, known before it leaves. A connector that sees the contact again (in a Sent folder, in an echo)
 * adds this key to the aliases, so that both are one interaction.
 */
export function outboundKey(id: InteractionId): EventKey {
  return eventKey('outbound', id);
}

/** What is to be sent. */
export interface OutboundContent {
  /** Id of the manager who wrote it. */
  readonly manager: string;
  /** For a call: the manager's extension, which rings first. */
  readonly extension?: string;
  /** For a call that a website visitor requested: ids of the managers who were rung before and did not answer. */
  readonly callBack?: { readonly tried: readonly string[] };
  readonly to: {
    readonly email: string | null;
    readonly phone: string | null;
    readonly account: AccountRef | null;
    readonly name: string | null;
  };
  readonly subject: string | null;
  readonly text: string;
  readonly attachments: readonly WrittenAttachment[];
  /** A program wrote it. It is marked as automatic, does not count as an answer, and never answers automatic messages. */
  readonly automatic?: true;
  /** The line it leaves by, if one was chosen. */
  readonly line: string | null;
  /** The connector's handle of the contact that is answered; null for a new conversation. */
  readonly replyTo: Readonly<Record<string, string>> | null;
}

/** How one attempt to send ended. */
export type SendOutcome =
  /** Accepted. `keys`: the service's names of it, by which reports and answers find it. `handle`: as for inbound contacts. */
  | {
      readonly kind: 'sent';
      readonly keys: readonly EventKey[];
      readonly handle: Readonly<Record<string, string>> | null;
      readonly state: 'sent' | 'delivered' | 'read';
    }
  /** Not accepted; to be retried after `after` milliseconds at the earliest. */
  | { readonly kind: 'retry'; readonly reason: Reason; readonly after: number | null }
  /** Refused for good. `undeliverable`: the address proved dead. */
  | { readonly kind: 'failed'; readonly reason: Reason; readonly undeliverable?: FailedAddress }
  /** It is unknown whether it went out, and the service does not recognise a repeat. */
  | { readonly kind: 'uncertain'; readonly reason: Reason };

/**
 * Whether an outbound contact is known to have gone out, whatever its sender reported: its copy, a report, or the call itself has been
 * seen.
 */
export function hasLeft({
  state,
  legs = [],
}: Pick<Interaction, 'state'> & Partial<Pick<Interaction, 'legs'>>): boolean {
  return state === 'sent' || state === 'delivered' || state === 'read' || legs.length > 0;
}
