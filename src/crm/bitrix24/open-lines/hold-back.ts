import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { CoreContext } from '../../contract.ts';
import type { Ledger } from '../../ledger.ts';
import { service } from '../api/errors.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { toldOf } from '../written/told.ts';
import { sendStep } from './told-message.ts';

/** The steps of a message that is to be sent, and of one that the portal has refused for good. */
const wantedStep = 'line wanted';
const refusedStep = 'line refused';

/** Earlier messages of a conversation that are looked at. */
const looked = 20;
/** Older messages, such as those of a history, are not for the operators any more. In milliseconds. */
const maxAge = 7 * 86_400_000;
/** How soon a message that is held back is tried again, in milliseconds. */
const pause = 2000;

/**
 * Holds a message back while an earlier one of its conversation waits to be sent, since the portal shows messages in the order of their
 * arrival. Rejects with a ServiceError until then.
 */
export async function holdBack(
  contact: Interaction,
  ledger: Ledger,
  { context }: Pick<Bitrix24Parts, 'context'>,
): Promise<void> {
  await note(ledger, wantedStep);
  if (contact.thread === null) return;
  const { items } = await context.history({ thread: contact.thread, limit: looked, cursor: null });
  for (const earlier of items) {
    const isEarlier = earlier.startedAt <= contact.startedAt && earlier.id < contact.id;
    const isTaken =
      earlier.links[context.name] !== undefined || earlier.deletedAt !== null || earlier.mergedInto !== null;
    if (!isEarlier || isTaken || isTooOld(earlier, context)) continue;
    const steps = await context.ledger({ kind: 'interaction', interaction: earlier }).steps();
    const isDone = (name: string) => steps.some(({ step, state }) => step === name && state === 'done');
    const isOver = isDone(sendStep(1)) || isDone(refusedStep) || toldOf(steps) !== null;
    if (isDone(wantedStep) && !isOver)
      throw new ServiceError('later', reason('earlierMessageFirst', { service }), pause);
  }
}

/** Whether a message is too old to be sent for the first time. */
export function isTooOld({ startedAt }: Interaction, { clock }: Pick<CoreContext, 'clock'>): boolean {
  return clock.now() - Date.parse(startedAt) > maxAge;
}

/** Notes that the portal has refused a message for good, so that it holds back no other. */
export function noteRefusal(ledger: Ledger): Promise<void> {
  return note(ledger, refusedStep);
}

async function note(ledger: Ledger, name: string): Promise<void> {
  await ledger.once({ name, call: async () => null, settle: async () => ({ done: true, remote: null }) });
}
