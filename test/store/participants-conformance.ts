import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import type { WrittenContact } from '../../src/domain/written/written-contact.ts';
import { applied } from '../support/applied.ts';
import { client } from '../support/calls.ts';
import { letter, writtenAt } from '../support/written.ts';

const at = writtenAt;
const email = (value: string) => ({ kind: 'email', value }) as const;
const ivan = client('i', [], { identifiers: [email('ivan@example.com')] });
const olga = { id: 'o', name: 'Olga', identifiers: [email('olga@firm.example'), email('o@firm.example')] };
const firm = client('f', [], { contacts: [olga] });
const other = (address: string, name: string | null = null) => ({ email: address, name });

/** How every store must keep the other participants of a letter; run for each implementation. */
export function describeParticipants(name: string, open: () => Promise<Store>): void {
  describe(`${name}: other participants of letters`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
    });

    afterEach(() => store.close());

    const apply = (...writes: Write[]) => applied(store, writes);

    const take = (id: string, others: NonNullable<WrittenContact['others']>, more: Partial<WrittenContact> = {}) =>
      apply({ op: 'contact', event: letter(id, { others, ...more }) });
    async function historyOf(id: string, more = {}): Promise<readonly string[]> {
      const { items } = await store.read.interactions({ client: id, limit: 10, cursor: null, ...more });
      return items.map(({ thread }) => thread?.replace('thread of ', '') ?? '');
    }

    it('shows the letter on each participating client’s card, and keeps its author as the party', async () => {
      await apply({ op: 'put-clients', clients: [ivan, firm], at });
      const [kept] = await take('1', [
        other('olga@firm.example', 'O.'),
        other('new@x.example'),
        other('o@firm.example'),
      ]);
      expect(kept).toMatchObject({ client: { id: 'i' }, party: { email: 'ivan@example.com' } });
      const of = { client: { id: 'f', name: 'Client f' }, contact: { id: 'o', name: 'Olga' } };
      expect(kept?.participants).toEqual([
        { email: 'olga@firm.example', name: 'O.', ...of },
        { email: 'new@x.example', name: null, client: null, contact: null },
        { email: 'o@firm.example', name: null, ...of },
      ]);
      expect(await historyOf('f')).toEqual(['1']);
      expect(await historyOf('i')).toEqual(['1']);
      expect(await take('1', [other('olga@firm.example', 'O.')])).toEqual([]);
    });

    it('adds a client that gets the address later, and removes one that loses it', async () => {
      await take('1', [other('olga@firm.example')]);
      expect(await historyOf('f')).toEqual([]);
      await apply({ op: 'put-clients', clients: [firm], at });
      expect(await historyOf('f')).toEqual(['1']);
      await apply({ op: 'put-clients', clients: [client('f', [])], at });
      expect(await historyOf('f')).toEqual([]);
    });

    it('assigns an address shared by several clients to nobody', async () => {
      await apply({ op: 'put-clients', clients: [firm, client('g', [], { contacts: [olga] })], at });
      const [kept] = await take('1', [other('olga@firm.example')]);
      expect(kept?.participants).toMatchObject([{ client: null, contact: null }]);
    });

    it('lists such letters among the client’s own, newest first, with pages, without duplicates, under every filter', async () => {
      await apply({ op: 'put-clients', clients: [ivan, firm], at });
      const own = { phone: null, email: 'olga@firm.example', account: null, name: null };
      for (let i = 0; i < 7; i += 1) {
        const more = i % 2 === 0 ? { party: own } : {};
        const others = i % 2 === 0 ? [other('o@firm.example')] : [other('olga@firm.example'), other('o@firm.example')];
        await take(String(i), others, { at: at + i * 1000, ...more });
      }
      const pages: string[] = [];
      for (let cursor: string | null = null; ; ) {
        const page = await store.read.interactions({ client: 'f', limit: 3, cursor });
        pages.push(page.items.map(({ thread }) => thread?.at(-1)).join(''));
        cursor = page.next;
        if (cursor === null) break;
      }
      expect(pages).toEqual(['654', '321', '0']);
      expect(await historyOf('f', { channel: 'email', since: new Date(at + 4000).toISOString() })).toEqual([
        '6',
        '5',
        '4',
      ]);
      expect(await historyOf('f', { channel: 'call' })).toEqual([]);
      expect(await historyOf('f', { manager: 'nobody' })).toEqual([]);
      expect(await historyOf('i')).toEqual(['5', '3', '1']);
    });
  });
}
