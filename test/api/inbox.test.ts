import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { WrittenContact } from '../../src/domain/written/written-contact.ts';
import { client } from '../support/calls.ts';
import { type Office, openOffice } from '../support/office.ts';
import { letter } from '../support/written.ts';

interface Items<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

describe('the list of conversations', () => {
  let office: Office;
  const taken = new Map<string, Interaction>();

  beforeEach(async () => {
    office = await openOffice();
    const known = client('c', [], { responsible: 'm1', identifiers: [{ kind: 'email', value: 'ivan@example.com' }] });
    await office.intake.apply([{ op: 'put-clients', clients: [known], at: 0 }]);
    const stranger = { phone: null, email: 'x@example.com', account: null, name: null };
    await receive('a', -90);
    await receive('b', -20, { channel: 'message', party: stranger });
    await receive('c', -5);
    await receive('d', -1, { direction: 'outbound', state: 'sent' });
  });
  afterEach(() => office.close());

  /** A letter in a thread of its own, some minutes from now. */
  async function receive(thread: string, minutes: number, more: Partial<WrittenContact> = {}): Promise<void> {
    const event = letter(thread, { thread, at: office.clock.now() + minutes * 60_000, ...more });
    const [result] = await office.intake.apply([{ op: 'contact', event }]);
    if (result?.ok !== true) throw new Error(result?.message);
    taken.set(thread, result.changes[0]?.interaction as Interaction);
  }
  const idOf = (thread: string) => taken.get(thread)?.id ?? '';
  const get = async <T>(path: string) => (await (await office.call('GET', `/api/v1${path}`)).json()) as T;
  const list = async (query = '') =>
    (await get<Items<{ id: string }>>(`/conversations?${query}`)).items.map(({ id }) => id);
  const post = async (act: string, body: object) => {
    const answer = await office.call('POST', `/api/v1/conversations/${act}`, body);
    return { status: answer.status, items: ((await answer.json()) as Items<{ problem: unknown }>).items };
  };

  it('lists what waits, longest first, or everything open, newest first, in pages', async () => {
    expect(await list()).toEqual(['a', 'b', 'c']);
    expect(await list('state=open')).toEqual(['d', 'c', 'b', 'a']);
    const first = await get<Items<object>>('/conversations?limit=1');
    expect(first.items).toMatchObject([
      { id: 'a', waitingSince: taken.get('a')?.startedAt, latest: { id: idOf('a'), responsible: { id: 'm1' } } },
    ]);
    expect(await list(`limit=1&cursor=${first.next}`)).toEqual(['b']);
  });

  it.each([
    ['channel=message', ['b']],
    ['olderThan=15', ['a', 'b']],
    ['olderThan=60&channel=email', ['a']],
    ['scope=nobody', ['b']],
    // The caller is a program, which is no manager.
    ['scope=mine', []],
    ['scope=department', []],
    ['line=none', []],
  ])('filters by %s', async (query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  it.each(['scope=theirs', 'olderThan=0', 'olderThan=x', 'channel=call', 'state=closed', 'cursor=x'])(
    'refuses the query %s',
    async (query) => {
      expect((await office.call('GET', `/api/v1/conversations?${query}`)).status).toBe(422);
    },
  );

  it('counts what waits in each scope, under the same filters', async () => {
    expect(await get('/conversations/counts')).toEqual({ mine: 0, department: 0, nobody: 1, all: 3 });
    expect(await get('/conversations/counts?olderThan=60')).toEqual({ mine: 0, department: 0, nobody: 0, all: 1 });
  });

  it('closes many at once, and tells which could not be closed', async () => {
    await office.call('POST', `/api/v1/interactions/${idOf('b')}/close`);
    const { status, items } = await post('close', { interactions: [idOf('a'), idOf('b'), 'nonsense', idOf('c')] });
    expect(status).toBe(200);
    expect(items).toEqual([
      { id: idOf('a'), problem: null },
      { id: idOf('b'), problem: { type: 'conflict', detail: 'the conversation is already closed' } },
      { id: 'nonsense', problem: { type: 'not-found', detail: 'no such interaction' } },
      { id: idOf('c'), problem: null },
    ]);
    expect(await list()).toEqual([]);
  });

  it('hands many over to a manager with a note', async () => {
    const { items } = await post('handover', { interactions: [idOf('a'), idOf('b')], to: 'm2', note: 'on\r\nholiday' });
    expect(items.map(({ problem }) => problem)).toEqual([null, null]);
    const found = await get<Interaction>(`/interactions/${idOf('b')}`);
    expect(found).toMatchObject({ assignee: { id: 'm2' }, handovers: [{ to: { id: 'm2' }, note: 'on holiday' }] });
  });

  it('closes as many as a request may name', async () => {
    for (let n = 0; n < 196; n += 1) await receive(`more ${n}`, -200 - n);
    const ids = [...taken.values()].map(({ id }) => id);
    const { items } = await post('close', { interactions: ids.slice(0, 200) });
    expect(items).toHaveLength(200);
    expect(items.filter(({ problem }) => problem !== null)).toEqual([]);
    expect((await post('close', { interactions: [...ids, 'one too many'] })).status).toBe(422);
  });

  it.each([
    ['nobody', {}],
    ['an unknown manager', { to: 'm9' }],
    ['an unknown department', { department: 'Nowhere' }],
    ['a manager and a department', { to: 'm2', department: 'Sales' }],
  ])('hands nothing over to %s', async (_, to) => {
    expect((await post('handover', { interactions: [idOf('a')], ...to })).status).toBe(422);
  });
});
