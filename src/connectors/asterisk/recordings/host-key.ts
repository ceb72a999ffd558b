import { createHash } from 'node:crypto';
import { sameSecret } from '../../../runtime/secrets.ts';

/** The SSH host key that an administrator configured, as a fingerprint or as in `known_hosts`. */
export interface ExpectedHostKey {
  matches(key: Buffer): boolean;
  /** The key's type, if it is known: the server may have keys of several types. */
  readonly type: string | null;
}

/** Parses `SHA256:…` or a line of `known_hosts` or of a public key. Null if it is neither. */
export function parseHostKey(text: string): ExpectedHostKey | null {
  const words = text.trim().split(/\s+/, 8);
  const fingerprint = words.find((word) => word.startsWith('SHA256:'));
  if (fingerprint !== undefined) {
    const wanted = fingerprint.slice(0, 'SHA256:'.length + 43);
    return { matches: (key) => sameSecret(fingerprintOf(key), wanted), type: null };
  }
  const at = words.findIndex((word) => word.startsWith('ssh-') || word.startsWith('ecdsa-'));
  const [type, encoded] = [words[at], words[at + 1]];
  if (at < 0 || type === undefined || encoded === undefined) return null;
  return { matches: (key) => sameSecret(key.toString('base64'), encoded), type };
}

/** The fingerprint of a key, as `ssh-keygen -l` prints it: without the padding at its end. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').slice(0, 43)}`;
}
