import type { Reason } from '../base/reason.ts';

/** What mail systems say of an address by a status (RFC 3463). */
export const mailStatusPhrases = {
  statusNoMailbox: 'there is no such mailbox',
  statusNoDomain: 'there is no mail at this domain',
  statusMoved: 'the mailbox has moved',
  statusDisabled: 'the mailbox is switched off',
  statusFull: 'the mailbox is full',
  statusOther: 'letters are refused ({status})',
} as const;

const meanings: readonly (readonly [RegExp, keyof typeof mailStatusPhrases])[] = [
  [/^\d\.1\.[0135]$/, 'statusNoMailbox'],
  [/^\d\.(1\.(2|10)|4\.4)$/, 'statusNoDomain'],
  [/^\d\.1\.6$/, 'statusMoved'],
  [/^\d\.2\.[01]$/, 'statusDisabled'],
  [/^\d\.2\.2$/, 'statusFull'],
];

/** What a status says of an address. */
export function statusReason(status: string): Reason {
  const [, code = 'statusOther'] = meanings.find(([pattern]) => pattern.test(status)) ?? [];
  return { code, values: code === 'statusOther' ? { status } : {} };
}
