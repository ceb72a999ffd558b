import type { LedgerLog, StepSummary } from './ledger-log.ts';

/** The methods that carry out each kind of step. */
const methods: Readonly<Record<string, readonly string[]>> = {
  register: ['telephony.externalCall.register'],
  cards: ['telephony.externalCall.show', 'telephony.externalCall.hide'],
  finish: ['telephony.externalCall.finish', 'voximplant.statistic.get'],
  record: ['telephony.externalCall.attachRecord', 'upload'],
  'add activity': ['crm.activity.add'],
  'add comment': ['crm.timeline.comment.add'],
  change: ['crm.activity.update', 'crm.timeline.comment.update'],
  bind: [
    'crm.activity.binding.add',
    'crm.activity.binding.list',
    'crm.timeline.bindings.list',
    'crm.timeline.bindings.bind',
    'crm.timeline.bindings.unbind',
  ],
  remove: ['crm.activity.delete', 'crm.timeline.comment.delete'],
  call: ['crm.activity.binding.add', 'crm.activity.binding.delete', 'crm.activity.delete'],
  'stranger made': ['crm.lead.add'],
  trace: ['crm.tracking.trace.add'],
  lead: ['crm.lead.update'],
  todo: ['crm.activity.todo.add'],
  given: ['crm.activity.update'],
  completed: ['crm.activity.update'],
};

/** What the ledger went through: by kind of step, the faults of its methods, and how uncertain steps were settled. */
export function ledgerTable(
  log: LedgerLog,
  happened: readonly string[],
): Readonly<Record<string, StepSummary & { readonly faults: number }>> {
  const faultsOf = (kind: string) => {
    const names = (methods[kind] ?? []).map((method) => method.toLowerCase());
    return happened.filter((fault) => names.includes(fault.split(' ')[0] ?? '')).length;
  };
  return Object.fromEntries([...log.summary()].map(([kind, row]) => [kind, { faults: faultsOf(kind), ...row }]));
}
