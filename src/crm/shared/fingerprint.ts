import { createHash } from 'node:crypto';

/** The first digits of a SHA-256. */
export function fingerprint(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
