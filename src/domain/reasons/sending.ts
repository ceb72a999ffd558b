import type { Reason } from '../base/reason.ts';

/** Why a letter or message was not sent, or a call did not come about. Refusals of messengers are in `messenger.ts`. */
export const sendingPhrases = {
  expired: 'it could not be sent in time and was given up',
  brokeOff: 'sending broke off; look whether it arrived before it is sent again',
  unsure: 'nobody knows whether it arrived: {reason}; look before it is sent again',
  partlySent: '{sent} of {parts} parts were sent, look what is missing: {reason}',
  stoppedUnasked:
    'the program stopped while this was being sent; {service} cannot be asked whether it arrived, look before it is sent again',
  stoppedReported: 'the program stopped while this was being sent; if {service} took it, its delivery will be reported',
  stoppedRepeated: 'the program stopped while this was being sent; {service} recognises the repeat',
  repeatTooLate: 'sending broke off so long ago that {service} would not recognise a repeat; look whether it arrived',

  noAddress: 'the contact has no e-mail address to write to',
  badAddress: '{address} is no e-mail address that can be written to',
  fileGone: 'the file {name} is not kept any more',
  mailboxOnlyRead: 'this mailbox is only read: its settings say `smtp: false`',
  smtpUnreachable: 'the mail server for outgoing letters cannot be reached',
  smtpInsecure: 'no safe connection with the mail server for outgoing letters',
  loginRefused: 'the mail server for outgoing letters refuses the login of {user}, check the password',
  tokenRefused:
    'the mail server for outgoing letters refuses the token of {user}, check that it may send for this mailbox',
  tokenMissing: 'no access token for outgoing letters: {reason}',
  mailServerBusy: 'the mail server asks to try later',
  noMailbox: 'there is no mailbox {address}',
  mailboxFull: 'the mailbox {address} is full',
  recipientRefused: 'the mail server does not take letters for {address}',
  senderRefused: 'the mail server does not let {address} write letters',
  letterTooLarge: 'the letter is larger than the mail server takes',
  letterRefused: 'the mail server refuses the letter',
  cameBack: '{address}: the letter came back ({status})',
  cameBackFromSome: 'the letter did not reach everybody: {each}',
  bounced: 'the letter to {address} came back',
  smtpCut:
    'the connection broke before the mail server said whether it took the letter; look whether it arrived before it is sent again',
  mailboxUnasked: 'nobody knows whether the letter went out, and the mailbox cannot be looked at: {reason}',
  sentCopyMissing:
    'the program stopped while the letter was being sent, and the Sent folder has no copy; look whether it arrived before it is sent again',

  pbxAway: 'there is no connection with the PBX, nobody has been called',
  callForbidden: 'the PBX does not let us call: its AMI user needs write=originate',
  noContext: 'the dialplan of the PBX cannot dial this number in the context {context}: see what pbx-config prints',
  callRefused: 'the PBX refuses to call',
  clickToCallUnset: '`clickToCall` is not set in the configuration of this PBX',
  callerWithoutExtension: 'the manager has no extension to ring',
  noNumberToCall: 'there is no telephone number to call',
  phoneSilent: 'the telephone {extension} did not take the call, or is not registered',
  callCut:
    'the connection broke before the PBX said whether it calls; ask whether the telephone rang before you call again',
  callStopped:
    'the program stopped while the call was being asked for; ask whether the telephone rang before you call again',
} as const;

/** Reasons after which nobody knows whether it went out: a human has to look before it is sent again. */
const doubtful: ReadonlySet<string> = new Set<keyof typeof sendingPhrases>([
  'brokeOff',
  'unsure',
  'partlySent',
  'stoppedUnasked',
  'stoppedReported',
  'repeatTooLate',
  'smtpCut',
  'mailboxUnasked',
  'sentCopyMissing',
  'callCut',
  'callStopped',
]);

/** Whether nobody knows if what this is said of went out. */
export function isDoubtful({ code }: Pick<Reason, 'code'>): boolean {
  return doubtful.has(code);
}
