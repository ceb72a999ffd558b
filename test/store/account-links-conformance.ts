import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventKey, type InteractionId } from '../../src/domain/base/ids.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { codeOf } from '../../src/domain/written/contact-code.ts';
import { applied } from '../support/applied.ts';
import { client } from '../support/calls.ts';
import { letter, writtenAt } from '../support/written.ts';

const at = writtenAt;
const phone = '+79161234567';
const owner = client('c', [phone]);

/** How every store must find the client of a messenger account; run for each implementation. */
export function describeAccountLinks(name: string, open: () => Promise<Store>): void {
  describe(`${name}: messenger accounts and their clients`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
    });

    afterEach(() => store.close());

    const apply = (...writes: Write[]) => applied(store, writes);

    /** A message of account 42, which proves the phone if one is given. */
    const message = (n: number, more: { phone?: string; text?: string; outbound?: true } = {}): Write => ({
      op: 'contact',
      event: letter(`m${n}`, {
        channel: 'message',
        direction: more.outbound === true ? 'outbound' : 'inbound',
        state: more.outbound === true ? 'sent' : 'received',
        party: {
          phone: more.phone ?? null,
          email: null,
          account: { kind: 'telegram', connection: 'bot', id: '42', username: null },
          name: 'Ivan',
        },
        thread: 'bot:42',
        text: more.text ?? 'hello',
        at: at + n * 1000,
      }),
    });

    const clientsOf = async (...ids: (InteractionId | undefined)[]) =>
      Promise.all(ids.map(async (id) => (await store.read.interaction(id as InteractionId))?.client?.id ?? null));

    it('identifies an account by the phone that it proved, in earlier and later messages', async () => {
      await apply({ op: 'put-clients', clients: [owner], at });
      const [before] = await apply(message(1));
      expect(before?.match.outcome).toBe('unknown');
      const changes = await apply(message(2, { phone }));
      expect(changes.map((one) => [one.id, one.client?.id])).toEqual([
        [expect.not.stringMatching(before?.id ?? ''), 'c'],
        [before?.id, 'c'],
      ]);
      const [after] = await apply(message(3));
      expect(after).toMatchObject({ party: { phone: null }, client: { id: 'c' } });
      expect(after?.match.candidates[0]?.via).toEqual({ kind: 'phone', value: phone });
      expect(await apply(message(2, { phone }))).toEqual([]);
    });

    it('gives all messages of an account to the client that gets its phone later, and takes them away again', async () => {
      const [first] = await apply(message(1));
      await apply(message(2, { phone }));
      await apply({ op: 'put-clients', clients: [owner], at });
      expect(await clientsOf(first?.id)).toEqual(['c']);
      await apply({ op: 'put-clients', clients: [client('c', [])], at });
      expect(await clientsOf(first?.id)).toEqual([null]);
    });

    it('uses the latest proof, and ignores outgoing messages', async () => {
      await apply({ op: 'put-clients', clients: [owner, client('d', ['+79167654321'])], at });
      const [first] = await apply(message(1, { phone: '+79167654321', outbound: true }));
      const [second] = await apply(message(2));
      expect(second?.client).toBeNull();
      await apply(message(3, { phone }));
      await apply(message(4, { phone: '+79167654321' }));
      const [last] = await apply(message(5));
      expect(last?.client?.id).toBe('d');
      expect(await clientsOf(first?.id, second?.id)).toEqual(['d', 'd']);
    });

    it("applies a human's choice for an account to all messages, prefers it to a proof, and can undo it", async () => {
      const by = { id: 'a', name: 'A' };
      await apply({ op: 'put-clients', clients: [owner, client('d', [])], at });
      const [first, second] = await apply(message(1), message(2));
      const decide = (id: InteractionId | undefined, to: string | null): Write => ({
        op: 'decide',
        id: id as InteractionId,
        ifRevision: null,
        by,
        decision: { client: to as never },
        at,
      });
      await apply(decide(second?.id, 'd'));
      expect(await clientsOf(first?.id, second?.id)).toEqual(['d', 'd']);
      await apply(message(3, { phone }));
      const [fourth] = await apply(message(4));
      expect(fourth).toMatchObject({ client: { id: 'd' }, match: { decidedBy: 'human' } });
      await apply(decide(fourth?.id, null));
      const [fifth] = await apply(message(5));
      expect(fifth).toMatchObject({ client: null, match: { decidedBy: 'human' } });
    });

    it("identifies an account by a form's code in its first message, and by no other code", async () => {
      await apply({ op: 'put-clients', clients: [owner], at });
      const party = { phone, email: null, account: null, name: 'Ivan' };
      const form = letter('f', { channel: 'form', key: eventKey('site', '1'), party, handle: null });
      const [sent] = await apply({ op: 'contact', event: form });
      const [mail] = await apply({ op: 'contact', event: letter('e', { party: { ...party, phone } }) });
      const code = codeOf(sent?.id as InteractionId);
      const [stranger] = await apply(message(1, { text: `/start ${codeOf(mail?.id as InteractionId)}` }));
      expect(await clientsOf(stranger?.id)).toEqual([null]);
      const [first] = await apply(message(2, { text: `Hello! My code: ${code}.` }));
      expect(await clientsOf(stranger?.id, first?.id)).toEqual(['c', 'c']);
      const [next] = await apply(message(3));
      expect(next?.client?.id).toBe('c');
    });
  });
}
