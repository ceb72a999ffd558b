import { expect } from 'vitest';
import type { InteractionId } from '../../src/domain/base/ids.ts';
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

const talk = {
  ...{ id: '019bb180-0000-7000-8000-000000000003', startedAt: '2026-01-12T09:10:00.000Z', channel: 'call' },
  ...{ party: { phone: '+79161234567' }, handledBy: { id: 'a', name: 'Anna' }, object: null, links: {} },
};

/** Two conversations: one waits for an answer since its first message, one is closed. */
const message = (n: number, thread: string, more: object = {}) => ({
  ...{ id: `019bb180-0000-7000-8000-00000000001${n}`, startedAt: `2026-01-12T09:2${n}:00.000Z`, thread },
  ...{ object: null, links: {}, party: { email: null }, responsible: { id: 'a', name: 'Anna' }, ...more },
});
const closed = { by: { id: 'a', name: 'Anna' }, at: '2026-01-12T09:29:00.000Z' };
const messages = [message(0, 'waits'), message(1, 'waits'), message(2, 'over', { closed })];

/** A client and interactions as a program with schema version 2 wrote them. */
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
  {
    sql: `INSERT INTO interactions (id, revision, channel, direction, state, started_at, phone, live, auto, body)
      VALUES ($1, 1, 'call', 'outbound', 'answered', $2, $3, '0', '1', $4)`,
    values: [talk.id, talk.startedAt, talk.party.phone, JSON.stringify(talk)],
  },
  ...messages.map((one) => ({
    sql: `INSERT INTO interactions (id, revision, channel, direction, state, started_at, thread, live, auto, body)
      VALUES ($1, 1, 'message', 'inbound', 'received', $2, $3, '0', '0', $4)`,
    values: [one.id, one.startedAt, one.thread, JSON.stringify(one)],
  })),
];

/** Expects them to be found in every way that later versions added. */
export async function expectOlderRows({ read, directory }: Store): Promise<void> {
  const page = { limit: 5, cursor: null };
  expect((await read.clients({ ...page, q: 'берез' })).items).toEqual([old]);
  expect((await read.interactions({ ...page, deal: 'theirs' })).items).toMatchObject([{ id }]);
  expect((await read.interactions({ ...page, deal: 'd1' })).items).toEqual([]);
  expect((await read.interactions({ ...page, channel: 'call', state: 'missed' })).items).toMatchObject([{ id }]);
  for (const unanswered of [true, false])
    expect((await read.conversations({ ...page, unanswered, owners: ['a'] })).items).toMatchObject([
      { id: 'waits', waitingSince: messages[0]?.startedAt, latest: { id: messages[1]?.id } },
    ]);
  const hour = Date.parse('2026-01-12T09:00:00Z');
  expect(await read.hourCounts(hour)).toEqual([{ line: 'main', connection: 'pbx', hour, count: 1 }]);
  expect(await read.relinksPending()).toBe(false);
  expect(directory.lastTalker({ phone: talk.party.phone, client: null }, Date.parse(talk.startedAt))).toBe('a');
}

const failedId = '019bb180-0000-7000-8000-000000000002';
const failed = {
  id: failedId,
  revision: 3,
  channel: 'message',
  direction: 'outbound',
  state: 'failed',
  startedAt: '2026-01-12T09:05:00.000Z',
  party: { phone: null, raw: '', ext: null, withheld: false, email: null, account: null, name: null },
  match: { outcome: 'unknown', decidedBy: 'auto', by: null, at: '2026-01-12T09:05:00.000Z', candidates: [] },
  ...{ client: null, contact: null, responsible: null, assignee: null, handledBy: null, line: null, thread: null },
  ...{ legs: [], notes: [], recordings: [], suggestions: [], handovers: [], participants: [], alsoOn: [] },
  ...{ endedAt: null, mergedInto: null, automatic: null, object: null, links: {} },
  problem: 'chat not found',
  route: {
    decision: 'default',
    to: null,
    trace: [{ rule: 'client', outcome: 'noted', why: 'the caller is not a known client' }],
  },
};
const stuck = { destination: 'crm', subject: failedId, error: 'HTTP 400: no' };

/** Rows of a program with schema version 18, which had no reason codes. */
export const rowsWithoutCodes: typeof olderRows = [
  {
    sql: `INSERT INTO interactions (id, revision, channel, direction, state, started_at, live, auto, body)
      VALUES ($1, 3, 'message', 'outbound', 'failed', $2, '0', '1', $3)`,
    values: [failedId, failed.startedAt, JSON.stringify(failed)],
  },
  {
    sql: `INSERT INTO owed (destination, kind, subject, revision, delivered, state, attempts, next_at, error, updated_at)
      VALUES ($1, 'interaction', $2, 3, 0, 'parked', 1, 0, $3, 0)`,
    values: [stuck.destination, stuck.subject, stuck.error],
  },
  {
    sql: `INSERT INTO quarantine (id, connection, key, reason, version, at, tried_at, tries)
      VALUES ('q', 'mail', 'k', 'TypeError at x', '1', 0, 0, 1)`,
    values: [],
  },
];

/** Expects them to be read with their English texts and without codes, and to be usable by people. */
export async function expectRowsWithoutCodes(store: Store): Promise<void> {
  const { read } = store;
  const page = { limit: 5, cursor: null };
  const step = { why: 'the caller is not a known client', reasons: [] };
  const readable = { id: failedId, problem: 'chat not found', problemReason: null, route: { trace: [step] } };
  expect((await read.interactions({ ...page, channel: 'message', state: 'failed' })).items).toMatchObject([readable]);
  expect(await read.interaction(failedId as InteractionId)).toMatchObject(readable);
  expect((await read.owed({ ...page })).items).toMatchObject([{ lastError: stuck.error, lastReason: null }]);
  expect((await read.quarantine(page)).items).toMatchObject([{ reason: 'TypeError at x', faultReason: null }]);
  const by = { id: 'a', name: 'A' };
  const decision = { note: 'wrote by mail instead' };
  const at = Date.parse('2026-01-12T10:00:00Z');
  const id = failedId as InteractionId;
  const [noted] = await store.apply([{ op: 'decide', id, ifRevision: null, by, decision, at }]);
  expect(noted).toMatchObject({ ok: true, changes: [{ interaction: { ...readable, revision: 4 } }] });
}
