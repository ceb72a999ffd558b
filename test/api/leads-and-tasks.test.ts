import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Lead } from '../../src/domain/follow-up/follow-up.ts';
import { type Office, openOffice } from '../support/office.ts';
import { letter } from '../support/written.ts';

describe('leads and tasks over REST', () => {
  let office: Office;

  beforeEach(async () => {
    office = await openOffice();
    await office.intake.emit(letter('1', { at: Date.now() }));
  });

  afterEach(() => office.close());

  const list = async <T>(path: string) => ((await (await office.call('GET', path)).json()) as { items: T[] }).items;

  it('lists, takes and qualifies a lead', async () => {
    const [lead] = await list<Lead>('/api/v1/leads?state=open');
    const taken = await office.call('POST', `/api/v1/leads/${lead?.id}/take`);
    expect(await taken.json()).toMatchObject({ id: lead?.id, state: 'taken' });
    const unknown = await office.call('POST', `/api/v1/leads/${lead?.id}/qualify`, { client: 'nobody' });
    expect(unknown.status).toBe(422);
    const qualified = await office.call('POST', `/api/v1/leads/${lead?.id}/qualify`, {});
    expect(await qualified.json()).toMatchObject({ state: 'qualified', client: null });
    expect((await office.call('POST', `/api/v1/leads/${lead?.id}/reject`, { reason: 'late' })).status).toBe(409);
    expect((await office.call('POST', '/api/v1/leads/none/take')).status).toBe(404);
  });

  it('reports when an answer is due, and that it is overdue', async () => {
    const [task] = await list<{ createdAt: string; dueAt: string; overdue: boolean }>('/api/v1/tasks?state=open');
    expect(task).toMatchObject({ kind: 'answer', overdue: false });
    expect(Date.parse(task?.dueAt ?? '') - Date.parse(task?.createdAt ?? '')).toBe(60 * 60_000);
    office.clock.shift(61 * 60_000);
    expect(await list('/api/v1/tasks')).toMatchObject([{ overdue: true }]);
  });

  it('accepts due times from 1990 to ten years from now', async () => {
    const due = async (dueAt: string) => {
      const answer = await office.call('POST', '/api/v1/tasks', { manager: 'm1', text: 'x', dueAt });
      return { status: answer.status, text: await answer.text() };
    };
    const soon = new Date(office.clock.now() + 86_400_000).toISOString();
    expect((await due(soon)).status).toBe(201);
    for (const odd of ['1989-12-31T00:00:00Z', '9999-12-31T00:00:00Z', '0000-01-01T00:00:00Z']) {
      const { status, text } = await due(odd);
      expect(status).toBe(422);
      expect(text).toContain('expected a time between 1990-01-01 and ten years from now');
    }
    expect((await due('2026-99-99T00:00:00Z')).text).toContain('not a valid time');
  });

  it('keeps a manual task until it is done', async () => {
    const made = await office.call('POST', '/api/v1/tasks', { manager: 'm1', text: 'send the price' });
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };
    expect(await list('/api/v1/tasks?manager=m1')).toMatchObject([
      { id, kind: 'other', text: 'send the price', dueAt: null },
    ]);
    expect(await (await office.call('POST', `/api/v1/tasks/${id}/done`)).json()).toMatchObject({ state: 'done' });
    expect((await office.call('POST', `/api/v1/tasks/${id}/done`)).status).toBe(409);
    expect((await office.call('POST', '/api/v1/tasks', { manager: 'nobody', text: 'x' })).status).toBe(422);
  });
});
