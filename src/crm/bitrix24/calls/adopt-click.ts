import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { CoreContext } from '../../contract.ts';
import { clickedStep } from './reported.ts';

/**
 * Says that an outbound call was begun by a click in the portal, which has registered it already: `callId` comes from
 * the event `ONEXTERNALCALLSTART`. The portal then gets its end, and no second call. To be called before the
 * telephone rings, that is with the interaction of the requested call. A repeat changes nothing.
 */
export async function adoptClick(
  callId: string,
  interaction: Interaction,
  context: Pick<CoreContext, 'ledger'>,
): Promise<void> {
  await context.ledger({ kind: 'interaction', interaction }).once({
    name: clickedStep,
    call: async () => callId,
    // Nothing is asked of the portal, so the step is always carried out.
    settle: async () => ({ done: true, remote: callId }),
  });
}
