import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are the same, in a time that tells nothing about where they differ; their lengths are hidden too. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** HMAC-SHA256 of bytes, in hex. */
export function hmacHex(key: string, bytes: Buffer | string): string {
  return createHmac('sha256', key).update(bytes).digest('hex');
}

/** A secret of our own that follows from one we were given, so that nobody has to configure two. */
export function derivedSecret(secret: string, purpose: string): string {
  return hmacHex(secret, `patchbay ${purpose}`);
}
