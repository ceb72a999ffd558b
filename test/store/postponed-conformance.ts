import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventKey, type InteractionId } from '../../src/domain/base/ids.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Change, Write } from '../../src/domain/ports/writes.ts';
import { writtenAt as at, because } from '../support/written.ts';

const minute = 60_000;
const day = 86_400_000;
const anna = { id: 'a', name: 'Anna' };
const acceptedOutcome = { kind: 'sent', keys: [], handle: null, state: 'sent' } as const;

/** How every store must postpone messages and take them back; run for each implementation. */
export function describePostponed(name: string, open: () => Promise<Store>): void {
  describe(`${name}: postponed messages`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
    });

    afterEach(() => store.close());

    async function change(write: Write): Promise<Change['interaction'] | string | null> {
      const [result] = await store.apply([write]);
      if (result?.ok !== true) return result?.code ?? null;
      return result.changes[0]?.interaction ?? null;
    }

    async function send(sendAt?: number): Promise<InteractionId> {
      const to = { email: 'ivan@example.com', phone: null, account: null, name: null };
      const queued = await change({
        ...{ op: 'send', key: eventKey('api', `${sendAt}`), channel: 'email', answers: null, connection: 'mail' },
        content: { manager: 'a', to, subject: 'Pumps', text: 'Ten', attachments: [], line: null },
        ...{ by: anna, expiresAt: (sendAt ?? at) + day, at },
        ...(sendAt !== undefined && { sendAt }),
      });
      expect(queued).toMatchObject({
        state: 'queued',
        sendAt: sendAt === undefined ? null : new Date(sendAt).toISOString(),
      });
      return (queued as Change['interaction']).id;
    }

    const due = async (now: number) => (await store.read.outboundDue('mail', now, 10)).map(({ id }) => id);

    it('leave at their time, and hold back nothing that was written after them', async () => {
      const later = await send(at + 10 * minute);
      const soon = await send();
      expect(await due(at)).toEqual([soon]);
      expect(await due(at + 10 * minute)).toEqual([soon, later]);
      expect(await store.read.outboundNext('mail')).toBe(at);
      await change({ op: 'begin-sending', id: later, at: at + 10 * minute });
      const sent = await change({ op: 'end-sending', id: later, outcome: acceptedOutcome, at: at + 10 * minute });
      expect(sent).toMatchObject({ state: 'sent', sendAt: null });
    });

    it('can be taken back until sending begins, and then leave no more', async () => {
      const id = await send(at + minute);
      const taken = await change({ op: 'take-back', id, by: anna, at: at + 1 });
      expect(taken).toMatchObject({ state: 'failed', sendAt: null, problemReason: { code: 'takenBack' } });
      expect(await due(at + day)).toEqual([]);
      expect(await change({ op: 'begin-sending', id, at: at + minute })).toBe('conflict');
      expect(await change({ op: 'take-back', id, by: anna, at: at + 2 })).toBe('conflict');
      const again = await change({ op: 'resend', id, expiresAt: at + 2 * day, at: at + minute });
      expect(again).toMatchObject({ state: 'queued', problem: null });
    });

    it('cannot be taken back once sending has begun, even if it is tried again later', async () => {
      const id = await send(at);
      await change({ op: 'begin-sending', id, at });
      expect(await change({ op: 'take-back', id, by: anna, at })).toBe('conflict');
      await change({ op: 'end-sending', id, outcome: { kind: 'retry', reason: because('busy'), after: minute }, at });
      expect(await change({ op: 'take-back', id, by: anna, at })).toBe('conflict');
      expect(await change({ op: 'send-now', id, expiresAt: at + day, at })).toBe('conflict');
    });

    it('of taking back and beginning to send, whichever comes first excludes the other', async () => {
      const id = await send(at);
      const writes: Write[] = [
        { op: 'begin-sending', id, at },
        { op: 'take-back', id, by: anna, at },
      ];
      for (const order of [writes, [...writes].reverse()]) {
        const results = await Promise.all(order.map((write) => store.apply([write])));
        expect(results.flat().filter(({ ok }) => ok).length).toBeLessThanOrEqual(1);
      }
    });

    it('leave at once on request, and expire a day after that', async () => {
      const id = await send(at + 10 * day);
      const hurried = await change({ op: 'send-now', id, expiresAt: at + day, at });
      expect(hurried).toMatchObject({ state: 'queued', sendAt: null });
      const [row] = await store.read.outboundDue('mail', at, 10);
      expect(row).toMatchObject({ id, expiresAt: at + day });
    });

    it('exist only among messages', async () => {
      const id = '01a22ec8-2b89-7002-bc60-2e2aa272d8e1' as InteractionId;
      expect(await change({ op: 'take-back', id, by: anna, at })).toBe('not_found');
      expect(await change({ op: 'send-now', id, expiresAt: at, at })).toBe('not_found');
    });
  });
}
