import { beginning } from '../../../domain/base/clean-text.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Ledger } from '../../ledger.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { bbSafe } from '../written/text.ts';
import { wordsOf } from '../written/words.ts';
import type { OperatorMessage } from './answered-there.ts';
import { chatIdOf, messageIdOf } from './ids.ts';
import { checkSuccess } from './portal-messages.ts';
import { tellOperator } from './tell-operator.ts';

/** Tells the portal how far an operator's message came. Repeating a status does no harm. */
export async function deliverStatus(
  contact: Interaction,
  operator: OperatorMessage,
  ledger: Ledger,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<void> {
  const { state, revision } = contact;
  if (state === 'failed') return tellFailure(contact, operator, ledger, parts, signal);
  if (state !== 'sent' && state !== 'delivered' && state !== 'read') return;
  const { connector, line, chat, message } = operator;
  const item = {
    im: { chat_id: chat, message_id: message },
    message: { id: [messageIdOf(contact, 1)], date: Math.floor(parts.context.clock.now() / 1000) },
    chat: { id: chatIdOf(contact) },
  };
  for (const status of state === 'read' ? (['delivery', 'reading'] as const) : (['delivery'] as const)) {
    await ledger.once({
      name: `line ${status}`,
      call: async () => {
        const parameters = { CONNECTOR: connector, LINE: line, MESSAGES: [item] };
        const { result } = await parts.portal.call(`imconnector.send.status.${status}`, parameters, { signal });
        checkSuccess(result);
        return String(revision);
      },
      settle: async () => ({ done: false }),
    });
  }
}

/** Each failure is shown once: a notice too few is better than one that is repeated. */
async function tellFailure(
  { problem, revision }: Interaction,
  { chat }: OperatorMessage,
  ledger: Ledger,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<void> {
  const { notDelivered } = wordsOf(parts.config.language);
  const text = problem === null ? `${notDelivered}.` : `${notDelivered}: ${bbSafe(beginning(problem, 500))}`;
  await ledger.once({
    name: `line failed ${revision}`,
    call: async () => {
      await tellOperator(chat, text, parts, signal);
      return null;
    },
    settle: async () => ({ done: true, remote: null }),
  });
}
