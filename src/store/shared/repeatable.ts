import type { Write } from '../../domain/ports/writes.ts';

/** Whether a write that was carried out already leaves everything as it is, and gives no other answer, when it is carried out again. */
const repeatable: Readonly<Record<Write['op'] | 'forget', boolean>> = {
  contact: true,
  // The trace would tell the decision twice.
  routed: false,
  decide: false,
  record: true,
  send: true,
  // The steps of sending are refused when their row has gone on.
  'begin-sending': false,
  'end-sending': false,
  resend: false,
  // A lead or task that is done already refuses.
  'hand-over': false,
  close: false,
  lead: false,
  'put-task': true,
  'task-done': false,
  'put-clients': true,
  // The second time there is no such client.
  'delete-client': false,
  staff: true,
  destinations: true,
  delivered: true,
  ledger: true,
  vault: true,
  'retry-delivery': false,
  'hold-number': true,
  // The second time nothing is marked.
  'clear-undeliverable': false,
  relink: true,
  devices: true,
  cursor: true,
  'put-user': true,
  // The second time it is not there, or the last administrator is another one.
  'change-user': false,
  'remove-user': false,
  'put-token': true,
  'remove-token': false,
  'open-session': true,
  'close-session': true,
  'close-sessions': true,
  // A failure too many does little harm.
  'login-failed': true,
  'login-forgiven': true,
  audit: true,
  'forget-audit': true,
  'blobs-removed': true,
  // One attempt more is counted than failed.
  quarantine: true,
  'quarantine-retry': true,
  // The second time there is no such entry.
  'quarantine-remove': false,
  'recording-heard': false,
  forget: true,
};

/** Whether a batch may be carried out again when nobody knows whether it was. */
export function mayRepeat(batch: readonly { readonly op: keyof typeof repeatable }[]): boolean {
  return batch.every(({ op }) => repeatable[op]);
}
