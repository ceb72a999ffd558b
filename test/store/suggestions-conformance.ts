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
import { letter, writtenAt } from '../support/written.ts';

const at = writtenAt;
const by = { id: 'a', name: 'Manager a' };
const phone = '+79161234567';
const signed = 'How much?\n\nIvan, 8 916 123-45-67, accounts@firm.example';
const email = (value: string) => ({ kind: 'email', value }) as const;
const ivan = client('c', [], { identifiers: [email('ivan@example.com')] });

/** How every store must keep what is suggested by a text, and what people make of it; run for each implementation. */
export function describeSuggestions(name: string, open: () => Promise<Store>): void {
  describe(`${name}: telephones and addresses in what was written`, () => {
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

    async function only(write: Write): Promise<Interaction> {
      const [first] = await apply(write);
      return first ?? expect.fail('nothing was changed');
    }

    it('suggests what stands in a letter and matches nobody by it', async () => {
      await apply({ op: 'put-clients', clients: [client('d', [phone])], at });
      const kept = await only(contact('1'));
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
      expect((await only(ring('r'))).suggestions).toEqual([]);
    });

    it('leaves out what the client has, its people too, by the CRM or by what a human chose', async () => {
      const people = [{ id: 'p', name: 'Oleg', identifiers: [email('accounts@firm.example')] }];
      await apply({ op: 'put-clients', clients: [{ ...ivan, contacts: people }], at });
      const first = await only(contact('1'));
      expect(values(first)).toEqual([phone]);
      await apply(settle(first.id, 'added'));
      expect(values(await only(contact('2')))).toEqual([]);
    });

    it('offers an edit’s new ones too, and goes on knowing what was said of the others', async () => {
      await apply({ op: 'put-clients', clients: [ivan], at });
      const first = await only(contact('1'));
      await apply(settle(first.id, 'dismissed'));
      const edited = await only(contact('1', { text: `${signed}, 8 495 123-45-67` }));
      expect(edited.suggestions.map(({ value, state }) => [value, state])).toEqual([
        [phone, 'dismissed'],
        ['accounts@firm.example', 'open'],
        ['+74951234567', 'open'],
      ]);
    });

    it('does not offer again in a conversation what was dismissed there', async () => {
      const first = await only(contact('1', { thread: 't' }));
      await apply(settle(first.id, 'dismissed'));
      expect(values(await only(contact('2', { thread: 't' })))).toEqual(['accounts@firm.example']);
      expect(values(await only(contact('3', { thread: 'u' })))).toEqual([phone, 'accounts@firm.example']);
      expect(await apply(contact('2', { thread: 't' }))).toEqual([]);
    });

    it('adds one to the client, with its calls before and after, by whom and when', async () => {
      await apply({ op: 'put-clients', clients: [ivan], at });
      const call = await only(ring('r'));
      expect(call.match.outcome).toBe('unknown');
      const first = await only(contact('1'));
      const changes = await apply(settle(first.id, 'added', {}, at + 5000));
      const added = { state: 'added', client: { id: 'c', name: 'Client c' }, by, at: '2026-11-24T09:00:05.000Z' };
      expect(changes).toMatchObject([
        { id: first.id, revision: 2, suggestions: [{ value: phone, ...added }, { state: 'open' }] },
        { id: call.id, client: { id: 'c' }, match: { decidedBy: 'human', by } },
      ]);
      expect(await only(ring('s'))).toMatchObject({ client: { id: 'c' }, match: { decidedBy: 'human', by } });
      const history = await store.read.interactionHistory(first.id);
      expect(history.at(-1)).toMatchObject({ by: 'a', what: 'suggestion' });
    });

    it('takes it back, with what had come by it, and with nothing else', async () => {
      await apply({ op: 'put-clients', clients: [ivan], at });
      const before = await only(ring('r'));
      const first = await only(contact('1'));
      await apply(settle(first.id, 'added', {}, at + 5000));
      const after = await only(ring('s'));
      await apply(settle(first.id, 'open', {}, at + 6000));
      for (const { id } of [before, after]) {
        expect(await store.read.interaction(id)).toMatchObject({ client: null, match: { decidedBy: 'auto' } });
      }
      expect((await only(ring('t'))).client).toBeNull();
      expect((await store.read.interaction(first.id))?.suggestions[0]).toMatchObject({
        state: 'open',
        client: null,
        by: null,
      });
      expect(store.directory.choice({ kind: 'phone', value: phone })).toBeNull();
    });

    it('leaves alone what somebody chose for the number meanwhile', async () => {
      await apply({ op: 'put-clients', clients: [ivan, client('d', [])], at });
      const first = await only(contact('1'));
      await apply(settle(first.id, 'added', {}, at + 5000));
      const call = await only(ring('r'));
      await apply(decide(call.id, { client: client('d', []).id }, at + 6000));
      await apply(settle(first.id, 'open', {}, at + 7000));
      expect((await only(ring('s'))).client?.id).toBe('d');
    });

    it('chooses the client and adds in one patch', async () => {
      await apply({ op: 'put-clients', clients: [client('d', [])], at });
      const first = await only(contact('1'));
      expect(await store.apply([settle(first.id, 'added')])).toMatchObject([{ ok: false, code: 'conflict' }]);
      await apply(settle(first.id, 'added', { client: client('d', []).id }));
      expect((await only(ring('r'))).client?.id).toBe('d');
    });

    it('refuses to give a client what is another’s, and what was never suggested', async () => {
      await apply({ op: 'put-clients', clients: [ivan, client('d', [phone])], at });
      const first = await only(contact('1'));
      expect(await store.apply([settle(first.id, 'added')])).toMatchObject([{ ok: false, code: 'conflict' }]);
      const never = { kind: 'phone', value: '+74951234567', state: 'added' } as const;
      expect(await store.apply([decide(first.id, { suggestion: never })])).toMatchObject([
        { ok: false, code: 'invalid', path: '/suggestion' },
      ]);
      expect((await store.read.interaction(first.id))?.revision).toBe(1);
    });
  });
}
