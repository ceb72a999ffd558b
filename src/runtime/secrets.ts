import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Compares two secrets in constant time, which also hides their lengths. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** HMAC-SHA256 of bytes, in hex. */
export function hmacHex(key: string, bytes: Buffer | string): string {
  return createHmac('sha256', key).update(bytes).digest('hex');
}

/** Derives a secret from a given one, so that administrators configure only one. */
export function derivedSecret(secret: string, purpose: string): string {
  return hmacHex(secret, `patchbay ${purpose}`);
}
