import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVault } from '../../src/crm/vault.ts';
import { vaultKey, vaultKeyVariable } from '../../src/crm/vault-key.ts';
import { type Office, openOffice } from '../support/office.ts';

describe('the vault', () => {
  let office: Office;
  const secret = 'a refresh token, 180 days';

  beforeEach(async () => {
    office = await openOffice({ users: false });
  });
  afterEach(() => office.close());

  const open = (key: Buffer, owner = 'crm') =>
    openVault(owner, {
      read: office.store.read,
      apply: (writes) => office.intake.apply(writes),
      key: () => key,
      log: office.log,
    });

  it('returns what was stored, keeps it encrypted and deletes it on request', async () => {
    const vault = open(randomBytes(32));
    expect(await vault.get('token')).toBeNull();
    await vault.put('token', secret);
    expect(await vault.get('token')).toBe(secret);
    const first = await office.store.read.sealed('crm', 'token');
    expect(first).not.toContain('refresh');
    await vault.put('token', secret);
    expect(await office.store.read.sealed('crm', 'token')).not.toBe(first);
    await vault.remove('token');
    expect(await vault.get('token')).toBeNull();
  });

  it('returns nothing if the key was lost, and reports it without the secret', async () => {
    await open(randomBytes(32)).put('token', secret);
    expect(await open(randomBytes(32)).get('token')).toBeNull();
    expect(office.logged()).toContain('must obtain it again');
    expect(office.logged()).not.toContain('refresh token');
  });

  it('does not decrypt a secret that was moved or changed', async () => {
    const key = randomBytes(32);
    await open(key).put('token', secret);
    const sealed = (await office.store.read.sealed('crm', 'token')) ?? '';
    const bytes = Buffer.from(sealed.slice(3), 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await office.store.apply([
      { op: 'vault', owner: 'other', name: 'token', sealed },
      { op: 'vault', owner: 'crm', name: 'changed', sealed: `v1.${bytes.toString('base64')}` },
      { op: 'vault', owner: 'crm', name: 'short', sealed: 'v1.AAAA' },
    ]);
    expect(await open(key, 'other').get('token')).toBeNull();
    expect(await open(key).get('changed')).toBeNull();
    expect(await open(key).get('short')).toBeNull();
  });
});

describe('the key of the vault', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'patchbay-key-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('is generated once, readable only by its owner', () => {
    const file = join(dir, 'vault.key');
    const key = vaultKey(file, {})();
    expect(key).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(vaultKey(file, {})()).toEqual(key);
    chmodSync(file, 0o644);
    expect(() => vaultKey(file, {})()).toThrow('chmod 600');
  });

  it('comes from the environment if set there, and is required there if there is no file', () => {
    const given = randomBytes(32);
    const file = join(dir, 'vault.key');
    expect(vaultKey(file, { [vaultKeyVariable]: given.toString('base64') })()).toEqual(given);
    expect(() => statSync(file)).toThrow('ENOENT');
    expect(() => vaultKey(null, {})()).toThrow(vaultKeyVariable);
    expect(() => vaultKey(null, { [vaultKeyVariable]: 'short' })()).toThrow('expected 32 bytes');
  });
});
