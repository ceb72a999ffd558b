import type { LedgerStep } from '../../domain/delivery/ledger.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { Settled } from '../ledger.ts';

/** How long the other side may still be working on a request that we gave up, in milliseconds. */
const grace = 15_000;

/**
 * Settles the making of something by looking for it. That it is not there counts only once the other side can't be working
 * on the request any more; until then, the attempt is repeated later.
 */
export async function settleByLooking(
  service: string,
  { at }: Pick<LedgerStep, 'at'>,
  now: number,
  look: () => Promise<string | null>,
): Promise<Settled> {
  const remote = await look();
  if (remote !== null) return { done: true, remote };
  const wait = at + grace - now;
  if (wait > 0) throw new ServiceError('later', reason('stepUnsettled', { service }), wait);
  return { done: false };
}
