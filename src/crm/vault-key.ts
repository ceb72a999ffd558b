import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Environment variable with the key: 32 bytes in base64. */
export const vaultKeyVariable = 'PATCHBAY_VAULT_KEY';

const keyBytes = 32;

/**
 * Returns the key that secrets are encrypted with: from the environment, or else from a file next to the store, which
 * is created when first needed. If `file` is null, the store is a server, and all its instances must be given the
 * same key. Errors are written for an administrator.
 */
export function vaultKey(file: string | null, env: NodeJS.ProcessEnv): () => Buffer {
  let key: Buffer | null = null;
  return () => {
    key ??= findKey(file, env[vaultKeyVariable]);
    return key;
  };
}

function findKey(file: string | null, given: string | undefined): Buffer {
  if (given !== undefined && given !== '') return parsed(given, vaultKeyVariable);
  if (file === null)
    throw new Error(
      `secrets of CRM cores need a key: set ${vaultKeyVariable} to 32 random bytes in base64 (openssl rand -base64 32), the same for all instances`,
    );
  return readKey(file) ?? makeKey(file);
}

function readKey(file: string): Buffer | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { mode } = fstatSync(descriptor);
    if ((mode & 0o077) !== 0)
      throw new Error(`${file} can be read by others: its mode must be 600 (chmod 600 ${file})`);
    return parsed(readFileSync(descriptor, 'utf8').trim(), file);
  } finally {
    closeSync(descriptor);
  }
}

/** Creates the key file. If two programs do so at once, both get the same key. */
function makeKey(file: string): Buffer {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(own, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(own, { force: true });
  }
  const key = readKey(file);
  if (key === null) throw new Error(`${file} disappeared while it was being created`);
  return key;
}

function parsed(text: string, where: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length !== keyBytes) throw new Error(`${where}: expected 32 bytes in base64, found ${key.length}`);
  return key;
}
