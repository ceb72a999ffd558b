import type { CallLeg, CallSnapshot } from '../../../../src/domain/interaction/contact-event.ts';
import { call, callStart, leg } from '../../../support/calls.ts';

/** A time in the calls of the tests, in seconds since their start. */
export const at = (seconds: number): number => callStart + seconds * 1000;

/** A telephone that rang from one second to another, in vain. */
export function rang(extension: string, from: number, to: number, more: Partial<CallLeg> = {}): CallLeg {
  return leg(extension, { rangAt: at(from), endedAt: at(to), outcome: 'no_answer', ...more });
}

/** A telephone that is ringing. */
export function rings(extension: string, from = 1): CallLeg {
  return leg(extension, { rangAt: at(from) });
}

/** A telephone at which somebody is talking, or talked until `to`. */
export function talked(extension: string, from: number, to: number | null, rangAt = 1): CallLeg {
  const end = to === null ? {} : ({ endedAt: at(to), outcome: 'answered' } as const);
  return leg(extension, { rangAt: at(rangAt), talkedAt: at(from), ...end });
}

/** A menu, queue or voicemail that picked up. */
export function machine(kind: 'ivr' | 'queue' | 'voicemail', from: number, to: number | null): CallLeg {
  return leg('', {
    kind,
    extension: kind === 'ivr' ? null : '800',
    rangAt: null,
    talkedAt: at(from),
    endedAt: to === null ? null : at(to),
    outcome: to === null ? null : 'answered',
  });
}

/** An inbound call in which nobody talked yet. */
export function ringing(legs: readonly CallLeg[], more: Partial<CallSnapshot> = {}): CallSnapshot {
  return call('a', { legs, ...more });
}

export function talking(legs: readonly CallLeg[], more: Partial<CallSnapshot> = {}): CallSnapshot {
  return call('a', { state: 'talking', legs, ...more });
}

export function answered(legs: readonly CallLeg[], end: number, more: Partial<CallSnapshot> = {}): CallSnapshot {
  return call('a', { state: 'answered', legs, endedAt: at(end), ...more });
}

export function missed(legs: readonly CallLeg[], end: number, more: Partial<CallSnapshot> = {}): CallSnapshot {
  return call('a', { state: 'missed', legs, endedAt: at(end), ...more });
}

/** An outbound call. */
export function outbound(
  state: CallSnapshot['state'],
  legs: readonly CallLeg[],
  end: number | null,
  more: Partial<CallSnapshot> = {},
): CallSnapshot {
  return call('a', { direction: 'outbound', state, legs, endedAt: end === null ? null : at(end), ...more });
}
