import { newInteractionId } from '../../../../src/domain/base/ids.ts';
import type { Outbound, OutboundContent } from '../../../../src/domain/outbound/outbound.ts';

/** A letter from Anna to Ivan, as the store passes it to its connector. */
export function outbound(change: Partial<OutboundContent> = {}): Outbound {
  const now = Date.now();
  return {
    id: newInteractionId(now),
    connection: 'sales',
    channel: 'email',
    state: 'sending',
    attempts: 1,
    nextAt: now,
    expiresAt: now + 60_000,
    content: {
      manager: 'a',
      to: { email: 'ivan@client.example', phone: null, account: null, name: 'Иван' },
      subject: 'Насосы',
      text: 'Десять штук есть.',
      attachments: [],
      line: null,
      replyTo: null,
      ...change,
    },
  };
}
