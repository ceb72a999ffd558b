import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InteractionId } from '../../src/domain/base/ids.ts';
import type { View } from '../../src/domain/interaction/view.ts';
import type { ConversationFilters, ConversationQuery } from '../../src/domain/ports/queries.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Change, Write } from '../../src/domain/ports/writes.ts';
import type { WrittenContact } from '../../src/domain/written/written-contact.ts';
import { client, endedCall, manager } from '../support/calls.ts';
import { letter } from '../support/written.ts';

const at = Date.now() - 3600_000;
const anna = { id: 'a', name: 'Manager a' };
const view = (...managers: string[]): View => ({ managers, lines: [], otherLines: [] });
const emails = { ofAnna: 'anna-client@example.com', ofPetr: 'petr-client@example.com', stranger: 'x@example.com' };
const ours = { direction: 'outbound', state: 'sent', manager: 'a' } as const;

/** What every store must list as open and unanswered conversations. */
export function describeUnanswered(name: string, open: () => Promise<Store>): void {
  describe(`${name}: open and unanswered conversations`, () => {
    let store: Store;
    let count = 0;

    beforeEach(async () => {
      store = await open();
      const managers = [manager('a', '101'), manager('b', '102')];
      const clients = (['a', 'b'] as const).map((responsible) =>
        client(`of ${responsible}`, [], {
          responsible,
          identifiers: [{ kind: 'email', value: responsible === 'a' ? emails.ofAnna : emails.ofPetr }],
        }),
      );
      await apply({ op: 'staff', staff: { managers, lines: [] }, at }, { op: 'put-clients', clients, at });
    });
    afterEach(() => store.close());

    async function apply(...writes: Write[]): Promise<readonly Change[]> {
      const results = await store.apply(writes);
      return results.flatMap((result) => {
        if (!result.ok) throw new Error(result.message);
        return result.changes;
      });
    }

    /** A message in a thread, some seconds after the beginning. */
    async function take(thread: string, seconds: number, more: Partial<WrittenContact> = {}, email = emails.ofAnna) {
      count += 1;
      const party = { phone: null, email, account: null, name: 'Ivan' };
      const event = letter(`m${count}`, { channel: 'message', thread, at: at + seconds * 1000, party, ...more });
      const [change] = await apply({ op: 'contact', event });
      return (change as Change).interaction;
    }

    const closing = (id: string): Write => ({ op: 'close', id: id as InteractionId, by: anna, at: at + 60_000 });
    const secondsIn = (seconds: number) => new Date(at + seconds * 1000).toISOString();

    async function list(filters: Partial<ConversationQuery> = {}, seen: View | null = null, limit = 50) {
      const found: string[] = [];
      const query = { unanswered: true, cursor: null, ...filters, limit };
      for (let cursor: string | null = null; ; ) {
        const page = await store.read.under(seen).conversations({ ...query, cursor });
        found.push(...page.items.map(({ id }) => id));
        cursor = page.next;
        if (cursor === null) return found;
      }
    }
    const counted = (filters: ConversationFilters = {}, seen: View | null = null) =>
      store.read.under(seen).unansweredCount(filters);
    const waitingSince = async (id: string) => {
      const { items } = await store.read.under(null).conversations({ unanswered: false, limit: 50, cursor: null });
      return items.find((one) => one.id === id)?.waitingSince;
    };

    it('lists what waits, longest first, and everything open, newest first', async () => {
      await take('one', 0);
      await take('two', 1);
      await take('one', 2);
      await take('three', 3, ours);
      await apply({ op: 'contact', event: endedCall('call') });
      expect(await list()).toEqual(['one', 'two']);
      expect(await list({ unanswered: false })).toEqual(['three', 'one', 'two']);
      expect(await counted()).toBe(2);
      for (const limit of [1, 2]) {
        expect(await list({}, null, limit)).toEqual(['one', 'two']);
        expect(await list({ unanswered: false }, null, limit)).toEqual(['three', 'one', 'two']);
        expect(await list({ unanswered: false }, view('a'), limit)).toEqual(['three', 'one', 'two']);
      }
    });

    it('waits since the first message that our answer left open', async () => {
      await take('one', 0);
      await take('one', 1);
      await take('one', 5, ours);
      expect(await list()).toEqual([]);
      expect(await waitingSince('one')).toBeNull();
      await take('one', 6);
      await take('one', 7);
      expect(await waitingSince('one')).toBe(secondsIn(6));
      // A message that crossed the answer, read late.
      await take('one', 4.8);
      expect(await waitingSince('one')).toBe(secondsIn(4.8));
    });

    it('leaves out automatic messages', async () => {
      await take('one', 0, { automatic: 'auto_reply' });
      expect(await list({ unanswered: false })).toEqual([]);
      await take('one', 1);
      const latest = await take('one', 2, { automatic: 'notice' });
      expect(await list()).toEqual(['one']);
      expect(await waitingSince('one')).toBe(secondsIn(1));
      // Closing marks the latest contact, even if it is automatic.
      await apply(closing(latest.id));
      expect(await list({ unanswered: false })).toEqual([]);
    });

    it('leaves out a closed conversation until the client writes again', async () => {
      const { id } = await take('one', 0);
      await take('one', 1);
      await apply(closing(id));
      expect(await list({ unanswered: false })).toEqual([]);
      expect(await counted()).toBe(0);
      await take('one', 90);
      expect(await list()).toEqual(['one']);
      expect(await waitingSince('one')).toBe(secondsIn(90));
    });

    it('follows the owner: the responsible manager, then the one who got it', async () => {
      const { id } = await take('one', 0);
      await take('two', 1, {}, emails.stranger);
      await take('three', 2, {}, emails.ofPetr);
      expect(await list({ owners: ['a'] })).toEqual(['one']);
      expect(await list({ owners: [''] })).toEqual(['two']);
      expect(await list({ owners: ['b', ''] })).toEqual(['two', 'three']);
      expect(await list({ unanswered: false, owners: ['b', ''] })).toEqual(['three', 'two']);
      expect(await list({ owners: [] })).toEqual([]);
      expect(await list({ unanswered: false, owners: [] })).toEqual([]);
      await apply({ op: 'hand-over', id, to: 'b', note: null, by: anna, at: at + 10_000 });
      expect(await list({ owners: ['a'] })).toEqual([]);
      expect(await list({ owners: ['b'] })).toEqual(['one', 'three']);
      expect(await counted({ owners: ['b'] })).toBe(2);
    });

    it('filters by channel, line and age', async () => {
      const other = { line: 'help@our.example' };
      const { line } = await take('one', 0, other);
      await take('two', 10, { channel: 'email' });
      await take('one', 20, other);
      expect(await list({ channel: 'email' })).toEqual(['two']);
      expect(await list({ unanswered: false, channel: 'message' })).toEqual(['one']);
      expect(await list({ line: line?.id ?? '' })).toEqual(['one']);
      expect(await list({ unanswered: false, line: line?.id ?? '' })).toEqual(['one']);
      expect(await list({ until: secondsIn(9) })).toEqual(['one']);
      expect(await list({ unanswered: false, until: secondsIn(15) })).toEqual(['two']);
      expect(await counted({ until: secondsIn(9), channel: 'message' })).toBe(1);
    });

    it('shows each view what it sees', async () => {
      await take('one', 0);
      await take('two', 1, {}, emails.ofPetr);
      await take('three', 2, {}, emails.stranger);
      for (const unanswered of [true, false]) {
        expect(await list({ unanswered }, view('a'))).toEqual(unanswered ? ['one', 'three'] : ['three', 'one']);
        expect(await list({ unanswered, owners: ['b'] }, view('a'))).toEqual([]);
        expect(await list({ unanswered }, view('b'))).toContain('two');
      }
      expect(await counted({}, view('a'))).toBe(2);
    });
  });
}
