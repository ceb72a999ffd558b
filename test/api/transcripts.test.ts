import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { missedCall, type Office, openOffice } from '../support/office.ts';

describe('transcripts', () => {
  let office: Office;
  let path: string;
  beforeAll(async () => {
    office = await openOffice();
    const call = missedCall('rec-1');
    const recording = {
      ...({ file: 'a.wav', path: '/rec/a.wav', leg: null, kind: 'call', state: 'ready' } as const),
      ...{ startedAt: call.startedAt, seconds: 9, mime: 'audio/wav', bytes: 10 },
    };
    await office.intake.emit({ ...call, recordings: [recording] });
    path = `/api/v1/recordings/${(await stored()).recordings[0]?.id}/transcript`;
  });
  afterAll(() => office.close());

  async function stored(): Promise<Interaction> {
    const [found] = (await office.store.read.interactions({ limit: 1, cursor: null })).items;
    if (found === undefined) throw new Error('expected a call');
    return found;
  }
  const phrases = [
    { side: 'client', from: 4.204, to: 8, text: '  Пришлите,\n пожалуйста, смету ' },
    { manager: 'm1', from: 0, to: 3.5, text: 'Добрый день!' },
  ];
  const put = (body: object) => office.call('PUT', path, body);

  it('are kept in order, with the names of managers, and raise the revision once', async () => {
    const { revision } = await stored();
    expect((await office.call('GET', path)).status).toBe(404);
    for (let time = 0; time < 2; time += 1)
      expect((await put({ language: 'ru', source: 'whisper', phrases })).status).toBe(204);
    const answer = await (await office.call('GET', path)).json();
    expect(answer).toMatchObject({
      ...{ language: 'ru', source: 'whisper' },
      phrases: [
        { side: 'manager', manager: { id: 'm1' }, from: 0, to: 3.5, text: 'Добрый день!' },
        { side: 'client', manager: null, from: 4.2, to: 8, text: 'Пришлите, пожалуйста, смету' },
      ],
    });
    const after = await stored();
    expect(after.revision).toBe(revision + 1);
    expect(after.recordings[0]?.transcript).toMatchObject({ state: 'ready', language: 'ru', phrases: 2 });
    expect(after.recordings[0]?.transcript?.url).toContain(path);
  });

  it('are replaced', async () => {
    const before = (await stored()).recordings[0]?.transcript?.id;
    expect((await put({ phrases: [{ from: 0, to: 1, text: 'Hello' }] })).status).toBe(204);
    const after = (await stored()).recordings[0]?.transcript;
    expect(after).toMatchObject({ language: null, phrases: 1 });
    expect(after?.id).not.toBe(before);
  });

  it('are refused if they make no sense or exceed a limit', async () => {
    const one = { from: 0, to: 1, text: 'Hello' };
    const faults = async (body: object) => {
      const answer = await put(body);
      return [answer.status, ((await answer.json()) as { errors: { path: string }[] }).errors[0]?.path];
    };
    expect(await faults({ phrases: [] })).toEqual([422, '/phrases']);
    expect(await faults({ phrases: [{ ...one, text: ' ' }] })).toEqual([422, '/phrases']);
    expect(await faults({ phrases: [{ ...one, manager: 'nobody' }] })).toEqual([422, '/phrases/0/manager']);
    expect(await faults({ phrases: [{ ...one, manager: 'm1', side: 'client' }] })).toEqual([422, '/phrases/0/side']);
    expect(await faults({ phrases: [{ ...one, from: 2 }] })).toEqual([422, '/phrases/0/to']);
    const long = Array.from({ length: 45 }, () => ({ ...one, text: 'a'.repeat(5000) }));
    expect(await faults({ phrases: long })).toEqual([422, '/phrases']);
    expect((await office.call('PUT', '/api/v1/recordings/none/transcript', { phrases: [one] })).status).toBe(404);
  });

  it('leave each reading in the audit log', async () => {
    await office.call('GET', path);
    await vi.waitFor(async () => {
      const { items } = await office.store.read.audit({ limit: 50, cursor: null });
      expect(items.map(({ action }) => action)).toContain('read-transcript');
    });
  });
});
