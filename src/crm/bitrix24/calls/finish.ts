import { reason } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Settled } from '../../ledger.ts';
import { service } from '../api/errors.ts';
import type { Parameters } from '../api/portal.ts';
import type { CallAttempt } from './call-attempt.ts';
import type { FinishStep } from './plan.ts';
import { forKnownUser } from './register.ts';
import { againId, externalId, isOtherSide, otherSide, registration } from './registration.ts';
import { clickedOf, type Finished, finishAgainStep, finishedText, finishStep, type ReportedPart } from './reported.ts';
import { finishedCall, finishedOf } from './statistics.ts';

const finishMethod = 'telephony.externalCall.finish';

/**
 * Finishes a call, exactly once: what is finished stands in the portal's statistics. A call that was not registered, or
 * with another side, is registered and finished with its true time in one request.
 */
export async function finishCall(attempt: CallAttempt, step: FinishStep, part: ReportedPart): Promise<void> {
  if (await isToBeAgain(attempt, step, part)) return finishAgain(attempt, step, part);
  const callId = part.registered?.callId ?? null;
  await attempt.ledger.once({
    name: finishStep(step.part, step.user),
    call: async () => finishedText(await finish(attempt, step, callId)),
    settle: async () => settledBy(await alreadyFinished(attempt, step, callId)),
  });
}

/**
 * Whether a call has to be registered again: with a number that proved to be wrong, or without the card of the client,
 * which the portal can't correct. What was begun one way is not ended the other.
 */
async function isToBeAgain({ call, ledger, parts, signal }: CallAttempt, step: FinishStep, part: ReportedPart) {
  if (part.finished !== null) return (await ledger.find(finishAgainStep(step.part, step.user))) !== null;
  const { callId = null, side = null } = part.registered ?? {};
  if (callId === null || side === null) return false;
  return isOtherSide(side, otherSide(await registration(call, step, null, parts, signal)));
}

/** The portal forgets the first registration, which is never finished; only its call cards have to be closed. */
async function finishAgain(attempt: CallAttempt, step: FinishStep, part: ReportedPart): Promise<void> {
  const { call, ledger, parts, signal } = attempt;
  const cards = { CALL_ID: part.registered?.callId, USER_ID: part.everSeen };
  const EXTERNAL_CALL_ID = againId(call, step.part);
  await ledger.once({
    name: finishAgainStep(step.part, step.user),
    call: async () => {
      if (part.everSeen.length > 0) await parts.portal.call('telephony.externalCall.hide', cards, { signal });
      const finish = (user: number) => registerAndFinish(attempt, { ...step, user }, { EXTERNAL_CALL_ID });
      return finishedText(await forKnownUser(attempt, step.user, finish));
    },
    settle: async () => settledBy(await finishedCall({ EXTERNAL_CALL_ID }, parts, signal)),
  });
}

function settledBy(found: Finished | null): Settled {
  return found === null ? { done: false } : { done: true, remote: finishedText(found) };
}

async function finish(attempt: CallAttempt, step: FinishStep, callId: string | null): Promise<Finished> {
  if (callId !== null) {
    try {
      return await finishRegistered(attempt, step, callId);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.trouble !== 'refused') throw error;
      // The portal does not know the call (any more), because it is finished or was forgotten; or not the user.
      const found = await alreadyFinished(attempt, step, callId);
      if (found !== null) return found;
    }
  }
  return forKnownUser(attempt, step.user, (user) => registerAndFinish(attempt, { ...step, user }));
}

async function finishRegistered({ parts, signal }: CallAttempt, step: FinishStep, callId: string): Promise<Finished> {
  const parameters = { CALL_ID: callId, ...outcome(step, parts.config.calls.chat) };
  return checked((await parts.portal.call(finishMethod, parameters, { signal })).result);
}

async function registerAndFinish(attempt: CallAttempt, step: FinishStep, more: Parameters = {}): Promise<Finished> {
  const { call, ledger, parts, signal } = attempt;
  // A click's call that the portal has forgotten is still of its call list.
  const of = step.part === 1 ? (clickedOf(await ledger.steps())?.of ?? null) : null;
  const commands = {
    register: {
      method: 'telephony.externalCall.register',
      parameters: { ...(await registration(call, step, of, parts, signal)), ...more },
    },
    finish: {
      method: finishMethod,
      parameters: { CALL_ID: '$result[register][CALL_ID]', ...outcome(step, false) },
    },
  };
  const { register, finish } = await parts.portal.batch(commands, { signal, halt: true });
  if (register instanceof Error) throw register;
  if (finish instanceof Error) throw finish;
  return checked(finish.result);
}

function outcome({ user, seconds, code, reason }: FinishStep, chat: boolean): Parameters {
  return {
    USER_ID: user,
    DURATION: seconds,
    STATUS_CODE: code,
    ...(reason !== null && { FAILED_REASON: reason.slice(0, 200) }),
    ADD_TO_CHAT: chat ? 1 : 0,
  };
}

async function alreadyFinished(
  { call, parts, signal }: CallAttempt,
  { part }: FinishStep,
  callId: string | null,
): Promise<Finished | null> {
  const known = callId === null ? null : await finishedCall({ CALL_ID: callId }, parts, signal);
  return known ?? (await finishedCall({ EXTERNAL_CALL_ID: externalId(call, part) }, parts, signal));
}

/** What `finish` answered. Anything but a row of the statistics leaves open what was done. */
function checked(result: unknown): Finished {
  const found = finishedOf(result);
  if (found === null) throw new ServiceError('unknown', reason('answerUnclear', { service }));
  return found;
}
