import type { FaultKind } from '../../../support/bitrix24/faults.ts';
import { seededRandom } from '../../../support/random.ts';
import { day, type Happening } from './happening.ts';
import type { DayOffice, Mode } from './office.ts';
import type { Kill } from './program.ts';

const minute = 60_000;

/** How any call of the portal can go wrong. */
export const quickKinds: readonly FaultKind[] = [
  '500',
  '502',
  '503',
  '500-after',
  'html',
  'malformed',
  'empty',
  'cut-before',
  'cut-after',
  'overload',
  'too-many',
  'rests',
];
/** Those that cost real time, because we wait for an answer. */
const slowKinds: readonly FaultKind[] = ['hang-before', 'hang-after'];

/** The methods of the day, with how many calls lie between two faults at most: frequent ones are spoiled all day. */
const methods: Readonly<Record<string, number>> = {
  'telephony.externalCall.register': 8,
  'telephony.externalCall.show': 8,
  'telephony.externalCall.hide': 5,
  'telephony.externalCall.finish': 8,
  'telephony.externalCall.attachRecord': 3,
  upload: 3,
  'voximplant.statistic.get': 2,
  batch: 20,
  profile: 3,
  'user.get': 2,
  'crm.settings.mode.get': 2,
  'crm.status.list': 2,
  'crm.duplicate.findbycomm': 12,
  'crm.lead.list': 12,
  'crm.deal.list': 6,
  'crm.contact.list': 2,
  'crm.company.list': 1,
  'crm.lead.add': 3,
  'crm.lead.update': 1,
  'crm.tracking.trace.add': 2,
  'crm.activity.add': 2,
  'crm.activity.update': 3,
  'crm.activity.delete': 1,
  'crm.activity.list': 1,
  'crm.activity.binding.add': 1,
  'crm.activity.binding.delete': 1,
  'crm.activity.binding.list': 1,
  'crm.activity.todo.add': 5,
  'crm.timeline.comment.add': 2,
  'crm.timeline.comment.update': 1,
  'crm.timeline.comment.delete': 1,
  'crm.timeline.comment.list': 1,
  'crm.timeline.bindings.list': 1,
  'crm.timeline.bindings.bind': 1,
  'crm.timeline.bindings.unbind': 1,
};

/** Which faults a day has. */
export interface TroublePlan {
  readonly seed: number;
  readonly mode: Mode;
  /** The share of methods that also hang. */
  readonly hanging: number;
}

/** Spoils some call of each method in each way, and lets the portal vanish for three hours. */
export function troublesOf({ seed, mode, hanging }: TroublePlan): (office: DayOffice) => readonly Happening[] {
  return ({ portal }) => {
    const random = seededRandom(seed ^ 0x5eed);
    for (const [method, gap] of Object.entries(methods)) {
      const kinds = [
        ...quickKinds,
        // A webhook's secret does not expire.
        ...(mode === 'app' ? (['expired'] as const) : []),
        ...(random() < hanging ? slowKinds : []),
      ].toSorted(() => random() - 0.5);
      let nth = 1;
      for (const kind of kinds) {
        nth += Math.floor(random() * gap);
        portal.faults.on(method, kind, { nth });
        nth += 1;
      }
    }
    return outage;
  };
}

/**
 * The portal cuts connections, then is overloaded, then does not answer. It keeps its port, which another test could
 * take otherwise.
 */
const outage: readonly Happening[] = [
  { at: day.outage.from, run: everything('cut-before') },
  { at: day.outage.from + 90 * minute, run: everything('503') },
  { at: day.outage.to - 2 * minute, run: everything('hang-before') },
  { at: day.outage.to, run: everything(null) },
];

function everything(kind: FaultKind | null): Happening['run'] {
  return async ({ portal }) => {
    portal.faults.everything = kind;
  };
}

/** When the program is killed: again and again, at any of its writes. */
export function killsOf(seed: number, count: number, writes: number): readonly Kill[] {
  const random = seededRandom(seed ^ 0xdead);
  return Array.from({ length: count }, () => ({
    afterWrites: Math.floor((random() * 2 * writes) / count),
    op: random() < 0.7 ? 'ledger' : 'delivered',
    isWritten: random() < 0.5,
  }));
}
