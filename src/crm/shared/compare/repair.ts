import type { InteractionId } from '../../../domain/base/ids.ts';
import type { LedgerChange } from '../../../domain/delivery/ledger.ts';
import type { Write, WriteResult } from '../../../domain/ports/writes.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Comparable } from './comparable.ts';
import type { Found } from './compare.ts';

/** What a repair needs. */
export interface RepairParts {
  readonly core: Comparable;
  readonly destination: string;
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether what people there may have deleted is made anew. */
  readonly restore: boolean;
}

/** What became of a difference: `left` is one that can't be repaired, or is not wanted. `busy`: it is in delivery. */
export type Repaired = 'removed' | 'owed' | 'left' | 'busy';

/** Whether a difference is to be repaired. */
export function isRepairable({ difference, mending }: Found, { restore }: Pick<RepairParts, 'restore'>): boolean {
  return mending.kind === 'mend' && (difference.kind !== 'deleted' || restore);
}

/** Whether something has to be done: what people there deleted, and what was settled as far as possible, is no fault. */
export function isFault({ difference, mending }: Found, { restore }: Pick<RepairParts, 'restore'>): boolean {
  return mending.kind !== 'settled' && (difference.kind !== 'deleted' || restore);
}

/**
 * Repairs differences, contact by contact: what is too much is removed there, and what is missing is owed again with a
 * ledger that no longer says that it is there. The program that delivers does the rest. Rejects with a ServiceError
 * after which nothing further is done; contacts that were repaired before it stay repaired.
 */
export async function repair(
  found: readonly Found[],
  parts: RepairParts,
  onRepaired: (found: Found, how: Repaired) => void,
): Promise<void> {
  for (const of of contactsOf(found).values()) {
    const repairable = of.filter((one) => isRepairable(one, parts));
    for (const one of of) if (!repairable.includes(one)) onRepaired(one, 'left');
    const how = await repairContact(repairable, parts);
    for (const one of repairable)
      onRepaired(one, how === 'busy' && isOwed(one) ? how : isOwed(one) ? 'owed' : 'removed');
  }
}

async function repairContact(
  repairable: readonly Found[],
  { core, destination, apply, clock, signal }: RepairParts,
): Promise<'done' | 'busy'> {
  const ledger = new Map<string, LedgerChange>();
  for (const { mending } of repairable) {
    if (mending.kind !== 'mend') continue;
    for (const id of mending.removes) await core.remove(id, signal);
    for (const change of mending.ledger ?? []) ledger.set(change.step, change);
  }
  const [first] = repairable;
  if (first === undefined || !repairable.some(isOwed)) return 'done';
  const of = { destination, kind: 'interaction', subject: first.difference.expected.interaction } as const;
  const [result] = await apply([{ op: 'deliver-again', of, ledger: [...ledger.values()], at: clock.now() }]);
  if (result?.ok === true) return 'done';
  // It has changed since it was compared, or was erased.
  if (result?.code === 'conflict' || result?.code === 'not_found') return 'busy';
  throw new Error(`could not store what is owed: ${result?.code ?? 'no answer'}`);
}

function isOwed({ mending }: Found): boolean {
  return mending.kind === 'mend' && mending.ledger !== null;
}

function contactsOf(found: readonly Found[]): ReadonlyMap<InteractionId, readonly Found[]> {
  const contacts = new Map<InteractionId, Found[]>();
  for (const one of found) {
    const id = one.difference.expected.interaction;
    contacts.set(id, [...(contacts.get(id) ?? []), one]);
  }
  return contacts;
}
