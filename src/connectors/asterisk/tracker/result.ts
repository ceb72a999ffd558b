import type { CallResult, CallResultReason } from '../../../domain/call/call-result.ts';
import { isHumanLeg } from '../../../domain/call/human-leg.ts';
import type { LiveCall } from './model.ts';

/**
 * What the cause codes of Q.850 mean for an outbound call. Providers use them loosely, so only those that people act upon differently
 * are told apart.
 */
const byCause: Readonly<Record<number, CallResultReason>> = {
  1: 'wrong_number',
  3: 'wrong_number',
  17: 'busy',
  18: 'no_answer',
  19: 'no_answer',
  20: 'unavailable',
  21: 'rejected',
  22: 'wrong_number',
  27: 'unavailable',
  28: 'wrong_number',
  34: 'congestion',
  38: 'congestion',
  41: 'congestion',
  42: 'congestion',
  44: 'congestion',
};

/** What `DialStatus` means if the cause says nothing particular. */
const byStatus: ReadonlyMap<string, CallResultReason> = new Map([
  ['BUSY', 'busy'],
  ['NOANSWER', 'no_answer'],
  ['CANCEL', 'cancelled'],
  ['CHANUNAVAIL', 'unavailable'],
  ['CONGESTION', 'congestion'],
]);

/** Why an outbound call was not answered; null if it was, or while it is under way. */
export function resultOf(call: LiveCall): CallResult | null {
  if (call.direction !== 'outbound' || call.endedAt === null) return null;
  if (call.legs.some((leg) => isHumanLeg(leg) && leg.talkedAt !== null)) return null;
  const { partyStatus: status, partyCause: cause } = call;
  // The client answered, but nobody of ours took the call.
  if (status === 'ANSWER' || (status === null && cause === null)) return null;
  // We gave up, whatever the network made of that.
  if (status === 'CANCEL') return { reason: 'cancelled', cause };
  const reason = byCause[cause ?? 0] ?? byStatus.get(status ?? '') ?? 'failed';
  return { reason, cause };
}
