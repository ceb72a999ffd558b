import type { Reason } from '../../../domain/base/reason.ts';
import type { CallAction } from '../../../domain/call/call-command.ts';
import type { SendOutcome } from '../../../domain/outbound/outbound.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import type { AmiError } from '../ami/errors.ts';

/** Milliseconds between attempts while the PBX is unavailable. Short, because a command expires within seconds. */
const retryAfter = 500;

/** The outcome of a command that was carried out. */
export const carriedOut: SendOutcome = { kind: 'sent', keys: [], handle: null, state: 'sent' };

/** The outcome of a command that certainly had no effect. */
export function failed(why: Reason): SendOutcome {
  return { kind: 'failed', reason: why };
}

/** What the PBX's own words mean, by patterns of them. They are the same in Asterisk 16 to 22. */
const meanings: readonly (readonly [RegExp, (action: CallAction) => Reason])[] = [
  [/permission denied/i, () => reason('commandForbidden')],
  [/invalid.{1,3}unknown command/i, (action) => reason('commandUnknown', { action })],
  [/no such channel|does not exist|channel not found/i, () => reason('legOver')],
  [/parking ?lot/i, () => reason('parkingMissing')],
  [/no attended transfer|not .{0,20}attended transfer/i, () => reason('notConsulting')],
];

/** The outcome of a command that the PBX refused or did not get. */
export function outcomeOf(error: AmiError, action: CallAction): SendOutcome {
  if (error.code === 'action-refused') {
    const said = error.response?.fields.Message ?? '';
    const known = meanings.find(([pattern]) => pattern.test(said));
    if (known !== undefined) return failed(known[1](action));
    return failed(/transfer/i.test(said) ? reason('transferRefused', { said }) : reason('commandRefused', { said }));
  }
  if (error.code === 'unsafe') return failed(reason('commandRefused', { said: error.message }));
  if (error.sent) return { kind: 'uncertain', reason: reason('commandCut') };
  return { kind: 'retry', reason: reason('commandAway'), after: retryAfter };
}
