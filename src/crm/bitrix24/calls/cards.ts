import type { CallAttempt } from './call-attempt.ts';
import type { CardsStep } from './plan.ts';
import { cardsStep } from './reported.ts';

/** Opens and closes the portal's call card. A repeat does no harm, so that nothing has to be asked. */
export async function changeCards(
  { call, ledger, parts, signal }: CallAttempt,
  { part, users, show, hide }: CardsStep,
  callId: string,
): Promise<void> {
  const options = { signal, urgency: 'live' } as const;
  const change = async (method: 'show' | 'hide', who: readonly number[]) => {
    if (who.length > 0)
      await parts.portal.call(`telephony.externalCall.${method}`, { CALL_ID: callId, USER_ID: who }, options);
  };
  await ledger.once({
    name: cardsStep(part, call.revision, users),
    call: async () => {
      await change('show', show);
      await change('hide', hide);
      return null;
    },
    settle: async () => ({ done: false }),
  });
}
