import type { EventKey } from '../base/ids.ts';
import type { Interaction, Named } from '../interaction/interaction.ts';
import type { WrittenAttachment } from '../written/written-contact.ts';
import type { AnswerWindow } from './answer-window.ts';

/** A message to a client in a conversation that exists, written by somebody who works elsewhere, such as in a CRM. */
export interface MessageRequest {
  /** The conversation, as in the thread of its messages. */
  readonly thread: string;
  /** Id of the manager who wrote it; null if the writer is none. */
  readonly manager: string | null;
  readonly text: string;
  readonly attachments: readonly WrittenAttachment[];
  /** A program wrote it: it does not count as an answer. */
  readonly automatic?: true;
  /** A repeated key sends no second message. */
  readonly key: EventKey;
  readonly by: Named;
}

/**
 * Why a message is not even requested. `conversation`: there is none, or it can't be answered. `window`: the service takes no free
 * text so long after the client's last message. `tooMany`: programs have written to the client too often.
 */
export type MessageRefusal = 'conversation' | 'window' | 'tooMany';

/** A requested message; its interaction becomes that of the message. Or why there is none. */
export type MessageAnswer = { readonly interaction: Interaction } | { readonly refused: MessageRefusal };

/** A connection that can send messages. */
export interface MessageSending {
  readonly connection: string;
  /** How long the service takes free text; absent: always. */
  readonly window?: AnswerWindow;
}
