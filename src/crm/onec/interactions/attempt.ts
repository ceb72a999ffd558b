import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Ledger } from '../../ledger.ts';
import type { CallOptions } from '../api/base.ts';
import type { OnecParts } from '../parts.ts';
import type { Known } from './known.ts';

/** One attempt to bring a contact into the base. */
export interface Attempt {
  readonly contact: Interaction;
  readonly ledger: Ledger;
  readonly parts: OnecParts;
  /** What was found out about the base. */
  readonly known: Known;
  readonly options: CallOptions;
}
