import type { CallLeg, CallSnapshot, CallTransfer } from '../../../domain/interaction/contact-event.ts';
import type { CallState, LegOutcome } from '../../../domain/interaction/interaction.ts';
import type { LiveCall, LiveLeg } from './model.ts';

/** Whether a leg is a human of ours. */
export function isHuman(leg: Pick<LiveLeg, 'kind'>): boolean {
  return leg.kind === 'extension' || leg.kind === 'mobile';
}

/** The call's state now; once it has ended, what became of it. */
export function stateOf(call: LiveCall): CallState {
  const talked = call.legs.some((leg) => isHuman(leg) && leg.talkedAt !== null);
  if (call.endedAt === null) {
    return call.legs.some((leg) => isHuman(leg) && leg.talkedAt !== null && leg.endedAt === null)
      ? 'talking'
      : 'ringing';
  }
  if (talked) return 'answered';
  if (call.direction === 'inbound') return 'missed';
  return call.partyStatus === 'CHANUNAVAIL' || call.partyStatus === 'CONGESTION' ? 'failed' : 'unanswered';
}

function outcomeOf(call: LiveCall, leg: LiveLeg): LegOutcome | null {
  if (!isHuman(leg)) return leg.outcome;
  if (leg.talkedAt !== null || leg.answered) return 'answered';
  if (leg.outcome !== null && leg.outcome !== 'cancelled') return leg.outcome;
  if (leg.endedAt === null) return null;
  // An answer before this leg began to ring is an earlier talk (before a transfer), not somebody else's pick-up.
  const since = leg.rangAt ?? leg.endedAt;
  const elsewhere = call.legs.some(
    (other) => other !== leg && isHuman(other) && other.talkedAt !== null && other.talkedAt >= since,
  );
  return elsewhere ? 'elsewhere' : 'cancelled';
}

function legOf(call: LiveCall, leg: LiveLeg): CallLeg {
  return {
    kind: leg.kind,
    extension: leg.extension,
    phone: leg.phone,
    rangAt: leg.rangAt,
    talkedAt: leg.talkedAt,
    endedAt: leg.endedAt,
    outcome: outcomeOf(call, leg),
  };
}

/** What a transfer came to: Asterisk calls it a success when the party was sent on, whoever did or didn't answer. */
function transferOutcome(call: LiveCall, transfer: CallTransfer): CallTransfer['outcome'] {
  const unsure = transfer.kind === 'blind' || transfer.kind === 'blonde';
  if (!unsure || transfer.outcome !== 'done' || call.endedAt === null) return transfer.outcome;
  const later = call.legs.find((leg) => leg.talkedAt !== null && leg.talkedAt >= transfer.at);
  if (later === undefined) return 'failed';
  const back = later.extension !== null && later.extension === transfer.from.extension;
  return back ? 'returned' : 'done';
}

/** The whole call as the rest of the program gets it. */
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
    startedAt: call.startedAt,
    endedAt: call.endedAt,
    legs: call.legs.map((leg) => legOf(call, leg)),
    transfers: call.transfers.map((transfer) => ({ ...transfer, outcome: transferOutcome(call, transfer) })),
    recordings: [...call.recordings],
    reconstructed: call.reconstructed,
  };
}
