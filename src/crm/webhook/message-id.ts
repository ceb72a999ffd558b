import { createHash } from 'node:crypto';

/** The id of a message. It stays the same when a revision is sent to a destination again. */
export function webhookId(destination: string, interaction: string, revision: number): string {
  const digest = createHash('sha256').update(`${destination}\n${interaction}\n${revision}`).digest('base64url');
  return `msg_${digest.slice(0, 32)}`;
}
