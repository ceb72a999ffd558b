import { fill, type PhraseValues, patternsOf } from '../base/phrases.ts';

/**
 * Every phrase a route trace is made of, in the API's English; `{name}` stands for what differs. The desk page has the
 * same codes in other languages and finds a phrase by its pattern, so that none is written twice.
 */
const traceWords = {
  unknownCaller: 'the caller is not a known client',
  known: 'the caller is a known client',
  knownUnowned: 'the caller is a known client without a responsible manager',
  knownElsewhere: 'the caller is a known client, but the responsible manager the CRM names is not configured here',
  shared: "{count} clients have the caller's number and they have no manager in common",
  sharedOwned: "{count} clients have the caller's number, all of one manager",
  sharedElsewhere:
    "{count} clients have the caller's number, all of one manager, but the responsible manager the CRM names is not configured here",
  responsible: 'responsible is {manager}',

  otherLines: 'is for other lines',
  otherCallers: 'is for {wanted} callers, this one is {outcome}',
  noSegment: 'is for certain segments, the caller has none',
  otherSegments: 'is for other segments',
  hoursMissing: 'names the hours "{hours}", which are not configured',
  openNow: 'is for the time outside "{hours}", which is open now',
  closedNow: 'is for "{hours}", which is closed now',
  samePlace: 'leads to the same place as "{rule}"',
  lineRoute: 'the route of the line cannot be understood',

  away: '{manager} is away',
  offHours: '{manager} is not at work at this hour',
  noExtension: '{manager} has no extension here',
  tried: '{manager} was tried already and did not answer',
  engaged: '{manager} is on another call',
  beingCalled: '{manager} is being called already',
  dnd: '{manager} does not want to be disturbed',
  switchedOff: '{manager} has no telephone switched on',
  reachable: '{manager} can be reached',
  standsIn: '{manager} stands in',

  managerMissing: 'the named manager is not configured',
  noResponsible: 'there is no responsible manager',
  groupMissing: 'group {group} is not configured',
  memberMissing: 'a member is not configured',
  groupEmpty: 'group {group} has no members',
  groupUnreachable: 'nobody of group {group} can be reached: {reason}',
  turn: 'it is the turn of {manager} in group {group}',
  groupRings: 'group {group} rings: {managers}',
  queueName: 'the queue has a name that cannot be dialled',
  queue: 'queue {queue} takes over',
  pbx: 'the telephone system decides',
  nothingElse: 'nothing else took the call',
  late: 'the deadline had passed before an answer was found',
  failed: 'the decision failed',
  seeLog: 'the log says why',
} as const;

/** A phrase of the trace. */
export type TraceWord = keyof typeof traceWords;

/** A phrase in English; its parameters are asked for by the compiler. */
export function say<Word extends TraceWord>(word: Word, ...[values]: PhraseValues<(typeof traceWords)[Word]>): string {
  return fill(traceWords[word], values ?? {});
}

/** What is said one after the other, as one text. */
export function inOneText(phrases: readonly string[]): string {
  return phrases.join('; ');
}

/**
 * A trace's text in another language. `words` has a phrase for each code, `value` translates a parameter (`unknown`,
 * `matched`). What is not one of our phrases stays as it is.
 */
export function translateTrace(
  why: string,
  words: Readonly<Record<TraceWord, string>>,
  value: (text: string) => string,
): string {
  return inOneText(why.split('; ').map((phrase) => translatePhrase(phrase, words, value)));
}

function translatePhrase(
  phrase: string,
  words: Readonly<Record<TraceWord, string>>,
  value: (text: string) => string,
): string {
  for (const { word, pattern } of patterns) {
    const found = pattern.exec(phrase);
    if (found === null) continue;
    const { reason, wanted, outcome, ...names } = found.groups ?? {};
    return fill(words[word], {
      ...names,
      ...(reason !== undefined && { reason: translatePhrase(reason, words, value) }),
      ...(wanted !== undefined && { wanted: wanted.split(' or ').map(value).join(', ') }),
      ...(outcome !== undefined && { outcome: value(outcome) }),
    });
  }
  return phrase;
}

const patterns = patternsOf(traceWords);
