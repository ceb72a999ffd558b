import { createHash } from 'node:crypto';

/** The id of a message: the same for each repeat of one revision to one destination. */
export function webhookId(destination: string, interaction: string, revision: number): string {
  const digest = createHash('sha256').update(`${destination}\n${interaction}\n${revision}`).digest('base64url');
  return `msg_${digest.slice(0, 32)}`;
}
