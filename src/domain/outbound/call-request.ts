import type { EventKey, InteractionId } from '../base/ids.ts';
import type { Interaction, Named } from '../interaction/interaction.ts';

/** A call between a manager and an outside party that somebody wants to be made. */
export interface CallRequest {
  /** Id of the manager, whose telephone rings first. */
  readonly manager: string;
  /** The outside number as it was written. */
  readonly phone: string;
  /** The interaction that the call answers, or null. */
  readonly answers: InteractionId | null;
  /** A repeated key makes no second call. */
  readonly key: EventKey;
  readonly by: Named;
}

/** A step of a destination's ledger that is done before the call begins: the other side knows the call already. */
export interface KnownStep {
  readonly step: string;
  readonly remote: string;
}

/** Why a call is not even requested. `pbx`: none can make calls. `telephone`: none of the manager's is on such a PBX. */
export type CallRefusal = 'manager' | 'phone' | 'pbx' | 'telephone';

/** A requested call; its interaction becomes that of the call. Or why there is none. */
export type CallAnswer = { readonly interaction: Interaction } | { readonly refused: CallRefusal };
