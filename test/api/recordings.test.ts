import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseRange } from '../../src/api/recordings.ts';
import { FileBlobs } from '../../src/store/blobs/file-blobs.ts';
import { access, missedCall, type Office, openOffice } from '../support/office.ts';

describe('recordings', () => {
  let office: Office;
  let dir: string;
  let id: string;
  let blobs: FileBlobs;
  let heard: 'own' | 'scope' = 'own';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'patchbay-recordings-'));
    blobs = new FileBlobs(join(dir, 'blobs'));
    office = await openOffice({ blobs, access: () => ({ ...access, recordings: heard }) });
    const path = join(dir, 'a.wav');
    await writeFile(path, '0123456789');
    const recording = {
      file: 'a.wav',
      path,
      leg: null,
      kind: 'call',
      state: 'ready',
      seconds: 1,
      mime: 'audio/wav',
      bytes: 10,
    } as const;
    const call = missedCall('rec-1');
    await office.intake.emit({ ...call, recordings: [{ ...recording, startedAt: call.startedAt }] });
    const [found] = (await office.store.read.interactions({ limit: 1, cursor: null })).items;
    id = found?.recordings[0]?.id ?? '';
  });
  afterAll(async () => {
    await office.close();
    await rm(dir, { recursive: true });
  });

  const get = (range?: string) =>
    office.call('GET', `/api/v1/recordings/${id}`, undefined, range === undefined ? {} : { range });

  it('are sent in full, or the requested range of them', async () => {
    const [all, part, end, beyond] = [
      await get(),
      await get('bytes=2-4'),
      await get('bytes=-3'),
      await get('bytes=50-'),
    ];
    expect([all.status, await all.text(), all.headers.get('content-type')]).toEqual([200, '0123456789', 'audio/wav']);
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
    expect([end.status, await end.text()]).toEqual([206, '789']);
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
  });

  it('of her own calls are available to an operator', async () => {
    const cookie = await office.login('anna');
    expect((await fetch(`${office.url}/api/v1/recordings/${id}`, { headers: { cookie } })).status).toBe(200);
    expect((await fetch(`${office.url}/api/v1/recordings/${id}`)).status).toBe(401);
    expect((await office.call('GET', '/api/v1/recordings/none')).status).toBe(404);
  });

  it('of others are available to an operator only if the settings say so', async () => {
    const { hashPassword } = await import('../../src/runtime/password.ts');
    const passwordHash = await hashPassword('secret-petr');
    const user = {
      login: 'petr',
      role: 'operator',
      manager: 'm2',
      scope: null,
      disabled: false,
      passwordHash,
    } as const;
    await office.store.apply([{ op: 'put-user', user }]);
    const cookie = await office.login('petr');
    const listen = async () => (await fetch(`${office.url}/api/v1/recordings/${id}`, { headers: { cookie } })).status;
    expect(await listen()).toBe(403);
    heard = 'scope';
    expect(await listen()).toBe(200);
    heard = 'own';
  });

  it('are sent from the copy, and each listening is written down', async () => {
    const { id: blob, bytes } = await blobs.put(Readable.from([Buffer.from('OggS and more')]), 100);
    const copied = {
      file: 'b.wav',
      path: null,
      blob,
      leg: null,
      kind: 'voicemail',
      state: 'ready',
      seconds: 1,
    } as const;
    const call = missedCall('rec-2');
    await office.intake.emit({
      ...call,
      recordings: [{ ...copied, startedAt: call.startedAt, mime: 'audio/ogg', bytes }],
    });
    const { items } = await office.store.read.interactions({ limit: 2, cursor: null });
    const kept = items.flatMap(({ recordings }) => recordings).find(({ kind }) => kind === 'voicemail');
    const path = `/api/v1/recordings/${kept?.id}`;
    const answer = await office.call('GET', path, undefined, { range: 'bytes=0-3' });
    expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([
      206,
      'OggS',
      'audio/ogg',
    ]);
    await vi.waitFor(async () => {
      const { items: entries } = await office.store.read.audit({ limit: 20, cursor: null });
      expect(entries.filter(({ action, subject }) => action === 'hear-recording' && subject === kept?.id)).toHaveLength(
        1,
      );
    });
  });

  it('are sent in full if the range is invalid', () => {
    for (const header of [undefined, 'bytes=-', 'bytes=0-1,3-4', 'items=0-1'])
      expect(parseRange(header, 10)).toBeNull();
    expect(parseRange('bytes=5-2', 10)).toBe('unsatisfiable');
    expect(parseRange('bytes=-0', 10)).toBe('unsatisfiable');
  });
});
