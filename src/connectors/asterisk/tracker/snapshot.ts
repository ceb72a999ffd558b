import type { LegOutcome, QueueLeft } from '../../../domain/call/call-result.ts';
import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import type { CallLeg, CallSnapshot, CallTransfer } from '../../../domain/interaction/contact-event.ts';
import type { CallState } from '../../../domain/interaction/interaction.ts';
import type { LiveCall, LiveLeg } from './model.ts';
import { resultOf } from './result.ts';

/** The current state of a call, or its result once it has ended. */
export function stateOf(call: LiveCall): CallState {
  const talked = call.legs.some((leg) => isHumanLeg(leg) && leg.talkedAt !== null);
  if (call.endedAt === null) {
    return call.legs.some((leg) => isHumanLeg(leg) && leg.talkedAt !== null && leg.endedAt === null)
      ? 'talking'
      : 'ringing';
  }
  if (talked) return 'answered';
  if (call.direction === 'inbound') return 'missed';
  return call.partyStatus === 'CHANUNAVAIL' || call.partyStatus === 'CONGESTION' ? 'failed' : 'unanswered';
}

function outcomeOf(call: LiveCall, leg: LiveLeg): LegOutcome | null {
  if (!isHumanLeg(leg)) return leg.outcome;
  if (leg.talkedAt !== null || (leg.answered && !wasOnlyAsked(call, leg))) return 'answered';
  if (leg.outcome !== null && leg.outcome !== 'cancelled') return leg.outcome;
  if (leg.endedAt === null) return null;
  // An answer before this leg rang belongs to an earlier conversation (before a transfer), not to a pick-up by a colleague.
  const since = leg.lastRangAt ?? leg.endedAt;
  const elsewhere = call.legs.some(
    (other) => other !== leg && isHumanLeg(other) && other.talkedAt !== null && other.talkedAt >= since,
  );
  return elsewhere ? 'elsewhere' : 'cancelled';
}

/** How the party left a queue, as far as it is certain by now. */
function leftOf(call: LiveCall, { left, hasLeft }: LiveLeg): QueueLeft | null {
  return left ?? (hasLeft && call.endedAt !== null ? 'exit_key' : null);
}

/** Whether a phone was picked up to be asked to confirm the call ("press 1"), and never was connected. */
function wasOnlyAsked(call: LiveCall, leg: LiveLeg): boolean {
  return leg.endedAt !== null && !leg.bridged && (call.direction === 'inbound' || leg.kind === 'mobile');
}

function legOf(call: LiveCall, leg: LiveLeg): CallLeg {
  return {
    kind: leg.kind,
    extension: leg.extension,
    phone: leg.phone,
    rangAt: leg.rangAt,
    lastRangAt: leg.lastRangAt,
    rings: leg.rings,
    talkedAt: leg.talkedAt,
    endedAt: leg.endedAt,
    outcome: outcomeOf(call, leg),
    heldAt: leg.endedAt === null ? leg.heldAt : null,
    position: leg.position,
    left: leftOf(call, leg),
  };
}

/** The result of a transfer. Asterisk reports success once the party was sent on, even if nobody answers. */
function transferOutcome(call: LiveCall, transfer: CallTransfer): CallTransfer['outcome'] {
  const isUncertain = transfer.kind === 'blind' || transfer.kind === 'blonde';
  if (!isUncertain || transfer.outcome !== 'done' || call.endedAt === null) return transfer.outcome;
  const later = call.legs.find((leg) => leg.talkedAt !== null && leg.talkedAt >= transfer.at);
  if (later === undefined) return 'failed';
  const back = later.extension !== null && later.extension === transfer.from.extension;
  return back ? 'returned' : 'done';
}

/** The whole call as it is reported to the rest of the program. */
export function snapshotOf(connection: string, call: LiveCall): CallSnapshot {
  return {
    kind: 'call',
    key: call.key,
    aliases: [...call.aliases],
    connection,
    basis: 'live',
    direction: call.direction ?? 'internal',
    state: stateOf(call),
    party: { raw: call.withheld ? '' : call.party, name: call.partyName, withheld: call.withheld },
    dialled: call.dialled,
    trunk: [...call.parties].at(-1)?.end ?? call.trunk,
    startedAt: call.startedAt,
    endedAt: call.endedAt,
    result: resultOf(call),
    legs: call.legs.map((leg) => legOf(call, leg)),
    transfers: call.transfers.map((transfer) => ({ ...transfer, outcome: transferOutcome(call, transfer) })),
    recordings: [...call.recordings],
    reconstructed: call.reconstructed,
    ...(call.isFax && { automatic: 'fax' as const }),
  };
}
