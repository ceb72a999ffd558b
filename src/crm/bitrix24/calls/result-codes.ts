import type { CallResultReason } from '../../../domain/call/call-result.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';

/** `STATUS_CODE` of an outbound call that nobody answered. */
const outbound: Readonly<Record<CallResultReason, string>> = {
  busy: '486',
  no_answer: '304',
  rejected: '603',
  wrong_number: '404',
  congestion: '503',
  unavailable: '480',
  cancelled: '603-S',
  failed: 'OTHER',
};

/** `STATUS_CODE` of a call in which nobody of ours talked. Of an inbound call, 304 makes it a missed one. */
export function resultCode(call: Interaction): string {
  if (call.direction === 'inbound') return call.automatic === null ? '304' : 'OTHER';
  if (call.result !== null) return outbound[call.result.reason];
  return call.state === 'failed' ? 'OTHER' : '304';
}
