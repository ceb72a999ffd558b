import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientId } from '../../src/domain/base/ids.ts';
import type { Lead } from '../../src/domain/follow-up/follow-up.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write, WriteResult } from '../../src/domain/ports/writes.ts';
import type { MissOwner } from '../../src/domain/routing/routing.ts';
import { call, client, leg, manager } from '../support/calls.ts';
import { answerTo, letter } from '../support/written.ts';

const anna = { id: 'a', name: 'Manager a' };
const petr = { id: 'b', name: 'Manager b' };
/** Of today, because old contacts create no tasks. */
const at = Date.now();
const page = { limit: 10, cursor: null };
const contact = (event: Extract<Write, { op: 'contact' }>['event']): Write => ({ op: 'contact', event });
const missed = (id: string, startedAt = at) =>
  call(id, {
    state: 'missed',
    startedAt,
    endedAt: startedAt + 20_000,
    legs: [leg('101', { endedAt: startedAt + 20_000, outcome: 'cancelled' })],
  });

/** How every store must create leads for unknown parties and tasks for what is owed; run for each implementation. */
export function describeFollowUps(name: string, open: () => Promise<Store>): void {
  describe(`${name}: leads and tasks`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      const managers = [manager('a', '101'), manager('b', '102')];
      await store.apply([{ op: 'staff', staff: { managers, lines: [] }, at }]);
    });

    afterEach(() => store.close());

    async function one(write: Write): Promise<WriteResult> {
      const [result] = await store.apply([write]);
      if (result === undefined) throw new Error('no result');
      return result;
    }

    const leads = async () => (await store.read.leads(page)).items;
    const tasks = async () => (await store.read.tasks(page)).items;
    const onlyLead = async () => (await leads())[0] as Lead;

    it('adds an unknown party to the pool once, on any channel', async () => {
      const result = await one(contact(letter('1', { at })));
      expect(result).toMatchObject({
        ok: true,
        followUps: [{ kind: 'lead', lead: { state: 'open', contacts: 1 } }, { kind: 'task' }],
      });
      await one(contact(letter('2', { at: at + 1000 })));
      expect(await leads()).toMatchObject([
        { state: 'open', contacts: 2, revision: 2, party: { email: 'ivan@example.com' } },
      ]);
    });

    it('creates no leads for clients, automatic messages, our own letters and history', async () => {
      const known = client('c', [], { identifiers: [{ kind: 'email', value: 'known@example.com' }] });
      await store.apply([{ op: 'put-clients', clients: [known], at }]);
      const party = { phone: null, email: 'known@example.com', account: null, name: null };
      await one(contact(letter('1', { at, party })));
      await one(contact(letter('2', { at, automatic: 'auto_reply' })));
      await one(contact(letter('3', { at, direction: 'outbound', state: 'sent' })));
      await one(contact(letter('4', { at: at - 30 * 86_400_000 })));
      expect(await leads()).toEqual([]);
      expect(await tasks()).toMatchObject([{ kind: 'answer', client: { id: 'c' } }]);
    });

    it('adds a call to the pool when it has ended', async () => {
      await one(contact(call('1', { startedAt: at })));
      expect(await leads()).toEqual([]);
      await one(contact(missed('1')));
      expect(await leads()).toMatchObject([{ channel: 'call', party: { phone: '+79161234567' } }]);
    });

    it('assigns a lead to the first manager who takes it', async () => {
      await one(contact(letter('1', { at })));
      const { id } = await onlyLead();
      expect(await one({ op: 'lead', id, act: { kind: 'take' }, by: anna, at })).toMatchObject({ ok: true });
      expect(await one({ op: 'lead', id, act: { kind: 'take' }, by: petr, at })).toMatchObject({
        ok: false,
        code: 'conflict',
      });
      expect(await store.read.lead(id)).toMatchObject({ state: 'taken', takenBy: anna });
      expect((await store.read.leads({ ...page, state: 'open' })).items).toEqual([]);
    });

    it('qualifies a lead as a client, and assigns all its contacts to that client', async () => {
      await store.apply([{ op: 'put-clients', clients: [client('c', [])], at }]);
      await one(contact(letter('1', { at })));
      await one(contact(letter('2', { at })));
      const { id } = await onlyLead();
      await one({ op: 'lead', id, act: { kind: 'qualify', client: 'c' as ClientId }, by: anna, at });
      expect(await store.read.lead(id)).toMatchObject({ state: 'qualified', client: { id: 'c' }, takenBy: anna });
      const { items } = await store.read.interactions(page);
      expect(items.map((item) => item.client?.id)).toEqual(['c', 'c']);
      // Routing sees it at once, because the next call may already be ringing.
      expect(store.directory.choice({ kind: 'email', value: 'ivan@example.com' })).toMatchObject({ client: 'c' });
      await one(contact(letter('3', { at })));
      expect(await leads()).toHaveLength(1);
    });

    it('remembers that a party is no prospect', async () => {
      await one(contact(letter('1', { at })));
      const { id } = await onlyLead();
      await one({ op: 'lead', id, act: { kind: 'reject', reason: 'advertising' }, by: anna, at });
      await one(contact(letter('2', { at })));
      expect(await leads()).toMatchObject([{ id, state: 'rejected', reason: 'advertising' }]);
      expect(await one({ op: 'lead', id, act: { kind: 'take' }, by: anna, at })).toMatchObject({
        ok: false,
        code: 'conflict',
      });
    });

    it('closes a lead when the CRM adds the client', async () => {
      await one(contact(letter('1', { at })));
      const known = client('c', [], { identifiers: [{ kind: 'email', value: 'ivan@example.com' }] });
      await one({ op: 'put-clients', clients: [known], at });
      expect(await leads()).toMatchObject([{ state: 'qualified', client: { id: 'c' } }]);
    });

    it('owes an answer to a letter until one was sent', async () => {
      await one(contact(letter('1', { at })));
      expect(await tasks()).toMatchObject([{ kind: 'answer', state: 'open' }]);
      await one(contact(answerTo('1', '2', { at: at + 1000 })));
      expect(await tasks()).toMatchObject([{ kind: 'answer', state: 'done', doneBy: null }]);
    });

    it('owes a call to a missed caller until somebody has talked with them, in either direction', async () => {
      await one(contact(missed('1')));
      await one(contact(missed('2', at + 60_000)));
      const [owed, ...others] = await tasks();
      expect(owed).toMatchObject({ kind: 'call_back', contacts: 2, revision: 2 });
      expect(owed?.latest).not.toBe(owed?.interaction);
      expect(others).toEqual([]);
      const talked = leg('101', { talkedAt: at + 90_000, endedAt: at + 95_000, outcome: 'answered' });
      const back = {
        direction: 'outbound',
        state: 'answered',
        startedAt: at + 80_000,
        endedAt: at + 95_000,
        legs: [talked],
      } as const;
      await one(contact(call('3', back)));
      expect(await tasks()).toMatchObject([{ state: 'done' }]);
      await one(contact(missed('4', at + 120_000)));
      expect(await tasks()).toMatchObject([{ state: 'open', contacts: 1 }, { state: 'done' }]);
    });

    it('gives a missed call to the manager of the setting', async () => {
      const managers = [manager('a', '101'), manager('b', '102'), manager('h', '103')];
      const heads = { sales: { members: ['a', 'b'], head: 'h' } };
      const misses = (...owners: MissOwner[]): Write => ({
        op: 'staff',
        staff: { managers, lines: [], misses: { owners, heads } },
        at,
      });
      const rung = [leg('101', { rangAt: at + 1000 }), leg('102', { rangAt: at + 5000 })].map((one) => ({
        ...one,
        endedAt: at + 20_000,
        outcome: 'no_answer' as const,
      }));
      const from = (id: string, raw: string) =>
        contact({ ...missed(id), legs: rung, party: { raw, name: null, withheld: false } });
      const known = client('c', ['+79990000001', '+79990000002'], { responsible: 'a' });
      await store.apply([{ op: 'put-clients', clients: [known], at }, misses('client', 'last')]);
      await store.apply([from('1', '89990000001'), from('2', '89990000003')]);
      await store.apply([misses('last')]);
      await store.apply([from('3', '89990000002')]);
      await store.apply([misses('head')]);
      await store.apply([from('4', '89990000004')]);
      const owed = new Map((await tasks()).map((task) => [task.party?.phone, task.manager?.id]));
      expect(Object.fromEntries(owed)).toEqual({
        '+79990000001': 'a',
        '+79990000002': 'b',
        '+79990000003': 'b',
        '+79990000004': 'h',
      });
    });

    it('passes a task on once, unless it is done', async () => {
      await one(contact(missed('1')));
      const [{ id } = { id: '' }] = await tasks();
      const write = { op: 'escalate-task', id, to: petr, at } as const;
      expect(await one(write)).toMatchObject({ ok: true, followUps: [{ task: { manager: petr, revision: 2 } }] });
      expect((await store.read.tasks({ ...page, manager: 'b' })).items).toMatchObject([{ id }]);
      expect(await one(write)).toMatchObject({ ok: false, code: 'conflict' });
    });

    it('keeps manual tasks and filters them by owner', async () => {
      await one(contact(letter('1', { at })));
      const [owed] = await tasks();
      if (owed === undefined) throw new Error('no task');
      await one({
        op: 'put-task',
        task: { ...owed, id: 'mine', kind: 'other', manager: anna, text: 'send the price' },
      });
      expect((await store.read.tasks({ ...page, manager: 'a' })).items).toMatchObject([{ id: 'mine' }]);
      expect(await one({ op: 'task-done', id: 'mine', by: petr, at })).toMatchObject({
        ok: true,
        followUps: [{ task: { state: 'done', doneBy: petr } }],
      });
      expect(await one({ op: 'task-done', id: 'mine', by: petr, at })).toMatchObject({ ok: false, code: 'conflict' });
    });
  });
}
