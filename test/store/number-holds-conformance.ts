import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdMemory, type NumberHold } from '../../src/domain/call/number-hold.ts';
import { noMarks } from '../../src/domain/interaction/attribution.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { ringingCall, staff } from '../support/office.ts';

const at = Date.UTC(2026, 0, 12, 9, 0, 0);
const minute = 60_000;
const pool = { numbers: ['74951230001', '8 (495) 123-00-02'], hold: 15 * minute };
const lines = staff.lines.map((line) => ({ ...line, pool }));

/** How every store must attribute calls by phone numbers shown to website visitors; run for each implementation. */
export function describeNumberHolds(name: string, open: () => Promise<Store>): void {
  describe(`${name}: numbers shown to visitors`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
      await store.apply([{ op: 'staff', staff: { ...staff, lines }, at }]);
    });
    afterEach(() => store.close());

    const holdOf = (number: string, visit: string, from: number, until = from + pool.hold): NumberHold => ({
      number,
      visit,
      from,
      until,
      marks: { ...noMarks, source: 'yandex', campaign: `of ${visit}`, ids: { yclid: visit } },
    });
    const hold = async (one: NumberHold) => {
      const [result] = await store.apply([{ op: 'hold-number', hold: one }]);
      return result?.ok === true ? 'held' : result?.code;
    };
    let serial = 0;
    const campaignOf = async (
      dialled: string | null,
      startedAt: number,
      more: Parameters<typeof ringingCall>[1] = {},
    ) => {
      serial += 1;
      const event = ringingCall(String(serial), { dialled, startedAt, ...more });
      const [result] = await store.apply([{ op: 'contact', event }]);
      const interaction = result?.ok ? result.changes[0]?.interaction : undefined;
      expect(interaction?.line?.id).toBe(dialled === null ? undefined : 'main');
      return interaction?.attribution?.campaign ?? null;
    };

    it('attributes a call to the visit that its number was shown to at that time', async () => {
      expect(await hold(holdOf('+74951230001', 'one', at))).toBe('held');
      expect(await hold(holdOf('+74951230002', 'two', at))).toBe('held');
      expect(await campaignOf('74951230001', at + minute)).toBe('of one');
      expect(await campaignOf('84951230002', at + minute)).toBe('of two');
      // Calls before and after, to the line's own number, and outbound calls belong to no visit.
      expect(await campaignOf('74951230001', at - 1)).toBeNull();
      expect(await campaignOf('74951230001', at + pool.hold + 1)).toBeNull();
      expect(await campaignOf('74951234567', at + minute)).toBeNull();
      expect(await campaignOf('74951230001', at + minute, { direction: 'outbound' })).toBeNull();
    });

    it('keeps the attribution of the line if the visit has no source', async () => {
      await hold({ ...holdOf('+74951230001', 'one', at), marks: { ...noMarks, page: 'https://shop.example/' } });
      const event = ringingCall('direct', { dialled: '74951230001', startedAt: at + 1 });
      const [result] = await store.apply([{ op: 'contact', event }]);
      const interaction = result?.ok ? result.changes[0]?.interaction : undefined;
      expect(interaction?.attribution).toMatchObject({ source: 'site', page: 'https://shop.example/' });
    });

    it('lets a visit keep its number, and gives it to another only afterwards', async () => {
      await hold(holdOf('+74951230001', 'one', at));
      expect(await hold(holdOf('+74951230001', 'two', at + minute))).toBe('conflict');
      expect(await hold(holdOf('+74951230001', 'one', at + 10 * minute))).toBe('held');
      expect(await hold(holdOf('+74951230001', 'two', at + 20 * minute))).toBe('conflict');
      expect(await hold(holdOf('+74951230001', 'two', at + 26 * minute))).toBe('held');
      expect(await store.read.numberHolds(['+74951230001', '+74951230002'])).toEqual([
        holdOf('+74951230001', 'two', at + 26 * minute),
      ]);
      // A call reported late belongs to the visit that was shown the number when the call began.
      expect(await campaignOf('74951230001', at + 24 * minute, { basis: 'record' })).toBe('of one');
      expect(await campaignOf('74951230001', at + 27 * minute)).toBe('of two');
    });

    it('gives a number to only one of two simultaneous visits, whatever their clocks say', async () => {
      expect(await hold(holdOf('+74951230001', 'one', at + 1))).toBe('held');
      expect(await hold(holdOf('+74951230001', 'two', at))).toBe('conflict');
    });

    it('attributes a call once, when it begins', async () => {
      await hold(holdOf('+74951230001', 'one', at));
      const event = ringingCall('same', { dialled: '74951230001', startedAt: at + 1 });
      await store.apply([{ op: 'contact', event }]);
      await hold(holdOf('+74951230001', 'two', at + 20 * minute));
      await store.apply([{ op: 'contact', event: { ...event, state: 'missed', endedAt: at + 21 * minute } }]);
      const [call] = (await store.read.interactions({ limit: 1, cursor: null })).items;
      expect(call).toMatchObject({ state: 'missed', attribution: { campaign: 'of one' } });
    });

    it('deletes entries of the distant past', async () => {
      await hold(holdOf('+74951230001', 'one', at));
      await hold(holdOf('+74951230002', 'two', at + holdMemory + 16 * minute));
      expect((await store.read.numberHolds(['+74951230001', '+74951230002'])).map((one) => one.visit)).toEqual(['two']);
    });
  });
}
