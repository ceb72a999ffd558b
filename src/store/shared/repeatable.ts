import type { Write } from '../../domain/ports/writes.ts';

/** Whether repeating a write that was already carried out changes nothing and returns the same answer. */
const repeatable: Readonly<Record<Write['op'] | 'forget', boolean>> = {
  contact: true,
  // Repeating would record the decision in the trace twice.
  routed: false,
  decide: false,
  record: true,
  send: true,
  // The id is taken.
  command: false,
  // Refused once their row has moved on.
  'begin-sending': false,
  'end-sending': false,
  resend: false,
  'take-back': false,
  'send-now': false,
  // Refused when the lead or task is already done.
  'hand-over': false,
  close: false,
  lead: false,
  'put-task': true,
  'task-done': false,
  'escalate-task': false,
  'put-clients': true,
  // The second time, the client no longer exists.
  'delete-client': false,
  staff: true,
  destinations: true,
  delivered: true,
  ledger: true,
  vault: true,
  'retry-delivery': false,
  'deliver-again': false,
  'hold-number': true,
  // The second time, no address is marked.
  'clear-undeliverable': false,
  relink: true,
  devices: true,
  cursor: true,
  'put-user': true,
  // The second time, it no longer exists, or another user is the last administrator.
  'change-user': false,
  'remove-user': false,
  'put-token': true,
  'remove-token': false,
  'open-session': true,
  'close-session': true,
  'close-sessions': true,
  // Counting one failure too many does little harm.
  'login-failed': true,
  'login-forgiven': true,
  audit: true,
  'forget-audit': true,
  'index-texts': true,
  'blobs-removed': true,
  // The attempt would be counted twice, which does no harm.
  quarantine: true,
  'quarantine-retry': true,
  // The second time, the entry no longer exists.
  'quarantine-remove': false,
  'recording-heard': false,
  'erase-recordings': true,
  'put-transcript': true,
  forget: true,
};

/** Whether a batch may be repeated when it is unknown whether it was committed. */
export function mayRepeat(batch: readonly { readonly op: keyof typeof repeatable }[]): boolean {
  return batch.every(({ op }) => repeatable[op]);
}
