import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventKey, type InteractionId } from '../../src/domain/base/ids.ts';
import type { ContactEvent } from '../../src/domain/interaction/contact-event.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { SendOutcome } from '../../src/domain/outbound/outbound.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Change, Write } from '../../src/domain/ports/writes.ts';
import type { WrittenContact } from '../../src/domain/written/written-contact.ts';
import { manager } from '../support/calls.ts';
import { letter } from '../support/written.ts';

const at = Date.now();
const key = (name: string) => eventKey('mail', name);

/** What every store must keep of messages that are edited, deleted in part, or read by the client. */
export function describeMessageHistory(name: string, open: () => Promise<Store>): void {
  describe(`${name}: edits, parts and reading of messages`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      await store.apply([{ op: 'staff', staff: { managers: [manager('a', '101')], lines: [] }, at }]);
    });
    afterEach(() => store.close());

    async function apply(...writes: Write[]): Promise<readonly Change[]> {
      const results = await store.apply(writes);
      return results.flatMap((result) => {
        if (!result.ok) throw new Error(result.message);
        return result.changes;
      });
    }

    const take = (event: ContactEvent) => apply({ op: 'contact', event });
    const message = (id: string, more: Partial<WrittenContact> = {}) =>
      letter(id, { channel: 'message', thread: 't', at, ...more });
    const read = async (id: string | undefined) => (await store.read.interaction(id as InteractionId)) as Interaction;
    const deletion = (of: string) =>
      ({ kind: 'deletion', key: key(of), connection: 'mail', at: at + 9000 }) as const satisfies ContactEvent;
    const reading = (of: string, after = 60_000) =>
      ({ kind: 'reading', key: key(of), connection: 'mail', thread: 't', at: at + after }) as const;

    /** A message of ours in the conversation, sent in parts with these keys. */
    async function sent(after: number, names: readonly string[], parts?: readonly object[]): Promise<InteractionId> {
      const [asked] = (await store.read.interactions({ limit: 100, cursor: null })).items.slice(-1);
      const content = {
        manager: 'a',
        to: { email: null, phone: null, account: null, name: null },
        subject: null,
        text: 'ten',
        attachments: [],
        line: null,
      };
      const [queued] = await apply({
        op: 'send',
        key: eventKey('api', names.join()),
        channel: 'message',
        answers: asked?.id ?? null,
        connection: 'mail',
        content,
        by: { id: 'a', name: 'Manager a' },
        expiresAt: at + 3_600_000,
        at: at + after,
      });
      const id = queued?.interaction.id as InteractionId;
      if (names.length === 0) return id;
      const keys = names.map(key);
      const outcome = { kind: 'sent', keys, handle: null, state: 'sent', ...(parts && { parts }) } as SendOutcome;
      await apply({ op: 'begin-sending', id, at: at + after }, { op: 'end-sending', id, outcome, at: at + after });
      return id;
    }

    it('keeps earlier texts, and ignores outdated versions that are delivered again', async () => {
      const [first] = await take(message('1', { text: 'ten' }));
      await take(message('1', { text: 'twelve', editedAt: at + 5000 }));
      expect(await take(message('1', { text: 'ten' }))).toEqual([]);
      expect(await take(message('1', { text: 'twelve', editedAt: at + 5000 }))).toEqual([]);
      const edits = [{ at: new Date(at + 5000).toISOString(), text: 'ten' }];
      expect(await read(first?.interaction.id)).toMatchObject({ text: 'twelve', revision: 2, edits });
      const listed = await store.read.interactions({ limit: 1, cursor: null });
      expect(listed.items).toMatchObject([{ text: 'twelve', edits }]);
    });

    it('marks one part of an album as deleted, before or after it arrives, and the album with the last one', async () => {
      const part = (n: string) =>
        message(n, { text: `p${n}`, aliases: [key('album')], part: { textBefore: null }, at: at + Number(n) });
      await take(deletion('2'));
      const [album] = await take(part('1'));
      const id = album?.interaction.id;
      await take(part('2'));
      expect(await read(id)).toMatchObject({
        text: 'p1\np2',
        deletedAt: null,
        parts: [
          { text: 'p1', deletedAt: null },
          { text: 'p2', deletedAt: new Date(at + 9000).toISOString() },
        ],
      });
      await take(deletion('1'));
      expect(await take(deletion('1'))).toEqual([]);
      expect(await read(id)).toMatchObject({ text: 'p1\np2', deletedAt: new Date(at + 9000).toISOString() });
    });

    it('marks one piece of our message as deleted, even if that is reported before the end of sending', async () => {
      await take(message('1'));
      await take(deletion('out2'));
      const parts = ['out1', 'out2'].map((one) => ({ key: key(one), text: one, files: [] }));
      const id = await sent(1000, ['out1', 'out2'], parts);
      expect(await read(id)).toMatchObject({
        deletedAt: null,
        parts: [
          { text: 'out1', deletedAt: null },
          { text: 'out2', deletedAt: expect.any(String) },
        ],
      });
    });

    it('marks our messages as read up to the one that the client read, and no other', async () => {
      const [asked] = await take(message('1'));
      const [one, two, three] = [await sent(1000, ['o1']), await sent(2000, ['o2']), await sent(3000, ['o3'])];
      const queued = await sent(1500, []);
      await take(message('other', { thread: 'u' }));
      expect(await take(reading('o2'))).toHaveLength(2);
      const states = await Promise.all([asked?.interaction.id, one, two, three, queued].map(read));
      expect(states.map(({ state }) => state)).toEqual(['received', 'read', 'read', 'sent', 'queued']);
      expect(await take(reading('o2'))).toEqual([]);
      expect(await take(reading('o1'))).toEqual([]);
    });

    it('marks a message as read that the client read before the service answered our sending', async () => {
      await take(message('1'));
      const earlier = await sent(1000, ['o1']);
      await take(reading('o2', 2000));
      expect(await read(earlier)).toMatchObject({ state: 'read' });
      expect(await read(await sent(3000, ['o2']))).toMatchObject({ state: 'read' });
    });

    it('finds what a connection needs for a reply', async () => {
      const [asked] = await take(message('1', { handle: { chat: '7', message: '1' } }));
      const id = asked?.interaction.id as InteractionId;
      expect(await store.read.replyHandle(id)).toEqual({ connection: 'mail', handle: { chat: '7', message: '1' } });
      const [none] = await take(message('2', { handle: null }));
      expect(await store.read.replyHandle(none?.interaction.id as InteractionId)).toBeNull();
    });
  });
}
