import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventKey } from '../../src/domain/base/ids.ts';
import { noMarks } from '../../src/domain/interaction/attribution.ts';
import type { CallSnapshot } from '../../src/domain/interaction/contact-event.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { call, callStart, endedCall, manager } from '../support/calls.ts';

const at = callStart;
const attribution = { source: 'yandex', medium: 'cpc', campaign: 'winter' };
const pool = { numbers: ['74951230001'], hold: 900_000 };
const line = { channel: 'call', connection: null, route: null, attribution } as const;
const lines = [
  { ...line, id: 'main', address: '74951234567', label: 'Main', pool },
  { ...line, id: 'spb', address: '78121234567', label: 'Petersburg', areaCode: '812' },
];

/** How every store must use the line that FastAGI was asked for; run for each implementation. */
export function describeAskedLines(name: string, open: () => Promise<Store>): void {
  describe(`${name}: the line that the dialplan names`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
      await store.apply([{ op: 'staff', staff: { managers: [manager('a', '101')], lines }, at }]);
    });
    afterEach(() => store.close());

    const asked = (id: string, dialled: string | null): Write => ({
      op: 'routed',
      call: eventKey('pbx', id),
      route: { decision: 'responsible', to: '101', trace: [] },
      responsible: null,
      turn: null,
      ...(dialled !== null && { line: { connection: 'pbx', dialled } }),
      at,
    });
    const seen = (event: CallSnapshot): Write => ({ op: 'contact', event });
    /** The last change of a series of writes. */
    const lastOf = async (...writes: readonly Write[]) => {
      const results = await store.apply(writes);
      return results.flatMap((result) => (result.ok ? result.changes : [])).at(-1)?.interaction;
    };

    it.each([
      ['before the call is seen', [asked('1', '84951234567'), seen(call('1', { dialled: 's' }))]],
      ['after the call is seen', [seen(call('1', { dialled: null })), asked('1', 'main')]],
      ['again, without it', [asked('1', 'main'), asked('1', null), seen(call('1', { dialled: 'account' }))]],
    ])('is the line of the call, with its attribution, if asked %s', async (_, writes) => {
      const begun = await lastOf(...writes);
      expect(begun).toMatchObject({ line: { id: 'main', label: 'Main' }, attribution: { ...noMarks, ...attribution } });
      const ended = await lastOf(seen(endedCall('1', { dialled: 's' })));
      expect(ended).toMatchObject({ state: 'answered', line: { id: 'main' }, attribution });
    });

    it('does not replace a configured line that was dialled, and is not used for outbound calls', async () => {
      const dialled = await lastOf(seen(call('1')), asked('1', 'spb'));
      expect(dialled).toMatchObject({ line: { id: 'main' } });
      const outbound = { direction: 'outbound', dialled: null } as const;
      expect(await lastOf(asked('2', 'main'), seen(call('2', outbound)))).toMatchObject({
        line: null,
        attribution: null,
      });
      expect(await lastOf(asked('2', 'main'))).toMatchObject({ line: null, attribution: null });
    });

    it('completes city numbers with the area code of that line', async () => {
      const party = { raw: '1112233', name: null, withheld: false };
      const begun = await lastOf(asked('1', 'spb'), seen(call('1', { dialled: 's', party })));
      expect(begun).toMatchObject({ line: { id: 'spb' }, party: { phone: '+78121112233' } });
    });

    it.each(['before', 'after'])(
      'belongs to the visit that the number was shown to, if asked %s the call is seen',
      async (order) => {
        const marks = { ...noMarks, source: 'google', campaign: 'of one' };
        const until = at + pool.hold;
        const hold = { number: '+74951230001', visit: 'one', from: at, until, marks };
        await store.apply([{ op: 'hold-number', hold }]);
        const writes = [asked('1', '74951230001'), seen(call('1', { dialled: 's' }))];
        const begun = await lastOf(...(order === 'before' ? writes : writes.toReversed()));
        expect(begun).toMatchObject({ line: { id: 'main' }, attribution: { campaign: 'of one' } });
      },
    );

    it('is kept when calls prove to be one', async () => {
      await lastOf(seen(call('1', { dialled: 's' })), seen(call('2', { dialled: 's' })), asked('2', 'main'));
      const one = endedCall('1', { dialled: 's', aliases: [eventKey('pbx', '2')] });
      expect(await lastOf(seen(one))).toMatchObject({ line: { id: 'main' }, attribution });
    });
  });
}
