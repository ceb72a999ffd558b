import type { Reason } from '../base/reason.ts';

/** The meaning of mail status codes (RFC 3463) for an address. */
export const mailStatusPhrases = {
  statusNoMailbox: 'the mailbox does not exist',
  statusNoDomain: 'the domain does not accept mail',
  statusMoved: 'the mailbox has moved',
  statusDisabled: 'the mailbox is disabled',
  statusFull: 'the mailbox is full',
  statusOther: 'the mail server refuses letters ({status})',
} as const;

const meanings: readonly (readonly [RegExp, keyof typeof mailStatusPhrases])[] = [
  [/^\d\.1\.[0135]$/, 'statusNoMailbox'],
  [/^\d\.(1\.(2|10)|4\.4)$/, 'statusNoDomain'],
  [/^\d\.1\.6$/, 'statusMoved'],
  [/^\d\.2\.[01]$/, 'statusDisabled'],
  [/^\d\.2\.2$/, 'statusFull'],
];

/** The meaning of a status for an address. */
export function statusReason(status: string): Reason {
  const [, code = 'statusOther'] = meanings.find(([pattern]) => pattern.test(status)) ?? [];
  return { code, values: code === 'statusOther' ? { status } : {} };
}
