import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientId, InteractionId } from '../../src/domain/base/ids.ts';
import type { Client } from '../../src/domain/directory/client.ts';
import type { Decision } from '../../src/domain/ports/contact-writes.ts';
import type { ClientQuery } from '../../src/domain/ports/queries.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Change, Write } from '../../src/domain/ports/writes.ts';
import { call, callStart, client, endedCall, manager } from '../support/calls.ts';

const at = callStart;
const phone = '+79161234567';
const boss = { id: 'boss', name: 'Boss' };
const deal = (id: string) => ({ id, name: `Deal ${id}`, stage: null, url: null });

/** How every store must find clients, their deals and their earlier interactions. */
export function describeDirectory(name: string, open: () => Promise<Store>): void {
  describe(`${name}: the client directory`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      await store.apply([
        { op: 'staff', staff: { managers: [manager('a', '101')], lines: [] }, at },
        { op: 'destinations', names: ['crm'], at },
      ]);
    });

    afterEach(() => store.close());

    async function apply(...writes: Write[]): Promise<readonly Change[]> {
      return (await store.apply(writes)).flatMap((result) => {
        if (!result.ok) throw new Error(result.message);
        return result.changes;
      });
    }
    const put = (...clients: Client[]) => apply({ op: 'put-clients', clients, at });
    const named = (id: string, text: string, more: Partial<Client> = {}) => client(id, [], { name: text, ...more });
    const decide = (id: string | undefined, decision: Decision) =>
      store.apply([{ op: 'decide', id: id as InteractionId, ifRevision: null, by: boss, decision, at }]);

    describe('search by name', () => {
      const find = async (q: string, more: Partial<ClientQuery> = {}) =>
        (await store.read.clients({ limit: 50, cursor: null, q, ...more })).items.map((one) => one.id);

      it('matches the beginnings of words in any order, ignoring case and diacritics', async () => {
        await put(
          named('c1', 'ООО «Берёзка» Казань'),
          named('c2', 'ИП Берёзкин'),
          named('c3', 'Café Müller, Йена'),
          named('c4', 'Ромашка-2'),
        );
        expect(await find('БЕРЕЗ')).toEqual(['c2', 'c1']);
        expect(await find('казань берёзка')).toEqual(['c1']);
        expect(await find('muller CAFE йен')).toEqual(['c3']);
        expect(await find('2')).toEqual(['c4']);
        expect(await find('р')).toEqual(['c4']);
        expect(await find('берёзка самара')).toEqual([]);
        expect(await find('ерёзк')).toEqual([]);
        expect(await find("' OR 1=1 -- *")).toEqual([]);
        expect(await find('«%_»')).toEqual([]);
      });

      it('follows renamed and removed clients', async () => {
        await put(named('c1', 'Лютик'));
        await put(named('c1', 'Василёк'));
        expect([await find('лют'), await find('василек')]).toEqual([[], ['c1']]);
        await apply({ op: 'delete-client', id: 'c1' as ClientId, at });
        expect(await find('василек')).toEqual([]);
      });

      it('finds one client among many by its rare word, in any position', async () => {
        const many = Array.from({ length: 1500 }, (_, i) => named(`m${i}`, `ООО Техно ${i}`));
        await put(...many);
        await put(named('one', 'Яшма ООО Техно'));
        expect(await find('ооо техно яшм')).toEqual(['one']);
        expect(await find('техно 1499')).toEqual(['m1499']);
        expect((await find('техн ооо')).length).toBe(50);
      });

      it('pages through the results without gaps or duplicates', async () => {
        await put(...Array.from({ length: 25 }, (_, i) => named(`c${i}`, `Клён ${i % 4}`)));
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<Store['read']['clients']>> = await store.read.clients({
            limit: 4,
            cursor,
            q: 'клен',
          });
          seen.push(...page.items.map((one) => one.id));
          cursor = page.next;
        } while (cursor !== null);
        expect([seen.length, new Set(seen).size]).toEqual([25, 25]);
      });

      it('can be combined with a phone', async () => {
        await put(client('c1', [phone], { name: 'Мак' }), client('c2', [], { name: 'Мак' }));
        expect(await find('мак', { phone })).toEqual(['c1']);
      });
    });

    describe("a source's clients", () => {
      const person = (id: string) => ({ id, name: `Person ${id}`, identifiers: [] });
      const withParts = (contacts: readonly string[], deals: readonly string[]) =>
        store.read.clientsWith('crm', { contacts, deals }).then((ids) => ids.toSorted());

      it('are found by their contact persons and deals, as these come and go', async () => {
        await put(
          client('crm:a', [], { contacts: [person('p1'), person('p2')], deals: [deal('d1')] }),
          client('crm:b', [], { contacts: [person('p1')] }),
          client('other:c', [], { contacts: [person('p1')], deals: [deal('d1')] }),
        );
        expect(await withParts(['p1'], [])).toEqual(['crm:a', 'crm:b']);
        expect(await withParts(['p2'], ['d1'])).toEqual(['crm:a']);
        expect(await withParts([], [])).toEqual([]);
        await put(client('crm:a', [], { contacts: [person('p2')] }));
        await apply({ op: 'delete-client', id: 'crm:b' as ClientId, at });
        expect(await withParts(['p1'], ['d1'])).toEqual([]);
        expect(await withParts(['p2'], [])).toEqual(['crm:a']);
      });

      it('are listed with their contact persons and deals in the order of ids', async () => {
        await put(
          client('crm:b', [], { contacts: [person('p1')], deals: [deal('d1')] }),
          client('crm:a', []),
          client('other:c', []),
        );
        expect(await store.read.membersOfSource('crm', '', 5)).toEqual([
          { id: 'crm:a', contacts: [], deals: [] },
          { id: 'crm:b', contacts: ['p1'], deals: ['d1'] },
        ]);
        expect(await store.read.membersOfSource('crm', 'crm:a', 5)).toMatchObject([{ id: 'crm:b' }]);
      });
    });

    describe('interactions of a deal', () => {
      const ofDeal = async (id: string) =>
        (await store.read.interactions({ limit: 50, cursor: null, deal: id })).items.map((one) => one.id);

      it("are its client's, unless they name a different deal", async () => {
        await put(client('c1', [phone], { deals: [deal('d1'), deal('d2')] }));
        const [first] = await apply({ op: 'contact', event: endedCall('1') });
        const [second] = await apply({ op: 'contact', event: endedCall('2', { startedAt: callStart + 1000 }) });
        const [one, two] = [first?.interaction.id, second?.interaction.id];
        expect([await ofDeal('d1'), await ofDeal('d2'), await ofDeal('d3')]).toEqual([[two, one], [two, one], []]);

        await decide(one, { object: { type: 'deal', id: 'd2' } });
        expect([await ofDeal('d1'), await ofDeal('d2')]).toEqual([[two], [two, one]]);
        await decide(one, { object: { type: 'order', id: 'd2' } });
        expect(await ofDeal('d1')).toEqual([two, one]);
      });

      it('are those that the CRM names, even if the client is a different one', async () => {
        await put(client('c1', [phone], { deals: [deal('d1')] }));
        const [made] = await apply({ op: 'contact', event: endedCall('1') });
        const { id = '' as InteractionId, revision = 0 } = made?.interaction ?? {};
        const link = { id: '7', url: null, client: null, deal: 'theirs' };
        await apply({
          op: 'delivered',
          destination: 'crm',
          kind: 'interaction',
          subject: id,
          revision,
          outcome: { kind: 'done', link },
          at,
        });
        expect([await ofDeal('theirs'), await ofDeal('d1')]).toEqual([[id], []]);
      });

      it('leave the deal when the client loses it', async () => {
        await put(client('c1', [phone], { deals: [deal('d1')] }));
        await apply({ op: 'contact', event: endedCall('1') });
        await put(client('c1', [phone], { deals: [deal('d9')] }));
        expect([await ofDeal('d1'), (await ofDeal('d9')).length]).toEqual([[], 1]);
      });
    });

    describe('a contact person chosen by a human', () => {
      const people = { contacts: [{ id: 'p1', name: 'Maria', identifiers: [] }] };

      it("may be any of the client's, and outlasts changes of the directory", async () => {
        await put(client('c1', [phone], people));
        const [made] = await apply({ op: 'contact', event: endedCall('1') });
        await decide(made?.interaction.id, { contact: 'p1' });
        await put(client('c2', [phone]));
        const kept = await store.read.interaction(made?.interaction.id as InteractionId);
        expect(kept).toMatchObject({
          client: { id: 'c1' },
          contact: { id: 'p1', name: 'Maria' },
          match: { decidedBy: 'human' },
        });
      });

      it('must exist', async () => {
        await put(client('c1', [phone], people), client('c2', []));
        const [made] = await apply({ op: 'contact', event: endedCall('1') });
        const id = made?.interaction.id;
        const refused = [
          ...(await decide(id, { contact: 'p9' })),
          ...(await decide(id, { client: 'c2' as ClientId, contact: 'p1' })),
          ...(await decide(id, { client: null, contact: 'p1' })),
          ...(await decide(id, { client: 'c9' as ClientId })),
        ];
        expect(refused).toMatchObject([
          { code: 'invalid', path: '/contact' },
          { code: 'invalid', path: '/contact' },
          { code: 'invalid', path: '/contact' },
          { code: 'invalid', path: '/client' },
        ]);
      });
    });

    it('gives a client all its earlier calls in several writes, however many they are', async () => {
      const calls = Array.from({ length: 1203 }, (_, i): Write => {
        // Many calls start in the same second, as on a busy switchboard.
        const startedAt = callStart + Math.floor(i / 7) * 1000;
        return { op: 'contact', event: endedCall(String(i), { startedAt, endedAt: startedAt + 35_000 }) };
      });
      await apply(...calls);
      const batches = [(await put(client('c1', [phone]))).length];
      while (await store.read.relinksPending()) batches.push((await apply({ op: 'relink', at })).length);
      expect(batches).toEqual([500, 500, 203]);
      const seen = new Set<string>();
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<Store['read']['interactions']>> = await store.read.interactions({
          limit: 200,
          cursor,
          client: 'c1',
        });
        for (const { id, revision } of page.items) seen.add(`${id} ${revision}`);
        cursor = page.next;
      } while (cursor !== null);
      expect(seen.size).toBe(1203);
      expect([...seen].every((one) => one.endsWith(' 2'))).toBe(true);
      expect(await apply({ op: 'relink', at })).toEqual([]);
    });

    it('counts due and parked deliveries without reading completed ones', async () => {
      await apply({ op: 'contact', event: endedCall('1') }, { op: 'contact', event: call('2') });
      const [first] = await store.read.owedDue('crm', Date.UTC(2200, 0), 1);
      const { subject = '', revision = 0 } = first ?? {};
      await apply({
        op: 'delivered',
        destination: 'crm',
        kind: 'interaction',
        subject,
        revision,
        outcome: { kind: 'done', link: null },
        at,
      });
      expect(await store.read.owedCounts()).toEqual([
        { destination: 'crm', state: 'due', count: 1 },
        { destination: 'crm', state: 'parked', count: 0 },
      ]);
      const pages = await Promise.all(
        (['due', 'parked', 'done'] as const).map((state) => store.read.owed({ limit: 5, cursor: null, state })),
      );
      expect(pages.map((page) => page.items.length)).toEqual([1, 0, 1]);
    });
  });
}
