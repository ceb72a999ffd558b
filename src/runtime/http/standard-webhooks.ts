import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { sameSecret } from '../secrets.ts';

/** Tolerated clock difference in milliseconds, as in Standard Webhooks. */
const tolerance = 300_000;

/**
 * Signs and verifies Standard Webhooks. The secret is `whsec_…` (base64), or any other string, whose bytes are used.
 * Throws if the base64 is invalid.
 */
export class Signature {
  readonly #webhook: Webhook;

  constructor(secret: string) {
    this.#webhook = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
  }

  /**
   * The headers of an outgoing message sent at `now`. The id must not contain a dot, because dots separate the signed
   * parts.
   */
  sign(id: string, now: number, body: string): Readonly<Record<string, string>> {
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1000)),
      'webhook-signature': this.#webhook.sign(id, new Date(now), body),
    };
  }

  /**
   * Why a request must be rejected, or null. One matching signature of several is enough, so that secrets can be
   * rotated.
   */
  reject(headers: IncomingHttpHeaders, now: number, body: Buffer): string | null {
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': given } = headers;
    if (typeof id !== 'string' || typeof at !== 'string' || typeof given !== 'string')
      return 'expected the headers webhook-id, webhook-timestamp and webhook-signature';
    if (!/^\d{1,12}$/.test(at) || Math.abs(now - Number(at) * 1000) > tolerance)
      return 'webhook-timestamp is more than five minutes off';
    const expected = this.#webhook.sign(id, new Date(Number(at) * 1000), body.toString('utf8'));
    // Always compare all of them, so that the time does not depend on which one matches.
    const right = given.split(' ', 8).filter((one) => sameSecret(one, expected)).length;
    return right === 0 ? 'wrong signature' : null;
  }
}
