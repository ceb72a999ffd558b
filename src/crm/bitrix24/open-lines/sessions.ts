import { fields, id, list } from '../../../runtime/http/fields.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import { fingerprint } from '../api/origin.ts';
import type { Bitrix24Parts } from '../parts.ts';
import type { Landed } from './portal-messages.ts';

type SessionParts = Pick<Bitrix24Parts, 'context' | 'portal'>;

/** Remembers the session of a conversation, by which the portal can be asked for its messages. */
export async function rememberSession(
  chatId: string,
  { chat, session }: Landed,
  { context }: SessionParts,
): Promise<void> {
  if (session === null) return;
  const remembered = `${session} ${chat ?? ''}`;
  if ((await context.cursor.get(cursorOf(chatId))) !== remembered)
    await context.cursor.set(cursorOf(chatId), remembered);
}

/** The session of a conversation; null if none is known. */
export async function sessionOf(chatId: string, { context }: SessionParts): Promise<Landed | null> {
  const [session = '', chat = ''] = ((await context.cursor.get(cursorOf(chatId))) ?? '').split(' ');
  return session === '' ? null : { session, chat: chat === '' ? null : chat };
}

/**
 * Looks for a message of ours in the last known session of its conversation. Null does not prove that the portal lacks it: it may
 * have begun another session with the message.
 */
export async function findMessage(
  chatId: string,
  messageId: string,
  parts: SessionParts,
  signal: AbortSignal,
): Promise<Landed | null> {
  const known = await sessionOf(chatId, parts);
  if (known === null) return null;
  try {
    const { result } = await parts.portal.call(
      'imopenlines.session.history.get',
      { SESSION_ID: known.session },
      { signal },
    );
    const messages = Object.values(fields(fields(result).message)).map(fields);
    const isThere = messages.some(({ params }) =>
      list(fields(params).connectorMid).some((mid) => id(mid) === messageId),
    );
    return isThere ? known : null;
  } catch (error) {
    // A session that is gone, or that we may not read, tells nothing.
    const { trouble } = asServiceError(error);
    if (trouble !== 'refused' && trouble !== 'access') throw error;
    return null;
  }
}

/** A hash, since the id of a conversation may be a telephone number. */
function cursorOf(chatId: string): string {
  return `open line ${fingerprint(chatId, 24)}`;
}
