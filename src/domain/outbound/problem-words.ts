import { fill, type PhraseValues, patternsOf } from '../base/phrases.ts';

/**
 * Why a letter was not sent or a call did not come about, in the API's English; `{name}` stands for what differs. The desk page has the same codes in
 * other languages and finds a phrase by its pattern, so that none is written twice.
 */
export const problemWords = {
  expired: 'it could not be sent in time and was given up',
  brokeOff: 'sending broke off; look whether it arrived before it is sent again',

  noAddress: 'the contact has no e-mail address to write to',
  badAddress: '{address} is no e-mail address that can be written to',
  fileGone: 'the file {name} is not kept any more',
  sendsNot: 'this mailbox is only read: its settings say `smtp: false`',
  unreachable: 'the mail server for outgoing letters can not be reached: {reason}',
  insecure: 'no safe connection with the mail server for outgoing letters: {reason}',
  loginRefused: 'the mail server for outgoing letters refuses the login of {user}, is the password right? {answer}',
  tokenRefused:
    'the mail server for outgoing letters refuses the token of {user}, may it send for this mailbox? {answer}',
  tokenMissing: 'no access token for outgoing letters: {reason}',
  busy: 'the mail server asks to try later: {answer}',
  noMailbox: 'there is no mailbox {address}: {answer}',
  mailboxFull: 'the mailbox {address} is full: {answer}',
  recipientRefused: 'the mail server does not take letters for {address}: {answer}',
  senderRefused: 'the mail server does not let {address} write letters: {answer}',
  tooLarge: 'the letter is larger than the mail server takes: {answer}',
  refused: 'the mail server refuses the letter: {answer}',
  cameBack: '{address}: the letter came back ({status})',
  cut: 'the connection broke before the mail server said whether it took the letter; look whether it arrived before it is sent again',
  unasked: 'nobody knows whether the letter went out, and the mailbox can not be looked at: {reason}',
  unfound:
    'the program stopped while the letter was being sent, and the Sent folder has no copy; look whether it arrived before it is sent again',

  pbxAway: 'there is no connection with the PBX, nobody has been called',
  callForbidden: 'the PBX does not let us call: its AMI user needs write=originate',
  noContext: 'the dialplan of the PBX can not dial this number in the context {context}: see what pbx-config prints',
  callRefused: 'the PBX refuses to call: {answer}',
  noRing: 'the telephone {extension} did not take the call, or is not registered',
  callCut:
    'the connection broke before the PBX said whether it calls; ask whether the telephone rang before you call again',
  callStopped:
    'the program stopped while the call was being asked for; ask whether the telephone rang before you call again',
} as const;

/** A reason why something was not sent. */
export type ProblemWord = keyof typeof problemWords;

/** The reasons after which nobody knows whether it went out: a human has to look before it is sent again. */
const doubtful: readonly ProblemWord[] = ['brokeOff', 'cut', 'unasked', 'unfound', 'callCut', 'callStopped'];

/** A reason in English; its parameters are asked for by the compiler. */
export function problem<Word extends ProblemWord>(
  word: Word,
  ...[values]: PhraseValues<(typeof problemWords)[Word]>
): string {
  return fill(problemWords[word], values ?? {});
}

/** A reason in another language. What is not one of our phrases (a messenger's own words) stays as it is. */
export function translateProblem(text: string, words: Readonly<Record<ProblemWord, string>>): string {
  const found = find(text);
  return found === null ? text : fill(words[found.word], found.values);
}

/** Whether nobody knows if what this is said of went out. */
export function isDoubtful(text: string): boolean {
  const found = find(text);
  return found !== null && doubtful.includes(found.word);
}

function find(text: string): { readonly word: ProblemWord; readonly values: Readonly<Record<string, string>> } | null {
  for (const { word, pattern } of patterns) {
    const found = pattern.exec(text);
    if (found !== null) return { word, values: found.groups ?? {} };
  }
  return null;
}

const patterns = patternsOf(problemWords);
