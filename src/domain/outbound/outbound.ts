import { type EventKey, eventKey, type InteractionId } from '../base/ids.ts';
import type { Reason } from '../base/reason.ts';
import type { QueuedCommand } from '../call/call-command.ts';
import type { AccountRef, Interaction } from '../interaction/interaction.ts';
import type { EarlierLetter } from '../written/earlier-letter.ts';
import type { FailedAddress } from '../written/undeliverable.ts';
import type { WrittenAttachment, WrittenBody } from '../written/written-contact.ts';
import type { FilledTemplate } from './template.ts';

/** The state of an outbound letter or message. */
export type OutboundState =
  /** To be sent at `nextAt`. */
  | 'due'
  /** Its connector is sending it. If the program starts with an entry in this state, it is unknown whether it was sent. */
  | 'sending'
  /** The service accepted it. */
  | 'done'
  /** Refused, expired or abandoned. */
  | 'failed'
  /** Sending was interrupted, and the service cannot report whether it arrived: a human decides. */
  | 'uncertain';

/** What can be requested: a letter, a message, or a call between a manager and an outside party. */
export type OutboundChannel = 'email' | 'message' | 'call';

/** What the queue holds: also commands to calls under way, which have no interaction of their own. */
export type QueueChannel = OutboundChannel | 'command';

/**
 * A letter, message or call request, which is stored before it is sent. It has the id of its interaction. A command to a call under
 * way has an id of its own.
 */
export interface Outbound {
  readonly id: InteractionId;
  readonly connection: string;
  readonly channel: QueueChannel;
  readonly state: OutboundState;
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly nextAt: number;
  /** It is not sent after this time: an answer that is a day late is worse than none. */
  readonly expiresAt: number;
  readonly content: OutboundContent;
}

/**
 * Our own key of an outbound contact, known before it is sent. A connector that sees the contact again, such as in a Sent folder, adds
 * this key to the aliases, so that both become one interaction.
 */
export function outboundKey(id: InteractionId): EventKey {
  return eventKey('outbound', id);
}

/** Whether a key is one of {@link outboundKey}: the contact with this alias is one that we sent. */
export function isOutboundKey(key: EventKey): boolean {
  return key.startsWith('outbound:');
}

/** The content of an outbound contact. */
export interface OutboundContent {
  /** Id of the manager who wrote it; empty if somebody did who is none. */
  readonly manager: string;
  /** For a call: the manager's extension, which rings first. */
  readonly extension?: string;
  /** For a call that a website visitor requested: ids of managers who were rung before and did not answer. */
  readonly callBack?: { readonly tried: readonly string[] };
  /** The command, if it is one. */
  readonly command?: QueuedCommand;
  readonly to: {
    readonly email: string | null;
    readonly phone: string | null;
    readonly account: AccountRef | null;
    readonly name: string | null;
  };
  /** Further recipients of a letter, normalised: those whom everybody sees, and those whom nobody else does. */
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly subject: string | null;
  readonly text: string;
  /** The letter with its formatting, without signature and quotation. Absent: a plain letter. */
  readonly formatted?: WrittenBody;
  /** The letter that is quoted or forwarded below the text. */
  readonly earlier?: EarlierLetter;
  readonly attachments: readonly WrittenAttachment[];
  /** It quotes the message that it answers, by the messenger's own reply function. */
  readonly quote?: true;
  /** The template that it is sent by. `text` holds the words that the client reads. */
  readonly template?: FilledTemplate;
  /** A program wrote it. It is marked as automatic, does not count as an answer, and is never sent in reply to automatic messages. */
  readonly automatic?: true;
  /** The line it is sent from, if one was chosen. */
  readonly line: string | null;
  /** The connector's handle of the contact to answer; null for a new conversation. */
  readonly replyTo: Readonly<Record<string, string>> | null;
}

/** One of several messages that an outbound message was sent in, because it was too long or had several files. */
export interface SentPart {
  readonly key: EventKey;
  readonly text: string | null;
  readonly files: readonly WrittenAttachment[];
}

/** How one attempt to send ended. */
export type SendOutcome =
  /**
   * Accepted. `keys` identify it in reports and answers. `handle`: as for inbound contacts. `problem`: what people must know all the same,
   * such as a further recipient who was refused.
   */
  | {
      readonly kind: 'sent';
      readonly problem?: Reason;
      readonly keys: readonly EventKey[];
      readonly handle: Readonly<Record<string, string>> | null;
      readonly state: 'sent' | 'delivered' | 'read';
      /** The conversation that it began, as the connector names it in later contacts. */
      readonly conversation?: { readonly thread: string; readonly account: AccountRef };
      /** The messages that the service needed for it; absent if it was one. */
      readonly parts?: readonly SentPart[];
    }
  /** Not accepted. It is retried after `after` milliseconds at the earliest. */
  | { readonly kind: 'retry'; readonly reason: Reason; readonly after: number | null }
  /** Refused permanently. `undeliverable`: the address proved not to work. */
  | { readonly kind: 'failed'; readonly reason: Reason; readonly undeliverable?: FailedAddress }
  /** It is unknown whether it was sent, and the service does not recognise a repeat. */
  | { readonly kind: 'uncertain'; readonly reason: Reason };

/**
 * Whether an outbound contact is known to have been sent, even if the connector reported otherwise: its copy, a report, or the call
 * itself was seen.
 */
export function hasLeft({
  state,
  legs = [],
}: Pick<Interaction, 'state'> & Partial<Pick<Interaction, 'legs'>>): boolean {
  return state === 'sent' || state === 'delivered' || state === 'read' || legs.length > 0;
}
