import type { Reason } from '../base/reason.ts';

/** Why a letter or message was not sent, or a call was not made. Refusals of messengers are in `messenger.ts`. */
export const sendingPhrases = {
  expired: 'it could not be sent in time',
  takenBack: 'it was taken back before it left',
  brokeOff: 'sending was interrupted; check whether it arrived before sending it again',
  unsure: 'it is unknown whether it arrived: {reason}; check before sending it again',
  partlySent: '{sent} of {parts} parts were sent, check what is missing: {reason}',
  stoppedUnasked:
    'the program stopped while this was being sent, and {service} cannot report whether it arrived; check before sending it again',
  stoppedReported:
    'the program stopped while this was being sent; if {service} accepted it, its delivery will be reported',
  stoppedRepeated: 'the program stopped while this was being sent; {service} recognises the repeat',
  stoppedBefore: 'the program stopped before this was sent',
  stoppedNotFound:
    'the program stopped while this was being sent, and {service} does not show it in the conversation; check before sending it again',
  repeatTooLate:
    'sending was interrupted so long ago that {service} would not recognise a repeat; check whether it arrived',

  noAddress: 'the contact has no e-mail address to write to',
  badAddress: '{address} is not a valid e-mail address',
  fileGone: 'the file {name} no longer exists',
  mailboxOnlyRead: 'this mailbox does not send: its settings have `smtp: false`',
  smtpUnreachable: 'the mail server for outgoing letters cannot be reached',
  smtpInsecure: 'no secure connection to the mail server for outgoing letters',
  loginRefused: 'the mail server for outgoing letters refuses the login of {user}: check the password',
  tokenRefused:
    'the mail server for outgoing letters refuses the token of {user}: check that it may send for this mailbox',
  tokenMissing: 'no access token for outgoing letters: {reason}',
  mailServerBusy: 'the mail server asks to try later',
  noMailbox: 'there is no mailbox {address}',
  mailboxFull: 'the mailbox {address} is full',
  copiesRefused: 'sent, but the mail server does not accept it for {addresses}',
  recipientRefused: 'the mail server does not accept letters for {address}',
  senderRefused: 'the mail server does not allow {address} to send letters',
  letterTooLarge: 'the letter is too large for the mail server',
  letterRefused: 'the mail server refuses the letter',
  cameBack: '{address}: the letter came back ({status})',
  cameBackFromSome: 'the letter did not reach everybody: {each}',
  bounced: 'the letter to {address} came back',
  smtpCut:
    'the connection broke before the mail server confirmed the letter; check whether it arrived before sending it again',
  mailboxUnasked: 'it is unknown whether the letter was sent, and the mailbox cannot be checked: {reason}',
  sentCopyMissing:
    'the program stopped while the letter was being sent, and the Sent folder has no copy; check whether it arrived before sending it again',

  pbxAway: 'there is no connection to the PBX, so nobody was called',
  callForbidden: 'the PBX does not allow us to call: the AMI user needs write=originate',
  noContext: 'the dialplan of the PBX cannot dial this number in the context {context}: see the output of pbx-config',
  callRefused: 'the PBX refused the call',
  clickToCallUnset: '`clickToCall` is not set in the configuration of this PBX',
  callerWithoutExtension: 'the manager has no extension to ring',
  noNumberToCall: 'there is no telephone number to call',
  phoneSilent: 'the telephone {extension} did not answer, or is not registered',
  callCut:
    'the connection broke before the PBX confirmed the call; check whether the telephone rang before calling again',
  callStopped: 'the program stopped while requesting the call; check whether the telephone rang before calling again',
} as const;

/** Reasons with which it is unknown whether something was sent. A human has to check before sending it again. */
const doubtful: ReadonlySet<string> = new Set<keyof typeof sendingPhrases>([
  'brokeOff',
  'unsure',
  'partlySent',
  'stoppedUnasked',
  'stoppedReported',
  'stoppedNotFound',
  'repeatTooLate',
  'smtpCut',
  'mailboxUnasked',
  'sentCopyMissing',
  'callCut',
  'callStopped',
]);

/** Whether a reason means that it is unknown if something was sent. */
export function isDoubtful({ code }: Pick<Reason, 'code'>): boolean {
  return doubtful.has(code);
}
