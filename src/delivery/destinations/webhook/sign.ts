import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** The headers of one signed message. */
export interface SignedHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** Signs with a `whsec_…` (base64) secret, or with the bytes of any other string. Throws when the base64 is none. */
export function createSigner(secret: string): (id: string, at: number, body: string) => SignedHeaders {
  const webhook = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
  return (id, at, body) => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': webhook.sign(id, new Date(at), body),
  });
}

/** The id of a message: the same for each repeat of one revision to one destination, and without the dot that the signed text is joined by. */
export function webhookId(destination: string, interaction: string, revision: number): string {
  const digest = createHash('sha256').update(`${destination}\n${interaction}\n${revision}`).digest('base64url');
  return `msg_${digest.slice(0, 32)}`;
}
