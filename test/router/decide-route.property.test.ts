import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ManagerId } from '../../src/domain/base/ids.ts';
import type { DeviceState } from '../../src/domain/call/device.ts';
import type { RouteTarget } from '../../src/domain/routing/routing.ts';
import { decideRoute } from '../../src/router/decide-route.ts';
import { DeviceStates } from '../../src/router/device-states.ts';
import { dialString } from '../../src/router/dial-string.ts';
import { summarise } from '../../src/router/summary.ts';
import { isOpen } from '../../src/router/working-hours.ts';
import { facts, head, line, manager, match, noon, office, question } from './facts.ts';

const ids = ['m0', 'm1', 'm2', 'm3'];
const extensions = ['100', '101', '102', 'pbx/103', 'other/104', '1&2', '10,5'];
const id = fc.constantFrom(...ids, 'ghost');
const target: fc.Arbitrary<RouteTarget> = fc.oneof(
  fc.constant({ kind: 'responsible' } as const),
  fc.constant({ kind: 'last' } as const),
  fc.constant({ kind: 'default' } as const),
  id.map((id) => ({ kind: 'manager', id }) as const),
  fc.constantFrom('g0', 'g1', 'nowhere', '__proto__').map((id) => ({ kind: 'group', id }) as const),
  fc.constantFrom('600', '6 00', '').map((id) => ({ kind: 'queue', id }) as const),
);
const instant = fc.integer({ min: noon - 4e9, max: noon + 4e9 });
const managers = fc.tuple(
  ...ids.map((own) =>
    fc
      .record({
        extensions: fc.uniqueArray(fc.constantFrom(...extensions), { maxLength: 3 }),
        hours: fc.constantFrom(null, 'office', 'unknown'),
        deputy: fc.option(id.map((id) => id as ManagerId)),
        absences: fc.array(
          fc.record({ from: instant, to: instant, deputy: fc.constant(null), reason: fc.constant(null) }),
          { maxLength: 2 },
        ),
      })
      .map((change) => manager(own, change)),
  ),
);
const group = (own: string) =>
  fc.record({
    id: fc.constant(own),
    members: fc.array(id, { maxLength: 5 }),
    strategy: fc.constantFrom('all' as const, 'rotate' as const),
    queue: fc.constantFrom(null, '600', 'a&b'),
  });
const rule = fc.record({
  name: fc.constantFrom('one', 'two'),
  when: fc.record(
    {
      lines: fc.constantFrom<readonly string[]>(['main'], ['749'], []),
      segments: fc.constantFrom<readonly string[]>(['vip'], []),
      match: fc.subarray(['matched' as const, 'ambiguous' as const, 'unknown' as const]),
      hours: fc.constantFrom('office', '!office', '!unknown'),
    },
    { requiredKeys: [] },
  ),
  to: target,
});
const client = fc.record({ responsible: fc.option(id), segment: fc.constantFrom(null, 'vip') });
const state = fc.constantFrom<DeviceState>('idle', 'ringing', 'in_use', 'unavailable', 'dnd', 'unknown');

it('every plan and question gets a decision with a trace, and unreachable managers are never rung', () => {
  const world = fc.record({
    managers,
    rules: fc.array(rule, { maxLength: 4 }),
    fallback: target,
    groups: fc.record({ g0: group('g0'), g1: group('g1') }),
    clients: fc.array(client, { maxLength: 3 }),
    states: fc.dictionary(fc.constantFrom('100', '101', '102', '103'), state),
    at: instant,
    tried: fc.subarray(['m0', '101', '103']),
    route: fc.constantFrom(null, 'group:g1', 'rubbish', 'queue:7'),
    last: id,
  });
  fc.assert(
    fc.property(world, (w) => {
      const devices = new DeviceStates();
      devices.update(Object.entries(w.states).map(([extension, s]) => ({ connection: 'pbx', extension, state: s })));
      const clients = w.clients.map((c, i) => head(`c${i}`, c));
      const outcome = (['unknown', 'matched'] as const)[clients.length] ?? 'ambiguous';
      const { managers, rules, fallback, groups } = w;

      const answer = decideRoute(
        question({ at: w.at, tried: w.tried }),
        facts({
          plan: { rules, fallback, groups },
          managers,
          lines: [line({ route: w.route })],
          clients,
          match: match(outcome, clients),
          devices,
          turns: { g0: w.last, g1: w.last },
          lastTalker: w.last,
        }),
      );

      expect(answer.trace.length).toBeGreaterThan(1);
      expect(answer.trace.at(-1)?.outcome).toBe('applied');
      expect(JSON.stringify(answer.trace)).not.toMatch(/\d{7,}/);
      expect(answer.managers.length > 0).toBe(['responsible', 'deputy', 'group'].includes(answer.decision));
      expect(answer.queue !== null).toBe(answer.decision === 'queue');
      expect(dialString(answer, 'PJSIP/{extension}')).toMatch(/^(PJSIP\/\w+(&PJSIP\/\w+)*)?$/);
      expect(summarise(answer).to === null).toBe(answer.decision === 'default');
      for (const { manager: named, extension } of answer.managers) {
        const rung = managers.find((one) => one.id === named.id)!;
        expect(rung.extensions).toSatisfy(
          (own: string[]) => own.includes(extension) || own.includes(`pbx/${extension}`),
        );
        expect(w.tried).not.toContain(rung.id);
        expect(w.tried).not.toContain(extension);
        expect(['idle', 'unknown']).toContain(devices.state('pbx', extension));
        expect(rung.absences.some((a) => a.from <= w.at && w.at < a.to)).toBe(false);
        if (rung.hours === 'office') expect(isOpen(office, w.at)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});
