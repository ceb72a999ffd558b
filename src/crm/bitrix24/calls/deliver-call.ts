import type { AttemptResult } from '../../../domain/delivery/destination.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Ledger } from '../../ledger.ts';
import type { Bitrix24Parts } from '../parts.ts';

/** Tells the portal the latest state of a call. Rejects with a ServiceError. */
export async function deliverCall(
  _call: Interaction,
  _ledger: Ledger,
  _parts: Bitrix24Parts,
  _signal: AbortSignal,
): Promise<AttemptResult> {
  return { kind: 'done', link: null };
}
