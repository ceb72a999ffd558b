import type { CallResult, CallResultReason } from '../../../../../src/domain/call/call-result.ts';
import type { Words } from '../../../i18n/russian.ts';

const words = {
  busy: 'resultBusy',
  no_answer: 'resultNoAnswer',
  rejected: 'resultRejected',
  wrong_number: 'resultWrongNumber',
  congestion: 'resultCongestion',
  unavailable: 'resultUnavailable',
  cancelled: 'resultCancelled',
  failed: 'resultFailed',
} as const satisfies Record<CallResultReason, keyof Words>;

/** Why an outbound call was not answered, with the cause code that a provider's support asks for. */
export function resultText({ reason, cause }: CallResult, text: Words): string {
  return cause === null ? text[words[reason]] : `${text[words[reason]]} (Q.850: ${cause})`;
}
