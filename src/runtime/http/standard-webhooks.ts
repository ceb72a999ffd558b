import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { sameSecret } from '../secrets.ts';

/** How far a sender's clock may be off, in milliseconds (Standard Webhooks). */
const tolerance = 300_000;

/** Signs and checks by Standard Webhooks, with a `whsec_…` (base64) secret or the bytes of any other string. Throws when the base64 is none. */
export class Signature {
  readonly #webhook: Webhook;

  constructor(secret: string) {
    this.#webhook = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
  }

  /** The headers of a message of ours, sent at `now`. Its id has no dot: the signed text is joined by dots. */
  sign(id: string, now: number, body: string): Readonly<Record<string, string>> {
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1000)),
      'webhook-signature': this.#webhook.sign(id, new Date(now), body),
    };
  }

  /** Why a request is not to be believed, or null. One of several signatures is enough: secrets are changed that way. */
  reject(headers: IncomingHttpHeaders, now: number, body: Buffer): string | null {
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': given } = headers;
    if (typeof id !== 'string' || typeof at !== 'string' || typeof given !== 'string')
      return 'expected the headers webhook-id, webhook-timestamp and webhook-signature';
    if (!/^\d{1,12}$/.test(at) || Math.abs(now - Number(at) * 1000) > tolerance)
      return 'webhook-timestamp is more than five minutes off';
    const expected = this.#webhook.sign(id, new Date(Number(at) * 1000), body.toString('utf8'));
    // Every one is compared, whichever is right.
    const right = given.split(' ', 8).filter((one) => sameSecret(one, expected)).length;
    return right === 0 ? 'wrong signature' : null;
  }
}
