import type { Reason } from '../../domain/base/reason.ts';
import type { SendOutcome } from '../../domain/outbound/outbound.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { Clock } from '../../runtime/clock.ts';
import { moment } from '../../runtime/http/fields.ts';
import { asServiceError } from '../../runtime/http/service-error.ts';
import type { Chats } from './chats.ts';
import { isOurs, messageKey } from './message.ts';
import { clockGap, type OwnSend, type OwnSends } from './own-sends.ts';

/** Milliseconds for which an unknown outcome is looked up again if Avito can't be asked. */
const patience = 600_000;

/** Dependencies of settling. */
export interface Settling {
  readonly chats: Chats;
  readonly own: OwnSends;
  readonly clock: Clock;
  readonly connection: string;
}

/**
 * Finds out by reading the conversation whether a message arrived. If it is not there, a human decides: Avito does not document how soon
 * it shows a message that it accepted. `why` is the reason for the doubt.
 */
export async function settle(
  send: OwnSend,
  { chats, own, clock, connection }: Settling,
  why: Reason,
  signal: AbortSignal,
): Promise<SendOutcome> {
  try {
    await lookThrough(send, chats, own, signal);
  } catch (error) {
    if (clock.now() - send.at < patience) return { kind: 'retry', reason: asServiceError(error).reason, after: null };
  }
  const found = send.parts.flatMap(({ message }) => (message === null ? [] : [message]));
  if (found.length === send.parts.length) {
    const keys = found.map((message) => messageKey(connection, send.chat, message));
    return { kind: 'sent', keys, handle: { chat: send.chat }, state: 'sent' };
  }
  await own.leaveToHuman(send.id);
  if (found.length === 0 || why.code === 'partlySent') return { kind: 'uncertain', reason: why };
  const partly = { sent: found.length, parts: send.parts.length, reason: why };
  return { kind: 'uncertain', reason: reason('partlySent', partly) };
}

/** Recognises our messages in the conversation, back to the time when sending began. */
async function lookThrough(send: OwnSend, chats: Chats, own: OwnSends, signal: AbortSignal): Promise<void> {
  for await (const page of chats.messages(send.chat, signal))
    for (const message of page) {
      if (moment(message.created, 1000, send.at) < send.at - clockGap) return;
      if (isOurs(message)) await own.ownerOf(send.chat, message);
    }
}
