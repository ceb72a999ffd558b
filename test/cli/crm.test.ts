import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { configOf } from '../../src/cli/context.ts';
import { withCores } from '../../src/cli/cores.ts';
import { connectCrm } from '../../src/cli/crm.ts';
import { examineCores } from '../../src/cli/doctor/crm.ts';
import { vaultKeyVariable } from '../../src/crm/vault-key.ts';
import { start } from '../crm/bitrix24/portal/start.ts';
import { storeUrl } from '../support/test-store.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** A configuration file with one destination. */
async function configured(destination: string, store?: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-crm-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, 'p.yaml');
  await writeFile(
    path,
    `http: { publicUrl: "https://patchbay.example" }
store: { url: "${store ?? storeUrl(join(dir, 'p.db'))}" }
blobs: { url: "file:${join(dir, 'blobs')}" }
managers: [ { id: anna, name: Anna, extensions: ["101"] } ]
destinations: { b24: ${destination} }
`,
  );
  return path;
}

/** What a command printed. */
function printed(): () => string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return () => write.mock.calls.map(([text]) => String(text)).join('');
}

describe('patchbay crm connect', () => {
  it('guides, waits for the installation, and checks the portal', async () => {
    // A store that is a server has no file beside it for the key.
    vi.stubEnv(vaultKeyVariable, randomBytes(32).toString('base64'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const { portal } = await start();
    const app = `{ portal: "${portal.root}", oauth: "${portal.root}", clientId: local.1, clientSecret: secret }`;
    const config = await configured(`{ kind: bitrix24, app: ${app}, limits: { perSecond: 0 } }`);
    const output = printed();
    await connectCrm('bitrix24', { config, wait: '0' });
    expect(output()).toContain('https://patchbay.example/api/v1/hooks/b24');
    expect(output()).toContain('run "patchbay crm connect b24"');
    expect(process.exitCode).toBe(1);

    process.exitCode = undefined;
    const waiting = connectCrm('b24', { config, wait: '5' });
    await expect.poll(output).toContain('Waiting up to 5 minutes');
    await withCores(configOf({ config }), async (cores) => {
      const { app: installedApp } = portal.core.options;
      const { expires: _, ...tokens } = portal.auth.issue(installedApp as never, 1);
      const auth = new URLSearchParams({ event: 'ONAPPINSTALL' });
      for (const [name, value] of Object.entries(tokens)) auth.set(`auth[${name}]`, String(value));
      auth.set('auth[domain]', new URL(portal.root).host);
      const request = { method: 'POST', query: {}, headers: {}, body: Buffer.from(auth.toString()) };
      expect(await cores.hookReceiver('b24')?.receive(request)).toMatchObject({ status: 200 });
    });
    await waiting;
    expect(output()).toMatch(/ok {3}b24: access: calls methods as user 1/);
    expect(output()).toMatch(/ok {3}b24: managers and users: 1 of 1/);
    expect(await examineCores(configOf({ config }))).toContainEqual(
      expect.objectContaining({ what: 'b24: calls', ok: true }),
    );
  }, 30_000);

  it('checks a webhook at once, and prints JSON for programs', async () => {
    const { portal } = await start();
    const config = await configured(
      `{ kind: bitrix24, webhook: "${portal.webhookUrl(1, 'hook')}", limits: { perSecond: 0 } }`,
    );
    const output = printed();
    await connectCrm('b24', { config, json: true, wait: '0' });
    const { isConnected, findings, guide } = JSON.parse(output());
    expect([isConnected, findings.length > 3, guide.length > 2]).toEqual([true, true, true]);
    expect(output()).not.toContain('/rest/1/hook');
  });

  it('asks for the key of the secrets before it tries anything else, if the store is a server', async () => {
    vi.stubEnv(vaultKeyVariable, '');
    onTestFinished(() => void vi.unstubAllEnvs());
    // Nothing listens at either address.
    const app = '{ portal: "http://127.0.0.1:9", clientId: local.1, clientSecret: secret }';
    const config = await configured(`{ kind: bitrix24, app: ${app} }`, 'postgres://127.0.0.1:9/patchbay');
    const asked = /b24: secrets of CRM cores need a key: set PATCHBAY_VAULT_KEY/;
    await expect(connectCrm('b24', { config, wait: '0' })).rejects.toThrow(asked);
    expect(await examineCores(configOf({ config }))).toEqual([
      { what: 'b24: secrets', ok: false, detail: expect.stringContaining('set PATCHBAY_VAULT_KEY') },
    ]);
    vi.stubEnv(vaultKeyVariable, 'short');
    await expect(connectCrm('b24', { config, wait: '0' })).rejects.toThrow('expected 32 bytes in base64');
  });

  it('says what is wrong with its arguments', async () => {
    const config = await configured('{ kind: webhook, url: "https://crm.example", secret: "12345678" }');
    await expect(connectCrm('b24', { config, wait: '0' })).rejects.toThrow('needs nothing from the other side');
    await expect(connectCrm('amocrm', { config, wait: '0' })).rejects.toThrow('no destination "amocrm"');
    await expect(connectCrm('b24', { config, wait: 'soon' })).rejects.toThrow('--wait');
    expect(await examineCores(configOf({ config }))).toEqual([]);
  });
});
