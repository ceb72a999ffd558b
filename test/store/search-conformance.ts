import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlobId } from '../../src/domain/ports/blobs.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import type { WrittenContact } from '../../src/domain/written/written-contact.ts';
import { SearchIndexer } from '../../src/intake/search/search-indexer.ts';
import { inProcessJobs } from '../../src/runtime/jobs/job.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { applied } from '../support/applied.ts';
import { call, endedCall, manager } from '../support/calls.ts';
import { attachment, letter, writtenAt } from '../support/written.ts';

const by = { id: 'a', name: 'Anna' };
const blob = 'ef'.repeat(32) as BlobId;
const html = '<p>Да, берём.</p><blockquote type="cite">Вентили Ду50 по 1 250 000 руб.</blockquote>';

/** An indexer that a test drives step by step. */
export function indexerOf(store: Store, letters: ReadonlyMap<string, string> = new Map()): SearchIndexer {
  return new SearchIndexer({
    store,
    read: store.read,
    apply: (writes) => store.apply(writes),
    blobs: {
      size: async (id) => letters.get(id)?.length ?? null,
      open: async (id) => Readable.from([Buffer.from(letters.get(id) ?? '')]),
    },
    jobs: inProcessJobs,
    log: silentLogger,
  });
}

/** Does all steps until nothing waits. */
export async function indexAll(indexer: SearchIndexer): Promise<void> {
  for (let pause = await indexer.once(); typeof pause === 'number' || pause.upTo < 1000; ) pause = await indexer.once();
}

