import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientId } from '../../src/domain/base/ids.ts';
import type { CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { call, callStart, client, endedCall, leg, manager } from '../support/calls.ts';

const at = callStart;
const minute = 60_000;
const phone = '+79161234567';
const mobile = '+79160000002';
const start = at - 24 * 60 * minute;
const stranger = { phone, client: null };

/** How every store must answer who last talked with a caller. */
export function describeLastTalks(name: string, open: () => Promise<Store>): void {
  describe(`${name}: who last talked with a caller`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
      const managers = [manager('a', '101'), manager('b', '102')];
      await store.apply([{ op: 'staff', staff: { managers, lines: [] }, at }]);
    });

    afterEach(() => store.close());

    /** After a change of the directory, the routing snapshot contains all that was committed before. */
    async function apply(...writes: readonly Write[]): Promise<void> {
      const results = await store.apply([...writes, { op: 'put-clients', clients: [client('other', [])], at }]);
      for (const result of results) if (!result.ok) throw new Error(result.message);
    }

    function talk(id: string, extension: string, startedAt: number, more: Partial<CallSnapshot> = {}): Write {
      const endedAt = startedAt + minute;
      const legs = [leg(extension, { rangAt: startedAt, talkedAt: startedAt + 5000, endedAt, outcome: 'answered' })];
      return { op: 'contact', event: endedCall(id, { startedAt, endedAt, legs, ...more }) };
    }

    function missed(id: string, startedAt: number): Write {
      return { op: 'contact', event: call(id, { state: 'missed', startedAt, endedAt: startedAt + minute, legs: [] }) };
    }

    it('is nobody if the caller never called, and if no call was answered', async () => {
      expect(store.directory.lastTalker(stranger, start)).toBeNull();
      await apply(missed('1', at));
      expect(store.directory.lastTalker(stranger, start)).toBeNull();
    });

    it('is the manager of the latest talk, inbound or outbound, despite later missed calls', async () => {
      const dialled = { direction: 'outbound' } as const;
      await apply(talk('1', '101', at), talk('2', '102', at + 5 * minute, dialled), missed('3', at + 10 * minute));
      expect(store.directory.lastTalker(stranger, start)).toBe('b');
    });

    it('does not depend on the order in which calls were stored', async () => {
      await apply(talk('late', '101', at + 5 * minute));
      await apply(talk('early', '102', at));
      expect(store.directory.lastTalker(stranger, start)).toBe('a');
    });

    it('counts only talks since the given time', async () => {
      await apply(talk('1', '101', at));
      expect(store.directory.lastTalker(stranger, at)).toBe('a');
      expect(store.directory.lastTalker(stranger, at + 1)).toBeNull();
    });

    it('counts talks with all numbers of a client and its contact persons', async () => {
      const contacts = [{ id: 'p1', name: 'Ivan', identifiers: [{ kind: 'phone', value: mobile } as const] }];
      const of = { phone: '+74950000009', client: 'c1' as ClientId };
      await apply(
        { op: 'put-clients', clients: [client('c1', [phone, '+74950000009'], { contacts })], at },
        talk('1', '101', at),
      );
      expect(store.directory.lastTalker(of, start)).toBe('a');
      await apply(talk('2', '102', at + minute, { party: { raw: mobile, name: null, withheld: false } }));
      expect(store.directory.lastTalker(of, start)).toBe('b');
      expect(store.directory.lastTalker({ ...of, client: null }, start)).toBeNull();
    });

    it('takes a number from a client at once', async () => {
      const of = { phone: '+74950000009', client: 'c1' as ClientId };
      await apply({ op: 'put-clients', clients: [client('c1', [phone])], at }, talk('1', '101', at));
      await apply({ op: 'put-clients', clients: [client('c1', ['+74950000009'])], at });
      expect(store.directory.lastTalker(of, start)).toBeNull();
    });

    it('is nobody for a withheld number', async () => {
      await apply(talk('1', '101', at, { party: { raw: '', name: null, withheld: true } }));
      expect(store.directory.lastTalker({ phone: null, client: null }, start)).toBeNull();
    });

    it('forgets talks that were removed with their calls', async () => {
      await apply(talk('1', '101', at));
      const now = Date.now();
      const keepFrom = Date.parse('2999-01-01T00:00:00Z');
      const { signal } = new AbortController();
      await store.housekeep({ now, keepFrom, keepDetached: false, signal });
      await apply();
      expect(store.directory.lastTalker(stranger, start)).toBeNull();
    });
  });
}
