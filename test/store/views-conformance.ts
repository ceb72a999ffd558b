import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientId, InteractionId } from '../../src/domain/base/ids.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { View } from '../../src/domain/interaction/view.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Change, Write } from '../../src/domain/ports/writes.ts';
import { call, client, leg, manager } from '../support/calls.ts';
import { letter } from '../support/written.ts';

const at = Date.now();
const talked = { talkedAt: at - 50_000, endedAt: at - 40_000, outcome: 'answered' } as const;
const ended = { startedAt: at - 60_000, endedAt: at - 40_000, state: 'answered' } as const;
/** A view of these managers, without the pool. */
const of = (...managers: string[]): View => ({ managers, lines: [], otherLines: ['shared', 'petrs'] });
const anna: View = { managers: ['a'], lines: ['shared'], otherLines: ['petrs'] };
const petr: View = { managers: ['b'], lines: ['shared', 'petrs'], otherLines: [] };
const by = { id: 'a', name: 'Manager a' };

/** What every store must show and hide in a restricted view; run for each implementation. */
export function describeViews(name: string, open: () => Promise<Store>): void {
  describe(`${name}: views`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      const managers = [manager('a', '101'), manager('b', '102'), manager('c', '103')];
      const line = (id: string, address: string) => ({ id, channel: 'call' as const, address, label: id, ...rest });
      const rest = { connection: null, attribution: { source: null, medium: null, campaign: null }, route: null };
      const lines = [line('shared', '74950000001'), line('petrs', '74950000002')];
      await apply({ op: 'staff', staff: { managers, lines }, at });
    });
    afterEach(() => store.close());

    async function apply(...writes: Write[]): Promise<readonly Change[]> {
      const results = await store.apply(writes);
      return results.flatMap((result) => {
        if (!result.ok) throw new Error(result.message);
        return result.changes;
      });
    }

    async function take(event: Extract<Write, { op: 'contact' }>['event']): Promise<InteractionId> {
      const [change] = await apply({ op: 'contact', event });
      return (change as Change).interaction.id;
    }

    /** A call from a number, answered by (or ringing at) these extensions. */
    const calls = (id: string, raw: string, ...extensions: readonly string[]) =>
      take(
        call(id, {
          ...ended,
          party: { raw, name: null, withheld: false },
          dialled: '74950000001',
          legs: extensions.map((one) => leg(one, talked)),
        }),
      );

    const lists = async (view: View | null, query: object = {}) => {
      const found: string[] = [];
      for (let cursor: string | null = null; ; ) {
        const page = await store.read.under(view).interactions({ limit: 2, cursor, ...query });
        found.push(...page.items.map(({ id }) => id));
        cursor = page.next;
        if (cursor === null) return found;
      }
    };
    const sees = async (view: View | null, id: string) =>
      (await store.read.under(view).interaction(id as InteractionId)) !== null;

    it('shows what a manager answered, was rung for, is responsible for or was handed, with pages, newest first', async () => {
      await apply({ op: 'put-clients', clients: [client('c1', ['+79161110001'], { responsible: 'a' })], at });
      const own = await calls('own', '+79160000001', '101');
      const rung = await take(
        call('rung', {
          ...ended,
          state: 'answered',
          party: { raw: '+79160000002', name: null, withheld: false },
          startedAt: at - 30_000,
          legs: [leg('101', { endedAt: at - 29_000, outcome: 'elsewhere' }), leg('102', talked)],
        }),
      );
      const clients = await take(
        call('client', {
          ...ended,
          party: { raw: '+79161110001', name: null, withheld: false },
          startedAt: at - 20_000,
          legs: [leg('102', talked)],
        }),
      );
      const other = await calls('other', '+79160000003', '102');
      const handed = await take(letter('l', { at: at - 10_000, channel: 'message', thread: 't' }));
      const later = await take(letter('m', { at: at - 5000, channel: 'message', thread: 't' }));
      await apply({ op: 'hand-over', id: later, to: 'a', note: null, by: { id: 'b', name: 'b' }, at });
      expect(await lists(of('a'))).toEqual([later, handed, clients, rung, own]);
      expect(await lists(null)).toHaveLength(6);
      for (const id of [own, rung, clients, handed, later]) expect(await sees(anna, id)).toBe(true);
      expect(await sees(anna, other)).toBe(false);
      expect(await lists(of())).toEqual([]);
      expect(new Set(await lists(of('a', 'b')))).toEqual(new Set(await lists(null)));
    });

    it('returns the same under every filter', async () => {
      await apply({
        op: 'put-clients',
        clients: [
          client('c1', ['+79161110001'], {
            responsible: 'c',
            deals: [{ id: 'd1', name: 'D', stage: null, url: null }],
          }),
        ],
        at,
      });
      const mine = await calls('mine', '+79161110001', '101');
      const theirs = await calls('theirs', '+79161110001', '102');
      const view = of('a');
      for (const filter of [
        {},
        { client: 'c1' },
        { phone: '+79161110001' },
        { deal: 'd1' },
        { channel: 'call' },
        { direction: 'inbound' },
        { state: 'answered' },
        { manager: 'a' },
        { since: new Date(at - 3_600_000).toISOString() },
      ])
        expect(await lists(view, filter), JSON.stringify(filter)).toEqual([mine]);
      expect(await lists(view, { manager: 'b' })).toEqual([]);
      expect((await lists(null, { client: 'c1' })).sort()).toEqual([mine, theirs].sort());
      expect(await lists(of('c'), { manager: 'b' })).toEqual([theirs]);
    });

    it('shows a client’s contacts only to the current responsible manager', async () => {
      const owned = (responsible: string | null) => client('c1', ['+79161110001'], { responsible });
      await apply({ op: 'put-clients', clients: [owned('c')], at });
      const id = await calls('1', '+79161110001', '102');
      const c = of('c');
      const a = of('a');
      expect([await sees(c, id), await sees(a, id)]).toEqual([true, false]);
      await apply({ op: 'put-clients', clients: [owned('a')], at: at + 1 });
      expect([await lists(a), await store.read.under(a).client('c1' as ClientId)]).toMatchObject([[id], { id: 'c1' }]);
      await apply({ op: 'put-clients', clients: [owned(null)], at: at + 2 });
      expect([await lists(a), await store.read.under(a).client('c1' as ClientId)]).toEqual([[], null]);
      // The manager who was responsible when the call was routed keeps access to it.
      expect(await sees(c, id)).toBe(true);
      await apply(
        { op: 'put-clients', clients: [owned('a')], at: at + 3 },
        { op: 'delete-client', id: 'c1' as ClientId, at: at + 4 },
      );
      expect(await lists(a)).toEqual([]);
    });

    it('keeps a line’s unknown callers in the pool of its managers until one has them', async () => {
      const missed = { ...ended, state: 'missed', legs: [] } as const;
      const party = { raw: '+79160000001', name: null, withheld: false };
      const shared = await take(call('1', { ...missed, party, dialled: '74950000001' }));
      const petrs = await take(
        call('2', { ...missed, party: { ...party, raw: '+79160000002' }, dialled: '74950000002' }),
      );
      const unknown = await take(
        call('3', { ...missed, party: { ...party, raw: '+79160000003' }, dialled: '78120000000' }),
      );
      expect(new Set(await lists(anna))).toEqual(new Set([shared, unknown]));
      expect(new Set(await lists(petr))).toEqual(new Set([shared, unknown, petrs]));
      const answered = await calls('4', '+79160000004', '102');
      expect([await sees(anna, answered), await sees(petr, answered)]).toEqual([false, true]);
      await apply({ op: 'put-clients', clients: [client('c9', ['+79160000001'], { responsible: 'b' })], at });
      expect([await sees(anna, shared), await sees(petr, shared)]).toEqual([false, true]);
    });

    it('shows a manager’s own clients and those dealt with, in lists, by number and by name', async () => {
      const firm = (id: string, phone: string, responsible: string | null) =>
        client(id, [phone], { responsible, name: `Firm ${id}` });
      await apply({
        op: 'put-clients',
        clients: [firm('c1', '+79161110001', 'a'), firm('c2', '+79161110002', 'b'), firm('c3', '+79161110003', null)],
        at,
      });
      await calls('1', '+79161110002', '101');
      const ids = async (view: View | null, query: object = {}) =>
        (await store.read.under(view).clients({ limit: 10, cursor: null, ...query })).items.map(({ id }) => id);
      const a = of('a');
      const b = of('b');
      expect(await ids(a)).toEqual(['c1', 'c2']);
      expect(await ids(b)).toEqual(['c2']);
      expect(await ids(of())).toEqual([]);
      expect(await ids(a, { q: 'firm' })).toEqual(['c1', 'c2']);
      expect(await ids(b, { phone: '+79161110001' })).toEqual([]);
      expect(await ids(a, { phone: '+79161110001' })).toEqual(['c1']);
      const first = await store.read.under(a).clients({ limit: 1, cursor: null });
      expect(await ids(a, { cursor: first.next })).toEqual(['c2']);
      expect(await store.read.under(b).client('c1' as ClientId)).toBeNull();
    });

    it('shows leads of the manager’s lines, and taken ones to the manager who took them', async () => {
      const missed = { ...ended, state: 'missed', legs: [] } as const;
      const party = { raw: '+79160000001', name: null, withheld: false };
      await take(call('1', { ...missed, party, dialled: '74950000001' }));
      await take(call('2', { ...missed, party: { ...party, raw: '+79160000002' }, dialled: '74950000002' }));
      const leads = async (view: View | null) =>
        (await store.read.under(view).leads({ limit: 10, cursor: null })).items.map(({ line }) => line?.id).sort();
      expect([await leads(null), await leads(anna), await leads(petr), await leads(of())]).toEqual([
        ['petrs', 'shared'],
        ['shared'],
        ['petrs', 'shared'],
        [],
      ]);
      const [lead] = (await store.read.under(anna).leads({ limit: 1, cursor: null })).items;
      await apply({ op: 'lead', id: lead?.id ?? '', act: { kind: 'take' }, by, at });
      expect([await leads(anna), await leads(petr)]).toEqual([['shared'], ['petrs']]);
      expect(await store.read.under(petr).lead(lead?.id ?? '')).toBeNull();
    });

    it('shows tasks to their owner, and unassigned ones to those who see the contact', async () => {
      const missed = { ...ended, state: 'missed', legs: [] } as const;
      await apply({ op: 'put-clients', clients: [client('c1', ['+79161110001'], { responsible: 'a' })], at });
      const party = { raw: '+79161110001', name: null, withheld: false };
      await take(call('1', { ...missed, party }));
      await take(call('2', { ...missed, party: { ...party, raw: '+79160000002' }, dialled: '74950000002' }));
      const tasks = async (view: View | null) =>
        (await store.read.under(view).tasks({ limit: 10, cursor: null })).items.map((task) => task.party?.phone).sort();
      expect([await tasks(null), await tasks(anna), await tasks(petr)]).toEqual([
        ['+79160000002', '+79161110001'],
        ['+79161110001'],
        ['+79160000002'],
      ]);
      const [task] = (await store.read.under(anna).tasks({ limit: 1, cursor: null })).items;
      expect(await store.read.under(petr).task(task?.id ?? '')).toBeNull();
    });

    it('fills a page of leads even if many before them are hidden', async () => {
      const missed = { ...ended, state: 'missed', legs: [] } as const;
      for (let i = 0; i < 12; i += 1) {
        const raw = `+7916000${String(1000 + i)}`;
        await take(
          call(`${i}`, {
            ...missed,
            party: { raw, name: null, withheld: false },
            dialled: i < 4 ? '74950000001' : '74950000002',
          }),
        );
      }
      const page = await store.read.under(anna).leads({ limit: 3, cursor: null });
      const rest = await store.read.under(anna).leads({ limit: 3, cursor: page.next });
      expect([page.items.length, rest.items.length, rest.next]).toEqual([3, 1, null]);
    });

    it('applies the contact’s visibility to its files, letters and history', async () => {
      const body = {
        blob: 'cd'.repeat(32),
        mime: 'text/html',
        quotedAt: null,
        styled: true,
        remoteImages: false,
        inline: [],
      } as never;
      const file = { blob: 'ab'.repeat(32) as never, name: 'a.pdf', mime: 'application/pdf', bytes: 7 };
      await apply({
        op: 'put-clients',
        clients: [client('c1', [], { responsible: 'a', identifiers: [{ kind: 'email', value: 'ivan@example.com' }] })],
        at,
      });
      const id = await take(letter('x', { attachments: [file], body }));
      const whole = (await store.read.interaction(id)) as Interaction;
      const [attachment] = whole.attachments;
      const under = (view: View | null) => {
        const read = store.read.under(view);
        return Promise.all([read.attachment(attachment?.id ?? ''), read.letterBody(id), read.interactionHistory(id)]);
      };
      expect(await under(anna)).toMatchObject([{ interaction: id }, { mime: 'text/html' }, [{ revision: 1 }]]);
      expect(await under(petr)).toEqual([null, null, []]);
    });
  });
}