/** What every store must find by words; run for each implementation. */
export function describeSearch(name: string, open: () => Promise<Store>): void {
  describe(`${name}: search over texts`, () => {
    let store: Store;
    let indexer: SearchIndexer;

    beforeEach(async () => {
      store = await open();
      indexer = indexerOf(store, new Map([[blob, html]]));
    });
    afterEach(() => store.close());

    async function take(...contacts: readonly WrittenContact[]) {
      const changes = await applied(
        store,
        contacts.map((event) => ({ op: 'contact', event })),
      );
      await indexAll(indexer);
      return changes;
    }
    async function apply(...writes: Write[]): Promise<void> {
      await applied(store, writes);
      await indexAll(indexer);
    }
    const find = async (q: string, more: object = {}) =>
      (await store.read.interactions({ limit: 50, cursor: null, q, ...more })).items.map(
        ({ subject, id }) => subject ?? id,
      );

    it('finds letters by the forms of their words, newest first', async () => {
      await take(
        letter('1', { subject: 'Первое', text: 'Вышлите договор поставки насосов', at: writtenAt }),
        letter('2', { subject: 'Второе', text: 'Договоры подписаны, насос отгружен', at: writtenAt + 1000 }),
        letter('3', { subject: 'Third', text: 'The pumps were shipped', at: writtenAt + 2000 }),
      );
      expect(await find('договора насоса')).toEqual(['Второе', 'Первое']);
      expect(await find('насосы отгруз')).toEqual([]);
      expect(await find('насосы отгруж')).toEqual(['Второе']);
      expect(await find('shipping pump')).toEqual(['Third']);
      expect(await find('второе')).toEqual(['Второе']);
      expect(await find('?!')).toEqual([]);
    });

    it('finds by names, addresses, files, notes and what is quoted', async () => {
      const [one] = await take(
        letter('1', {
          subject: 'Заявка',
          text: 'Да, берём.',
          party: { phone: null, email: 'ivan.petrov@example.com', account: null, name: 'Иван Кузнецов' },
          attachments: [{ ...attachment, name: 'Спецификация 17.xlsx' }],
          body: { blob, mime: 'text/html', quotedAt: null, remoteImages: false, inline: [] },
        }),
      );
      await apply({
        op: 'decide',
        id: one?.id as never,
        ifRevision: null,
        by,
        decision: { note: 'Перезвонить в пятницу' },
        at: writtenAt,
      });
      for (const q of ['кузнецову', 'ivan.petrov@exam', 'спецификации', 'пятница', 'вентиль', '1250000', 'берем'])
        expect(await find(q), q).toEqual(['Заявка']);
    });

    it('finds calls by their notes only, and follows what changes', async () => {
      await applied(store, [{ op: 'staff', staff: { managers: [manager('a', '101')], lines: [] }, at: writtenAt }]);
      const [taken] = await applied(store, [{ op: 'contact', event: endedCall('1') }]);
      await indexAll(indexer);
      const id = taken?.id as never;
      const phone = taken?.party.phone as string;
      expect(await find(phone)).toEqual([]);
      await apply({ op: 'decide', id, ifRevision: null, by, decision: { note: 'Просил скидку' }, at: writtenAt });
      expect(await find('скидка')).toEqual([id]);
      expect(await find(phone)).toEqual([id]);
    });

    it('applies the other filters and the view, also beyond one step', async () => {
      const letters = Array.from({ length: 600 }, (_, n) =>
        letter(`l${n}`, {
          subject: `s${n}`,
          text: 'насос',
          at: writtenAt + n,
          direction: n % 300 === 0 ? 'outbound' : 'inbound',
          ...(n % 300 === 0 && { state: 'sent' }),
        }),
      );
      await take(...letters);
      expect(await find('насос', { direction: 'outbound' })).toEqual(['s300', 's0']);
      const since = new Date(writtenAt + 597).toISOString();
      expect(await find('насос', { since })).toEqual(['s599', 's598', 's597']);
      const view = { managers: ['nobody'], lines: [], otherLines: [] };
      const seen = await store.read.under(view).interactions({ limit: 5, cursor: null, q: 'насос' });
      const all = await store.read.under(view).interactions({ limit: 5, cursor: null });
      expect(seen.items.map(({ id }) => id)).toEqual(all.items.map(({ id }) => id));
    });

    it('pages through everything once', async () => {
      await take(
        ...Array.from({ length: 25 }, (_, n) =>
          letter(`l${n}`, { subject: `s${n}`, text: 'насос', at: writtenAt + Math.floor(n / 5) }),
        ),
      );
      const found: (string | null)[] = [];
      for (let cursor: string | null = null; ; ) {
        const page = await store.read.interactions({ limit: 4, cursor, q: 'насос' });
        found.push(...page.items.map(({ subject }) => subject));
        cursor = page.next;
        if (cursor === null) break;
      }
      expect(found).toHaveLength(25);
      expect(new Set(found).size).toBe(25);
    });

    it('does not index what has changed since it was read', async () => {
      const [one] = await applied(store, [{ op: 'contact', event: letter('1', { subject: 'A', text: 'насос' }) }]);
      const id = one?.id as never;
      await applied(store, [{ op: 'decide', id, ifRevision: null, by, decision: { note: 'x' }, at: writtenAt }]);
      await applied(store, [
        { op: 'index-texts', texts: [{ interaction: id, revision: 1, words: 'насос' }], filled: null },
      ]);
      expect(await find('насос')).toEqual([]);
      expect((await store.read.textsWaiting(5)).map((each) => each.id)).toEqual([id]);
      await indexAll(indexer);
      expect(await find('насос')).toEqual(['A']);
      expect(await store.read.textsWaiting(5)).toEqual([]);
    });

    it('forgets what is removed', async () => {
      await take(letter('1', { subject: 'A', text: 'насос' }));
      const today = new Date();
      const keepFrom = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 2, 1);
      const signal = new AbortController().signal;
      await store.housekeep({ now: keepFrom, keepFrom, keepDetached: false, signal });
      expect(await find('насос')).toEqual([]);
    });

    it('indexes earlier contacts in the background, and only once', async () => {
      await applied(store, [{ op: 'index-texts', texts: [], filled: null }]);
      const events = Array.from({ length: 3 }, (_, n) =>
        letter(`l${n}`, { subject: `s${n}`, text: 'насос', at: writtenAt + n }),
      );
      const changes = await applied(
        store,
        [...events, call('c', {})].map((event) => ({ op: 'contact', event })),
      );
      // As an earlier version left it: nothing waits.
      const ids = changes.map(({ id }) => id);
      const before = (await store.read.textsWaiting(10)).length;
      await applied(store, [
        {
          op: 'index-texts',
          texts: ids.map((interaction) => ({ interaction, revision: 1, words: null })),
          filled: null,
        },
      ]);
      expect([before, await find('насос')]).toEqual([3, []]);
      await indexAll(indexer);
      expect(await find('насос')).toEqual(['s2', 's1', 's0']);
      expect(await store.read.textsToFill(10)).toEqual([]);
    });
  });
}
