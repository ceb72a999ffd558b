import { type EventKey, eventKey, type InteractionId } from '../base/ids.ts';
import type { Reason } from '../base/reason.ts';
import type { AccountRef, Interaction } from '../interaction/interaction.ts';
import type { FailedAddress } from '../written/undeliverable.ts';
import type { WrittenAttachment } from '../written/written-contact.ts';

/** How far a letter or message of ours has come on its way out. */
export type OutboundState =
  /** To be sent at `nextAt`. */
  | 'due'
  /** Its connector began to send it: found so at a start, nobody knows whether it went out. */
  | 'sending'
  /** The outside took it. */
  | 'done'
  /** Refused, expired or given up. */
  | 'failed'
  /** A crash fell between the sending and its answer, and the service could not tell: a human decides. */
  | 'uncertain';

/** What can be asked for: a letter, a message, or a call between one of ours and somebody outside. */
export type OutboundChannel = 'email' | 'message' | 'call';

/** A letter or message that one of ours wrote, or a call asked for, stored before anything is sent; its id is its interaction's. */
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
 * What we ourselves call something we send. Known before it leaves: a connector that meets its own letter again (in a Sent
 * folder, in an echo) adds it to the aliases, so that the two are one, whichever is seen first.
 */
export function outboundKey(id: InteractionId): EventKey {
  return eventKey('outbound', id);
}

/** What is to be sent. */
export interface OutboundContent {
  /** Id of the manager who wrote it. */
  readonly manager: string;
  /** Of a call: the manager's extension, as the PBX knows it, which rings first. */
  readonly extension?: string;
  /** Of a call that a visitor of a site asked for: ids of the managers who were rung for it before and did not take it. */
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
  /** A program wrote it, not a human: it is marked as such, ends nobody's waiting, and answers nothing that no human wrote. */
  readonly automatic?: true;
  /** The line it leaves by, where one was chosen. */
  readonly line: string | null;
  /** The handle that the connector gave with what is answered; null for a new conversation. */
  readonly replyTo: Readonly<Record<string, string>> | null;
}

/** How one attempt to send ended. */
export type SendOutcome =
  /** Taken. `keys`: what the outside calls it, so that its reports and answers find it. `handle`: as with what comes in. */
  | {
      readonly kind: 'sent';
      readonly keys: readonly EventKey[];
      readonly handle: Readonly<Record<string, string>> | null;
      readonly state: 'sent' | 'delivered' | 'read';
    }
  /** Not taken, and may be later: at the earliest after `after` milliseconds. */
  | { readonly kind: 'retry'; readonly reason: Reason; readonly after: number | null }
  /** Refused for good. `undeliverable`: the address proved dead. */
  | { readonly kind: 'failed'; readonly reason: Reason; readonly undeliverable?: FailedAddress }
  /** Nobody knows whether it went out, and the service doesn't recognise a repeat. */
  | { readonly kind: 'uncertain'; readonly reason: Reason };

/**
 * Whether what was to be sent is known to have gone out, whatever its sender could tell: its copy or a report has been seen, or
 * the call itself.
 */
export function hasLeft({
  state,
  legs = [],
}: Pick<Interaction, 'state'> & Partial<Pick<Interaction, 'legs'>>): boolean {
  return state === 'sent' || state === 'delivered' || state === 'read' || legs.length > 0;
}
