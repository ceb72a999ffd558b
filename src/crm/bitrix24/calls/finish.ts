import { reason } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { service } from '../api/errors.ts';
import type { Parameters } from '../api/portal.ts';
import type { CallAttempt } from './call-attempt.ts';
import type { FinishStep } from './plan.ts';
import { forKnownUser } from './register.ts';
import { externalId, isOtherSide, otherSide, registration } from './registration.ts';
import { type Finished, finishedText, finishStep, type ReportedPart } from './reported.ts';
import { finishedCall, finishedOf } from './statistics.ts';

const finishMethod = 'telephony.externalCall.finish';

/**
 * Finishes a call, exactly once: what is finished stands in the portal's statistics. A call that was not registered, or
 * with somebody else, is registered and finished with its true time in one request.
 */
export async function finishCall(attempt: CallAttempt, step: FinishStep, part: ReportedPart): Promise<void> {
  const callId = part.registered?.callId ?? null;
  await attempt.ledger.once({
    name: finishStep(step.part, step.user),
    call: async () => finishedText(await finish(attempt, step, await usable(attempt, step, part))),
    settle: async () => {
      const found = await alreadyFinished(attempt, step, callId);
      return found === null ? { done: false } : { done: true, remote: finishedText(found) };
    },
  });
}

/**
 * The registered call, unless it is with a number that proved to be wrong, or without the card of who it was with. The
 * portal can't correct that, and forgets a call that is never finished; only its card has to be closed.
 */
async function usable(attempt: CallAttempt, step: FinishStep, part: ReportedPart): Promise<string | null> {
  const { callId = null, side = null } = part.registered ?? {};
  if (callId === null || side === null) return callId;
  const { call, parts, signal } = attempt;
  if (!isOtherSide(side, otherSide(await registration(call, step, parts, signal)))) return callId;
  const parameters = { CALL_ID: callId, USER_ID: part.everSeen };
  if (part.everSeen.length > 0) await parts.portal.call('telephony.externalCall.hide', parameters, { signal });
  return null;
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

async function registerAndFinish(attempt: CallAttempt, step: FinishStep): Promise<Finished> {
  const { call, parts, signal } = attempt;
  const commands = {
    register: {
      method: 'telephony.externalCall.register',
      parameters: await registration(call, step, parts, signal),
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
