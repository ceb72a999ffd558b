import { reason } from '../../../domain/reasons/reasons.ts';
import { fields, id } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { service } from '../api/errors.ts';
import { defaultUser } from '../users/default-user.ts';
import type { CallAttempt } from './call-attempt.ts';
import type { RegisterStep } from './plan.ts';
import { externalId, otherSide, registration } from './registration.ts';
import { registeredText, registerStep } from './reported.ts';
import { finishedCall } from './statistics.ts';

/** How long the portal answers a repeated registration with the same call; a minute less than it promises. */
const recognised = 29 * 60_000;

/** Carries out the registration of a call, for somebody else if the portal refuses the user. */
export async function registerCall(attempt: CallAttempt, step: RegisterStep): Promise<void> {
  await forKnownUser(attempt, step.user, (user) => registerFor(attempt, { ...step, user }));
}

/**
 * Does something in the name of a portal user. Where the portal refuses it, the user may have left the company, and it
 * is done in the name of the one for calls of unknown managers.
 */
export async function forKnownUser<Result>(
  { parts, signal }: CallAttempt,
  user: number,
  act: (user: number) => Promise<Result>,
): Promise<Result> {
  try {
    return await act(user);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.trouble !== 'refused') throw error;
    const other = await defaultUser(parts, signal);
    if (other === user) throw error;
    return await act(other);
  }
}

async function registerFor({ call, ledger, parts, signal }: CallAttempt, step: RegisterStep): Promise<void> {
  const { portal, context } = parts;
  await ledger.once({
    name: registerStep(step.part, step.user),
    call: async () => {
      const parameters = await registration(call, step, null, parts, signal);
      const { result } = await portal.call('telephony.externalCall.register', parameters, { signal });
      return registeredText({ callId: callIdOf(result), side: otherSide(parameters) });
    },
    settle: async ({ at }) => {
      // Within this time a repeat gets the same call.
      if (context.clock.now() - at < recognised) return { done: false };
      const found = await finishedCall({ EXTERNAL_CALL_ID: externalId(call, step.part) }, parts, signal);
      return found === null ? { done: false } : { done: true, remote: found.callId };
    },
  });
}

/** The id of a registered call. */
function callIdOf(result: unknown): string {
  const callId = id(fields(result).CALL_ID);
  if (callId === null) throw new ServiceError('unknown', reason('answerNameless', { service }));
  return callId;
}
