import type { Outbound, SendOutcome } from '../../src/domain/outbound/outbound.ts';
import type { Office } from './office.ts';

/** A connection `pbx` that carries out all queued commands, as `outcome` says. Returns what it was told, and how to remove it. */
export function commandConnection(
  office: Office,
  outcome: () => SendOutcome = () => ({ kind: 'sent', keys: [], handle: null, state: 'sent' }),
): { readonly carriedOut: readonly Outbound[]; readonly remove: () => void } {
  const carriedOut: Outbound[] = [];
  const carryOut = async () => {
    for (const row of await office.store.read.outboundDue('pbx', office.clock.now(), 10)) {
      carriedOut.push(row);
      await office.intake.apply([{ op: 'begin-sending', id: row.id, at: office.clock.now() }]);
      await office.intake.apply([{ op: 'end-sending', id: row.id, outcome: outcome(), at: office.clock.now() }]);
    }
  };
  return { carriedOut, remove: office.intake.changes.on('command', () => void carryOut()) };
}
