import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Ledger } from '../../ledger.ts';
import type { Bitrix24Parts } from '../parts.ts';

/** One attempt to deliver a call. */
export interface CallAttempt {
  readonly call: Interaction;
  readonly ledger: Ledger;
  readonly parts: Bitrix24Parts;
  readonly signal: AbortSignal;
}
