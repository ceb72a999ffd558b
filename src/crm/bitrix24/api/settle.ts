import type { LedgerStep } from '../../../domain/delivery/ledger.ts';
import type { Settled } from '../../ledger.ts';
import { settleByLooking as settle } from '../../shared/settle.ts';
import { service } from './errors.ts';

/** Settles the making of something in the portal by looking for it. */
export function settleByLooking(step: LedgerStep, now: number, look: () => Promise<string | null>): Promise<Settled> {
  return settle(service, step, now, look);
}
