import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { cure, poison } from '../support/poison.ts';
import { chatConnection, sendMessage } from './support/chat.ts';
import { AttackedProgram, adminToken } from './support/program.ts';

interface Entry {
  readonly id: string;
  readonly connection: string;
  readonly kind: string;
  readonly reason: string;
}

const command = fileURLToPath(new URL('../../bin/patchbay.js', import.meta.url));

describe('data that the store rejects because of a defect of ours', () => {
  let program: AttackedProgram;

  beforeAll(async () => {
    program = await AttackedProgram.start({ config: { connectors: chatConnection } });
  }, 60_000);

  afterAll(() => program?.stop());

  const entries = async () => (await program.api<{ items: Entry[] }>('GET', '/api/v1/quarantine')).items;
  const texts = async () =>
    (await program.api<{ items: Interaction[] }>('GET', '/api/v1/interactions?limit=200')).items.map(
      ({ text }) => text,
    );
  const cli = (...args: string[]) => {
    const config = join(program.directory, 'patchbay.yaml');
    return execFileSync(process.execPath, [command, 'quarantine', ...args, '--config', config], { encoding: 'utf8' });
  };

  it('is kept, reported to the administrator, and stored once the defect is fixed', async () => {
    await poison(program.database);
    expect(await sendMessage(program, { id: '1', from: { id: '42' }, text: 'poison in a message' })).toBe(200);
    const form = await fetch(`${program.url}/api/v1/forms/site`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Anna', phone: '+79161110009', comment: 'poison in a form' }),
    });
    expect(form.status).toBe(200);
    expect(await form.json()).toEqual({ ok: true });
    expect(await texts()).toEqual([]);

    const kept = await entries();
    expect(kept.map(({ connection, kind }) => `${connection} ${kind}`).sort()).toEqual([
      'chat written',
      'forms written',
    ]);
    expect(JSON.stringify(kept)).not.toMatch(/poison|Anna/);
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    expect(metrics).toContain('patchbay_quarantined_total{connection="chat"} 1');
    expect(metrics).toContain('patchbay_quarantine{connection="forms"} 1');
    expect(cli('list')).toContain('chat');
    expect(cli('show', String(kept[0]?.id))).toContain('poison');
    const log = await program.api<{ items: object[] }>('GET', `/api/v1/audit?subject=${kept[0]?.id}`);
    expect(log.items).toMatchObject([{ who: 'command', action: 'read-interaction', what: 'quarantine show' }]);
    await expect
      .poll(async () => (await program.api<{ items: Entry[] }>('GET', '/api/v1/alarms')).items, { timeout: 30_000 })
      .toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'quarantine', connection: 'chat' })]));

    await cure(program.database);
    await program.api('POST', `/api/v1/quarantine/${kept[0]?.id}/retry`, {});
    await expect.poll(async () => (await entries()).length, { timeout: 30_000 }).toBe(1);
    cli('retry', 'all');
    await expect.poll(async () => (await entries()).length, { timeout: 30_000 }).toBe(0);
    expect((await texts()).join('\n')).toMatch(/poison in a form/);
    expect((await texts()).join('\n')).toMatch(/poison in a message/);
  });

  it('can be discarded by an administrator', async () => {
    await poison(program.database);
    expect(await sendMessage(program, { id: '2', from: { id: '42' }, text: 'poison again' })).toBe(200);
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    const headers = { authorization: `Bearer ${adminToken}` };
    const gone = await fetch(`${program.url}/api/v1/quarantine/${entry?.id}`, { method: 'DELETE', headers });
    expect(gone.status).toBe(204);
    expect(await entries()).toEqual([]);
    await cure(program.database);
  });
});
