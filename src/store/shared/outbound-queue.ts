import type { Outbound, OutboundContent } from '../../domain/outbound/outbound.ts';

/**
 * What may be sent: nothing overtakes an earlier message of its conversation that waits to be tried again. Conversations are short
 * beside a queue that has grown for hours, so that the conversation is looked through and not the queue.
 */
const waiting = `FROM outbound o WHERE o.connection = ? AND o.state = 'due' AND NOT EXISTS (
  SELECT 1 FROM interactions own JOIN interactions earlier ON earlier.thread = own.thread AND earlier.id < own.id
    JOIN outbound held ON held.id = earlier.id AND held.connection = o.connection AND held.state = 'due' WHERE own.id = o.id)`;

/** By connection, moment and number: what is due then, the longest first. */
export const askDue = `SELECT o.* ${waiting} AND o.next_at <= ? ORDER BY o.next_at, o.id LIMIT ?`;

/** By connection: when something is due next. */
export const askNextDue = `SELECT o.next_at AS next ${waiting} ORDER BY o.next_at LIMIT 1`;

/** A row of the table `outbound`; `content` is JSON. */
export interface OutboundRow extends Omit<Outbound, 'nextAt' | 'expiresAt' | 'content'> {
  readonly next_at: number;
  readonly expires_at: number;
  readonly content: string;
}

/** A row as the domain says it. */
export function outboundOf(row: OutboundRow): Outbound {
  const { next_at, expires_at, content, ...rest } = row;
  return {
    ...rest,
    attempts: Number(row.attempts),
    nextAt: Number(next_at),
    expiresAt: Number(expires_at),
    content: JSON.parse(content) as OutboundContent,
  };
}
