import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientId, InteractionId } from '../../src/domain/base/ids.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import type { WrittenContact } from '../../src/domain/written/written-contact.ts';
import { applied } from '../support/applied.ts';
import { client } from '../support/calls.ts';
import { answerTo, because, letter, report, writtenAt, writtenTime } from '../support/written.ts';

const at = writtenAt;
const email = 'ivan@example.com';
const failed = { email, status: '5.1.1', why: '550 5.1.1 no such user' };
const owner = client('c', [], {
  contacts: [{ id: 'p', name: 'Ivan', identifiers: [{ kind: 'email', value: email }] }],
});

/** How every store must keep undeliverable addresses; run for each implementation. */
export function describeUndeliverable(name: string, open: () => Promise<Store>): void {
  describe(`${name}: undeliverable addresses`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
    });

    afterEach(() => store.close());

    const apply = (...writes: Write[]) => applied(store, writes);

    const sent = (id = 'out'): Write => ({ op: 'contact', event: answerTo('none', id) });
    const bounce = (minutes = 1, more = {}): Write => ({
      op: 'contact',
      event: report('out', {
        state: 'failed',
        problem: 'no such user',
        undeliverable: [failed],
        at: at + minutes * 60_000,
        ...more,
      }),
    });
    const came = (id: string, minutes: number, more: Partial<WrittenContact> = {}): Write => ({
      op: 'contact',
      event: letter(id, { at: at + minutes * 60_000, ...more }),
    });
    const marked = async () => (await store.read.undeliverable({ limit: 10, cursor: null })).items;
    const mark = { since: writtenTime(60), status: failed.status, why: failed.why };

    it('marks the address on its client, even after directory updates', async () => {
      await apply({ op: 'put-clients', clients: [owner], at }, sent(), bounce());
      expect((await store.read.client('c' as ClientId))?.contacts[0]?.identifiers).toEqual([
        { kind: 'email', value: email, undeliverable: mark },
      ]);
      await apply({ op: 'put-clients', clients: [{ ...owner, name: 'New' }], at: at + 1 });
      const page = await store.read.clients({ email, limit: 10, cursor: null });
      expect(page.items).toMatchObject([{ name: 'New', contacts: [{ identifiers: [{ undeliverable: mark }] }] }]);
      expect(await marked()).toEqual([{ email, ...mark }]);
    });

    it('reports the time of the first bounce and the text of the last', async () => {
      await apply(sent(), bounce(1), bounce(5, { undeliverable: [{ ...failed, why: 'still none' }] }));
      expect(await marked()).toEqual([{ email, ...mark, why: 'still none' }]);
    });

    it('keeps a bounce that arrives before its letter', async () => {
      await apply(bounce());
      expect(await marked()).toEqual([]);
      await apply(sent());
      expect(await marked()).toEqual([{ email, ...mark }]);
    });

    it('ignores bounces of letters that we did not send', async () => {
      await apply({ op: 'contact', event: letter('out') }, bounce());
      await apply({ op: 'contact', event: report('nobody knows it', { undeliverable: [failed] }) });
      expect(await marked()).toEqual([]);
    });

    it('removes the mark after a later letter by a human from that address, but not an earlier or automatic one', async () => {
      await apply(sent(), bounce(5), came('old', 4), came('robot', 6, { automatic: 'auto_reply' }));
      await apply(came('out of us', 7, { direction: 'outbound', state: 'sent' }));
      expect(await marked()).toHaveLength(1);
      await apply(came('alive', 8));
      expect(await marked()).toEqual([]);
      await apply(bounce(5));
      expect(await marked()).toEqual([]);
      await apply(bounce(9));
      expect(await marked()).toEqual([{ email, ...mark, since: writtenTime(540) }]);
    });

    it('does not set the mark for a bounce that is read after a later letter from the address', async () => {
      await apply(sent(), came('alive', 8), bounce(5));
      expect(await marked()).toEqual([]);
    });

    it('lets a human remove the mark, and the same bounce does not set it again', async () => {
      await apply(sent(), bounce());
      const clear: Write = { op: 'clear-undeliverable', email, at: at + 600_000 };
      await apply(clear);
      expect(await marked()).toEqual([]);
      expect(await store.apply([clear])).toMatchObject([{ ok: false, code: 'not_found' }]);
      await apply(bounce());
      expect(await marked()).toEqual([]);
      await apply(bounce(20));
      expect(await marked()).toHaveLength(1);
    });

    it('sets the mark if the server rejects the recipient at once', async () => {
      const [queued] = await apply({
        op: 'send',
        key: 'api:1' as never,
        channel: 'email',
        answers: null,
        connection: 'mail',
        content: {
          manager: 'a',
          to: { email, phone: null, account: null, name: null },
          subject: 'Hello',
          text: 'Hello',
          attachments: [],
          line: null,
        },
        by: { id: 'a', name: 'A' },
        expiresAt: at + 86_400_000,
        at,
      });
      const id = queued?.id as InteractionId;
      const outcome = { kind: 'failed' as const, reason: because('no such mailbox'), undeliverable: failed };
      await apply({ op: 'begin-sending', id, at }, { op: 'end-sending', id, outcome, at: at + 60_000 });
      expect(await marked()).toEqual([{ email, ...mark }]);
    });

    it('lists the addresses with pages', async () => {
      const addresses = ['a@example.com', 'b@example.com', 'c@example.com'];
      await apply(sent(), bounce(1, { undeliverable: addresses.map((one) => ({ ...failed, email: one })) }));
      const first = await store.read.undeliverable({ limit: 2, cursor: null });
      const second = await store.read.undeliverable({ limit: 2, cursor: first.next });
      expect([...first.items, ...second.items].map((one) => one.email)).toEqual(addresses);
      expect(second.next).toBeNull();
      const one = await store.read.undeliverable({ email: 'b@example.com', limit: 2, cursor: null });
      expect(one.items.map((found) => found.email)).toEqual(['b@example.com']);
    });
  });
}
