import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Logger } from '../runtime/log.ts';
import type { Vault } from './contract.ts';

const algorithm = 'aes-256-gcm';
const version = 'v1';
const ivBytes = 12;
const tagBytes = 16;

/** Dependencies of a vault. */
export interface VaultParts {
  readonly read: Pick<Store['read'], 'sealed'>;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  /** Returns the key, 32 bytes. Called when the first secret is used; errors are written for an administrator. */
  readonly key: () => Buffer;
  readonly log: Logger;
}

/** The secrets of one core, encrypted with AES-256-GCM and bound to the core and the name of the secret. */
export function openVault(owner: string, { read, apply, key, log }: VaultParts): Vault {
  const write = async (name: string, sealed: string | null) => {
    const [result] = await apply([{ op: 'vault', owner, name, sealed }]);
    if (result?.ok !== true) throw new Error(`could not store a secret: ${result?.code ?? 'no answer'}`);
  };
  return {
    async get(name) {
      const sealed = await read.sealed(owner, name);
      if (sealed === null) return null;
      const secret = unseal(sealed, key(), bindingOf(owner, name));
      if (secret === null)
        log.warn({ core: owner, name }, 'cannot decrypt a stored secret with this key; the core must obtain it again');
      return secret;
    },
    put: (name, secret) => write(name, seal(secret, key(), bindingOf(owner, name))),
    remove: (name) => write(name, null),
  };
}

/** Binds a secret to its row, so that a row copied to another place cannot be decrypted. */
function bindingOf(owner: string, name: string): Buffer {
  return Buffer.from(JSON.stringify([owner, name]));
}

function seal(secret: string, key: Buffer, binding: Buffer): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(binding);
  const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return `${version}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')}`;
}

/** Null if the secret was encrypted with another key or has been altered. */
function unseal(sealed: string, key: Buffer, binding: Buffer): string | null {
  const [form, text = ''] = sealed.split('.', 2);
  const bytes = Buffer.from(text, 'base64');
  if (form !== version || bytes.length < ivBytes + tagBytes) return null;
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(binding).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
