import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InteractionId } from '../../src/domain/base/ids.ts';
import type { Interaction, SuggestionState } from '../../src/domain/interaction/interaction.ts';
import type { Decision } from '../../src/domain/ports/contact-writes.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { identifiersIn } from '../../src/domain/written/suggestions.ts';
import type { WrittenContact } from '../../src/domain/written/written-contact.ts';
import { applied } from '../support/applied.ts';
import { client, endedCall, manager } from '../support/calls.ts';
import { letter, writtenAt, writtenTime } from '../support/written.ts';

const at = writtenAt;
const by = { id: 'a', name: 'Manager a' };
const phone = '+79161234567';
const signed = 'How much?\n\nIvan, 8 916 123-45-67, accounts@firm.example';
const email = (value: string) => ({ kind: 'email', value }) as const;
const ivan = client('c', [], { identifiers: [email('ivan@example.com')] });

/** How every store must keep suggestions from texts and the decisions about them; run for each implementation. */
export function describeSuggestions(name: string, open: () => Promise<Store>): void {
  describe(`${name}: phone numbers and addresses in texts`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      await store.apply([{ op: 'staff', staff: { managers: [manager('a', '101')], lines: [] }, at }]);
    });

    afterEach(() => store.close());

    const apply = (...writes: Write[]) => applied(store, writes);

    const contact = (id: string, more: Partial<WrittenContact> = {}): Write => {
      const event = letter(id, { text: signed, ...more });
      return { op: 'contact', event: { ...event, found: identifiersIn(event.text ?? '', 'RU') } };
    };
    const decide = (id: InteractionId, decision: Decision, when = at): Write => ({
      op: 'decide',
      id,
      ifRevision: null,
      by,
      decision,
      at: when,
    });
    const settle = (id: InteractionId, state: SuggestionState, more: Decision = {}, when = at) =>
      decide(id, { ...more, suggestion: { kind: 'phone', value: phone, state } }, when);
    const values = (interaction: Interaction | undefined) => interaction?.suggestions.map(({ value }) => value);
    const ring = (id: string, more = {}): Write => ({ op: 'contact', event: endedCall(id, more) });

    async function applyOne(write: Write): Promise<Interaction> {
      const [first] = await apply(write);
      return first ?? expect.fail('nothing was changed');
    }

    it('suggests identifiers from a letter without matching by them', async () => {
      await apply({ op: 'put-clients', clients: [client('d', [phone])], at });
      const kept = await applyOne(contact('1'));
      expect(kept).toMatchObject({
        client: null,
        party: { phone: null },
        match: { outcome: 'unknown', candidates: [] },
      });
      expect(kept.suggestions).toEqual([
        { kind: 'phone', value: phone, ext: null, state: 'open', client: null, by: null, at: null },
        { ...email('accounts@firm.example'), ext: null, state: 'open', client: null, by: null, at: null },
      ]);
      expect(await apply(contact('1'))).toEqual([]);
      expect((await applyOne(ring('r'))).suggestions).toEqual([]);
    });

    it("omits what the client or its contact persons have already, by the CRM or a human's choice", async () => {
      const people = [{ id: 'p', name: 'Oleg', identifiers: [email('accounts@firm.example')] }];
      await apply({ op: 'put-clients', clients: [{ ...ivan, contacts: people }], at });
      const first = await applyOne(contact('1'));
      expect(values(first)).toEqual([phone]);
      await apply(settle(first.id, 'added'));
      expect(values(await applyOne(contact('2')))).toEqual([]);
    });

    it('offers new ones of an edit too, and remembers the decisions about the others', async () => {
      await apply({ op: 'put-clients', clients: [ivan], at });
      const first = await applyOne(contact('1'));
      await apply(settle(first.id, 'dismissed'));
      const edited = await applyOne(contact('1', { text: `${signed}, 8 495 123-45-67` }));
      expect(edited.suggestions.map(({ value, state }) => [value, state])).toEqual([
        [phone, 'dismissed'],
        ['accounts@firm.example', 'open'],
        ['+74951234567', 'open'],
      ]);
    });

    it('does not offer a dismissed one again in the same conversation', async () => {
      const first = await applyOne(contact('1', { thread: 't' }));
      await apply(settle(first.id, 'dismissed'));
      expect(values(await applyOne(contact('2', { thread: 't' })))).toEqual(['accounts@firm.example']);
      expect(values(await applyOne(contact('3', { thread: 'u' })))).toEqual([phone, 'accounts@firm.example']);
      expect(await apply(contact('2', { thread: 't' }))).toEqual([]);
    });

    it('adds one to the client, with its earlier and later calls, and records by whom and when', async () => {
      await apply({ op: 'put-clients', clients: [ivan], at });
      const call = await applyOne(ring('r'));
      expect(call.match.outcome).toBe('unknown');
      const first = await applyOne(contact('1'));
      const changes = await apply(settle(first.id, 'added', {}, at + 5000));
      const added = { state: 'added', client: { id: 'c', name: 'Client c' }, by, at: writtenTime(5) };
      expect(changes).toMatchObject([
        { id: first.id, revision: 2, suggestions: [{ value: phone, ...added }, { state: 'open' }] },
        { id: call.id, client: { id: 'c' }, match: { decidedBy: 'human', by } },
      ]);
      expect(await applyOne(ring('s'))).toMatchObject({ client: { id: 'c' }, match: { decidedBy: 'human', by } });
      const history = await store.read.interactionHistory(first.id);
      expect(history.at(-1)).toMatchObject({ by: 'a', what: 'suggestion' });
    });

    it('undoes that, with what had come by it and nothing else', async () => {
      await apply({ op: 'put-clients', clients: [ivan], at });
      const before = await applyOne(ring('r'));
      const first = await applyOne(contact('1'));
      await apply(settle(first.id, 'added', {}, at + 5000));
      const after = await applyOne(ring('s'));
      await apply(settle(first.id, 'open', {}, at + 6000));
      for (const { id } of [before, after]) {
        expect(await store.read.interaction(id)).toMatchObject({ client: null, match: { decidedBy: 'auto' } });
      }
      expect((await applyOne(ring('t'))).client).toBeNull();
      expect((await store.read.interaction(first.id))?.suggestions[0]).toMatchObject({
        state: 'open',
        client: null,
        by: null,
      });
      expect(store.directory.choice({ kind: 'phone', value: phone })).toBeNull();
    });

    it('does not undo a choice made for the number in the meantime', async () => {
      await apply({ op: 'put-clients', clients: [ivan, client('d', [])], at });
      const first = await applyOne(contact('1'));
      await apply(settle(first.id, 'added', {}, at + 5000));
      const call = await applyOne(ring('r'));
      await apply(decide(call.id, { client: client('d', []).id }, at + 6000));
      await apply(settle(first.id, 'open', {}, at + 7000));
      expect((await applyOne(ring('s'))).client?.id).toBe('d');
    });

    it('chooses the client and adds the identifier in one patch', async () => {
      await apply({ op: 'put-clients', clients: [client('d', [])], at });
      const first = await applyOne(contact('1'));
      expect(await store.apply([settle(first.id, 'added')])).toMatchObject([{ ok: false, code: 'conflict' }]);
      await apply(settle(first.id, 'added', { client: client('d', []).id }));
      expect((await applyOne(ring('r'))).client?.id).toBe('d');
    });

    it('refuses to give a client what belongs to another, and what was never suggested', async () => {
      await apply({ op: 'put-clients', clients: [ivan, client('d', [phone])], at });
      const first = await applyOne(contact('1'));
      expect(await store.apply([settle(first.id, 'added')])).toMatchObject([{ ok: false, code: 'conflict' }]);
      const never = { kind: 'phone', value: '+74951234567', state: 'added' } as const;
      expect(await store.apply([decide(first.id, { suggestion: never })])).toMatchObject([
        { ok: false, code: 'invalid', path: '/suggestion' },
      ]);
      expect((await store.read.interaction(first.id))?.revision).toBe(1);
    });
  });
}
