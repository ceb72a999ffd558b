import { takesText } from '../domain/outbound/answer-window.ts';
import type { KnownStep } from '../domain/outbound/call-request.ts';
import type { MessageRefusal, MessageRequest, MessageSending } from '../domain/outbound/message-request.ts';
import { lastMessageAt } from '../domain/outbound/ways.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';

/** A message that has not left within this many milliseconds is given up: an answer a day late is worse than a visible failure. */
const lifetime = 24 * 3_600_000;
/** How many messages of the conversation are looked at. */
const looked = 50;

/** Dependencies of {@link requestMessage}. */
export interface MessageRequestParts {
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly read: Pick<Store['read'], 'interactions'>;
  /** Connections that can send messages. */
  readonly sending: () => readonly MessageSending[];
  readonly clock: Clock;
}

/**
 * Requests a message in a conversation, by the connection that it came by. It is stored before anything is sent. `known` is a step
 * that a destination has done before. The result is that of the write, which holds the interaction.
 */
export async function requestMessage(
  { apply, read, sending, clock }: MessageRequestParts,
  { thread, manager, text, attachments, automatic, key, by }: MessageRequest,
  known?: KnownStep & { readonly destination: string },
): Promise<{ readonly result: WriteResult | undefined } | { readonly refused: MessageRefusal }> {
  const { items } = await read.interactions({ thread, channel: 'message', limit: looked, cursor: null });
  const messages = items.filter(({ mergedInto }) => mergedInto === null);
  const parent =
    messages.find(({ direction, automatic }) => direction === 'inbound' && automatic === null) ?? messages[0];
  const account = parent?.party.account ?? null;
  const via = sending().find(({ connection }) => connection === account?.connection);
  if (parent === undefined || via === undefined) return { refused: 'conversation' };
  const at = clock.now();
  if (!takesText(via.window, lastMessageAt(messages, via.connection), at)) return { refused: 'window' };
  const { phone, email, name } = parent.party;
  const [result] = await apply([
    {
      op: 'send',
      key,
      channel: 'message',
      answers: parent.id,
      connection: null,
      content: {
        manager: manager ?? '',
        to: { phone, email, account, name },
        subject: null,
        text,
        attachments,
        line: parent.line?.id ?? null,
        ...(automatic === true && { automatic }),
      },
      by,
      ...(known !== undefined && { known }),
      expiresAt: at + lifetime,
      at,
    },
  ]);
  if (result?.ok === false && result.code === 'conflict') return { refused: 'conversation' };
  if (result?.ok === false && result.code === 'too_many') return { refused: 'tooMany' };
  return { result };
}
