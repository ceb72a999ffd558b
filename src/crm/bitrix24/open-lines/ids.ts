import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { conversationName } from '../../../domain/written/conversation-state.ts';

/*
 * Our ids in the Open Lines. The portal joins them with `|`, so they are encoded.
 */

/** The id of a conversation. */
export function chatIdOf(contact: Pick<Interaction, 'thread' | 'id'>): string {
  return encodeURIComponent(conversationName(contact));
}

/** The conversation with an id; null if it is none of ours. */
export function threadOf(chatId: string): string | null {
  try {
    return decodeURIComponent(chatId);
  } catch {
    return null;
  }
}

/** The id of a client, the same in all conversations of an account. */
export function clientIdOf(contact: Pick<Interaction, 'thread' | 'id' | 'party'>): string {
  const { account, phone } = contact.party;
  if (account === null) return phone ?? chatIdOf(contact);
  return [account.kind, account.connection, account.id].map(encodeURIComponent).join(':');
}

/** The id of a message. A contact is several messages there if its files came later. */
export function messageIdOf({ id }: Pick<Interaction, 'id'>, part: number): string {
  return part === 1 ? id : `${id}.${part}`;
}
