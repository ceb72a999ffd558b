import { expect } from 'vitest';
import type { Store } from '../../src/domain/ports/store.ts';
import { client } from '../support/calls.ts';

const id = '019bb180-0000-7000-8000-000000000001';
const deal = { id: 'd1', name: 'Deal', stage: null, url: null };
const old = client('c1', [], { name: 'ООО «Берёзка»', deals: [deal, deal] });
const link = { id: '7', url: null, client: null, deal: 'theirs' };
const body = {
  id,
  startedAt: '2026-01-12T09:00:00.000Z',
  object: null,
  links: { crm: link, other: { ...link, deal: null } },
};

/** A client and an interaction as a program that knew version 2 of the schema wrote them. */
export const olderRows: readonly { readonly sql: string; readonly values: readonly string[] }[] = [
  {
    sql: 'INSERT INTO clients (id, name, folded, kind, body) VALUES ($1, $2, $3, $4, $5)',
    values: [old.id, old.name, old.name.toLowerCase(), 'company', JSON.stringify(old)],
  },
  {
    sql: `INSERT INTO interactions (id, revision, channel, direction, state, started_at, line, connection, live, auto, body)
      VALUES ($1, 1, 'call', 'inbound', 'missed', $2, 'main', 'pbx', '0', '1', $3)`,
    values: [id, body.startedAt, JSON.stringify(body)],
  },
];

/** They are found in every way that later versions brought. */
export async function expectOlderRows({ read }: Store): Promise<void> {
  const page = { limit: 5, cursor: null };
  expect((await read.clients({ ...page, q: 'берез' })).items).toEqual([old]);
  expect((await read.interactions({ ...page, deal: 'theirs' })).items).toMatchObject([{ id }]);
  expect((await read.interactions({ ...page, deal: 'd1' })).items).toEqual([]);
  expect((await read.interactions({ ...page, channel: 'call', state: 'missed' })).items).toMatchObject([{ id }]);
  const hour = Date.parse('2026-01-12T09:00:00Z');
  expect(await read.hourCounts(hour)).toEqual([{ line: 'main', connection: 'pbx', hour, count: 1 }]);
  expect(await read.relinksPending()).toBe(false);
}
