import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import type { LiveCall, LiveChannel, LiveLeg } from './model.ts';

/** Records that one of our telephones put the party on hold. A party that holds us is not shown. */
export function hold({ leg, call }: LiveChannel, at: number): void {
  if (leg !== null && leg.talkedAt !== null) mark(leg, call, at);
}

/** Records that the telephone talks to the party again. */
export function unhold({ leg, call }: LiveChannel): void {
  if (leg !== null) release(leg, call);
}

/**
 * Records that the party hears music while somebody of ours has it on the line: during an attended transfer no telephone reports a
 * hold.
 */
export function musicStarts(channel: LiveChannel, at: number): void {
  const { call } = channel;
  if (call.parties.has(channel)) for (const leg of call.legs) if (isTalking(leg)) mark(leg, call, at);
}

/** Records that the party hears somebody again. */
export function musicStops(channel: LiveChannel): void {
  const { call } = channel;
  if (call.parties.has(channel)) for (const leg of call.legs) release(leg, call);
}

function isTalking(leg: LiveLeg): boolean {
  return isHumanLeg(leg) && leg.talkedAt !== null && leg.endedAt === null;
}

function mark(leg: LiveLeg, call: LiveCall, at: number): void {
  if (leg.heldAt !== null) return;
  leg.heldAt = at;
  call.dirty = true;
}

function release(leg: LiveLeg, call: LiveCall): void {
  if (leg.heldAt === null) return;
  leg.heldAt = null;
  call.dirty = true;
}
