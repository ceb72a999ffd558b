import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { Ledger } from '../../ledger.ts';
import type { Card } from '../cards/card.ts';
import type { Bitrix24Parts } from '../parts.ts';

const step = 'trace';

/** Notes that there is no campaign to be put anywhere, since another contact may have made the card. */
export async function skipCampaign(ledger: Ledger): Promise<void> {
  await ledger.once({ name: step, call: async () => null, settle: async () => ({ done: true, remote: null }) });
}

/**
 * Puts the campaign of a new card into the portal's analytics. It happens at most once, as the portal can't be asked
 * whether it did; a portal without these analytics does not stop the delivery.
 */
export async function traceCampaign(
  { attribution }: Interaction,
  cards: readonly Card[],
  ledger: Ledger,
  { config, context, portal }: Pick<Bitrix24Parts, 'config' | 'context' | 'portal'>,
  signal: AbortSignal,
): Promise<void> {
  const tags = {
    utm_source: attribution?.source,
    utm_medium: attribution?.medium,
    utm_campaign: attribution?.campaign,
    utm_content: attribution?.content,
    utm_term: attribution?.term,
  };
  const named = Object.entries(tags).filter(([, value]) => value != null && value !== '');
  if (!config.trace || named.length === 0) return;
  const TRACE = JSON.stringify({ tags: { list: Object.fromEntries(named) } });
  const ENTITIES = cards.map(({ kind, id }) => ({ TYPE: kind.toUpperCase(), ID: id }));
  await ledger.once({
    name: step,
    call: async () => {
      try {
        await portal.call('crm.tracking.trace.add', { TRACE, ENTITIES }, { signal });
      } catch (error) {
        const { trouble } = asServiceError(error);
        if (trouble !== 'refused' && trouble !== 'access') throw error;
        context.log.warn({ err: error }, 'Bitrix24 did not take the campaign of a new card into its analytics');
      }
      return null;
    },
    settle: async () => ({ done: true, remote: null }),
  });
}
