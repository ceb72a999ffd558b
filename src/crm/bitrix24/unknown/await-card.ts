import { reason } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { CoreContext } from '../../contract.ts';
import type { Ledger } from '../../ledger.ts';
import { service } from '../api/errors.ts';

/**
 * How long a card is waited for, and the pause between two looks, in milliseconds. The contact that makes it may itself
 * fail, or wait for a portal that is away again.
 */
const patience = 2 * 86_400_000;
const pause = 15_000;

const step = 'card awaited';

/**
 * Waits for a card that the delivery of another contact makes. The time counts from the first look at a portal that
 * answers. Rejects with a ServiceError until then, and resolves once there will be no card.
 */
export async function awaitCard(ledger: Ledger, { clock }: Pick<CoreContext, 'clock'>): Promise<void> {
  await ledger.once({ name: step, call: async () => null, settle: async () => ({ done: true, remote: null }) });
  const since = (await ledger.find(step))?.at ?? clock.now();
  if (clock.now() - since < patience) throw new ServiceError('later', reason('cardNotYet', { service }), pause);
}
