import type { Interaction } from '../interaction/interaction.ts';

/** Messengers whose replies can quote a message. Viber's API has no such function. */
const quoting: ReadonlySet<string> = new Set(['telegram', 'whatsapp', 'vk', 'max']);

/** Whether an answer can quote this message: one of the client's, in a messenger that can quote. */
export function canBeQuoted({ channel, direction, party }: Interaction): boolean {
  return channel === 'message' && direction === 'inbound' && quoting.has(party.account?.kind ?? '');
}
