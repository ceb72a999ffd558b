import type { Outbound, OutboundContent } from '../../domain/outbound/outbound.ts';

/**
 * Messages that may be sent. A message must not overtake an earlier one of its conversation that waits for a retry. A
 * conversation is short compared to a queue that has grown for hours, so the query searches the conversation, not the
 * queue.
 */
const waiting = `FROM outbound o WHERE o.connection = ? AND o.state = 'due' AND NOT EXISTS (
  SELECT 1 FROM interactions own JOIN interactions earlier ON earlier.thread = own.thread AND earlier.id < own.id
    JOIN outbound held ON held.id = earlier.id AND held.connection = o.connection AND held.state = 'due' WHERE own.id = o.id)`;

/** Parameters: connection, time, limit. Selects what is due at that time, the longest waiting first. */
export const selectDue = `SELECT o.* ${waiting} AND o.next_at <= ? ORDER BY o.next_at, o.id LIMIT ?`;

/** Parameter: connection. Selects when its next message is due. */
export const selectNextDue = `SELECT o.next_at AS next ${waiting} ORDER BY o.next_at LIMIT 1`;

/** A row of the table `outbound`; `content` is JSON. */
export interface OutboundRow extends Omit<Outbound, 'nextAt' | 'expiresAt' | 'content'> {
  readonly next_at: number;
  readonly expires_at: number;
  readonly content: string;
}

/** Converts a row to the domain type. */
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
