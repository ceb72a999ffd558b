import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventKey, type InteractionId } from '../../src/domain/base/ids.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Change, Write, WriteResult } from '../../src/domain/ports/writes.ts';
import type { WrittenContact } from '../../src/domain/written/written-contact.ts';
import { client, endedCall, manager } from '../support/calls.ts';
import { letter } from '../support/written.ts';

const anna = { id: 'a', name: 'Manager a' };
const petr = { id: 'b', name: 'Manager b' };
const at = Date.now();
const known = client('c', [], { responsible: 'a', identifiers: [{ kind: 'email', value: 'ivan@example.com' }] });

/** What every store must do when conversations are handed over or closed, and when messages are deleted. */
export function describeConversations(name: string, open: () => Promise<Store>): void {
  describe(`${name}: conversations`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      const managers = [manager('a', '101'), manager('b', '102')];
      await store.apply([
        { op: 'staff', staff: { managers, lines: [] }, at },
        { op: 'put-clients', clients: [known], at },
      ]);
    });
    afterEach(() => store.close());

    async function one(write: Write): Promise<WriteResult> {
      const [result] = await store.apply([write]);
      if (result === undefined) throw new Error('no result');
      return result;
    }

    async function apply(write: Write): Promise<readonly Change[]> {
      const result = await one(write);
      if (!result.ok) throw new Error(result.message);
      return result.changes;
    }

    /** A message or letter from the client, in the thread `t` by default. */
    async function take(id: string, after: number, more: Partial<WrittenContact> = {}): Promise<Change> {
      const event = letter(id, { channel: 'message', thread: 't', at: at + after, ...more });
      const [change] = await apply({ op: 'contact', event });
      return change as Change;
    }

    const read = async (id: string) => (await store.read.interaction(id as InteractionId)) as Interaction;
    const task = (id: string) => store.read.task(id);
    const handOver = (id: string, to = 'b', note: string | null = 'asks for a discount') =>
      one({ op: 'hand-over', id: id as InteractionId, to, note, by: anna, at: at + 10_000 });
    const close = (id: string, by = anna) => one({ op: 'close', id: id as InteractionId, by, at: at + 20_000 });

    it.each(['message', 'email'] as const)(
      'hands over a conversation of the channel %s with everything that waits in it',
      async (channel) => {
        const first = (await take('1', 0, { channel })).interaction;
        const second = (await take('2', 1000, { channel })).interaction;
        // Any contact can identify its conversation.
        const result = await handOver(first.id);
        if (!result.ok) throw new Error(result.message);
        const [latest] = result.changes;
        expect(latest?.interaction).toMatchObject({
          id: second.id,
          revision: second.revision + 1,
          responsible: anna,
          assignee: petr,
          handovers: [{ from: anna, to: petr, by: anna, note: 'asks for a discount' }],
        });
        // The new manager's desk gets it at once; the former one's is informed that it is gone.
        expect(latest?.desk.map(({ manager, kind }) => `${manager} ${kind}`).sort()).toEqual(['a update', 'b pop']);
        expect(await read(first.id)).toMatchObject({ assignee: petr, handovers: [] });
        for (const { id } of [first, second]) expect(await task(id)).toMatchObject({ state: 'open', manager: petr });
        expect(result.followUps).toHaveLength(2);
        expect((await store.read.interactionHistory(second.id)).at(-1)).toMatchObject({
          by: 'a',
          what: 'handed over to b',
        });
        const mine = await store.read.interactions({ limit: 10, cursor: null, manager: 'b' });
        expect(mine.items.map(({ id }) => id)).toContain(second.id);
      },
    );

    it('gives later messages to the new manager, with a screen pop', async () => {
      const { interaction } = await take('1', 0);
      await handOver(interaction.id);
      const next = await take('2', 30_000);
      expect(next.interaction).toMatchObject({ responsible: anna, assignee: petr });
      expect(next.desk.map(({ manager, kind }) => `${manager} ${kind}`).sort()).toEqual(['a update', 'b pop']);
      expect(await task(next.interaction.id)).toMatchObject({ manager: petr });
      const other = await take('3', 31_000, { thread: 'another' });
      expect(other.interaction.assignee).toBeNull();
    });

    it('creates a task if nothing is waiting, and can be handed back', async () => {
      const { interaction } = await take('1', 0);
      await take('2', 1000, { direction: 'outbound', state: 'sent', manager: 'a' });
      expect(await task(interaction.id)).toMatchObject({ state: 'done' });
      const result = await handOver(interaction.id);
      expect(result).toMatchObject({
        followUps: [{ task: { kind: 'other', state: 'open', manager: petr, text: 'asks for a discount' } }],
      });
      const back = await one({ op: 'hand-over', id: interaction.id, to: 'a', note: null, by: petr, at: at + 20_000 });
      if (!back.ok) throw new Error(back.message);
      expect(back.changes[0]?.interaction).toMatchObject({
        assignee: anna,
        handovers: [
          { from: anna, to: petr },
          { from: petr, to: anna },
        ],
      });
    });

    it('closes a conversation with its tasks, and a new message of the client reopens it', async () => {
      const first = (await take('1', 0)).interaction;
      const second = (await take('2', 1000)).interaction;
      expect(await close(first.id)).toMatchObject({
        ok: true,
        changes: [{ interaction: { id: second.id, closed: { by: anna }, answeredAt: null } }],
      });
      for (const { id } of [first, second]) expect(await task(id)).toMatchObject({ state: 'done', doneBy: anna });
      const third = (await take('3', 30_000)).interaction;
      expect(third.closed).toBeNull();
      expect(await task(third.id)).toMatchObject({ state: 'open', manager: anna });
    });

    it('rejects impossible changes', async () => {
      const { interaction } = await take('1', 0);
      expect(await handOver(interaction.id, 'nobody')).toMatchObject({ code: 'invalid', path: '/to' });
      expect(await handOver(interaction.id, 'a')).toMatchObject({ code: 'conflict' });
      expect(await handOver('00000000-0000-7000-8000-000000000000')).toMatchObject({ code: 'not_found' });
      const [call] = await apply({ op: 'contact', event: endedCall('call') });
      expect(await close(call?.interaction.id ?? '')).toMatchObject({ code: 'conflict' });
      expect(await close(interaction.id)).toMatchObject({ ok: true });
      expect(await close(interaction.id)).toMatchObject({ code: 'conflict' });
      expect((await read(interaction.id)).handovers).toEqual([]);
    });

    it('marks a message deleted by its author, keeps its text, and ignores repeats', async () => {
      const { interaction } = await take('1', 0);
      const deletion = { kind: 'deletion', key: eventKey('mail', '1'), connection: 'mail', at: at + 5000 } as const;
      const [change] = await apply({ op: 'contact', event: deletion });
      expect(change?.interaction).toMatchObject({
        id: interaction.id,
        revision: interaction.revision + 1,
        text: 'How much?',
        deletedAt: new Date(at + 5000).toISOString(),
      });
      expect(await apply({ op: 'contact', event: { ...deletion, at: at + 9000 } })).toEqual([]);
      // The same message again and a late edit: it stays deleted.
      const edited = letter('1', { channel: 'message', thread: 't', at, text: 'How much is it?' });
      await apply({ op: 'contact', event: edited });
      expect(await read(interaction.id)).toMatchObject({ deletedAt: new Date(at + 5000).toISOString() });
    });

    it.each(['inbound', 'outbound'] as const)(
      'remembers a deletion of an %s message that arrives before the message',
      async (direction) => {
        const deletion = { kind: 'deletion', key: eventKey('mail', '1'), connection: 'mail', at: at + 5000 } as const;
        expect(await apply({ op: 'contact', event: deletion })).toEqual([]);
        const state = direction === 'inbound' ? 'received' : 'sent';
        const { interaction } = await take('1', 0, { direction, state });
        expect(interaction).toMatchObject({ revision: 1, deletedAt: new Date(at + 5000).toISOString() });
        expect((await take('2', 1000)).interaction.deletedAt).toBeNull();
      },
    );
  });
}
