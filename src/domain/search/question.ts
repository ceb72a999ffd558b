import { stemOf, type Token, tokensOf, withoutAccents } from './tokens.ts';
import { addressesIn, numbersIn } from './wholes.ts';

/** A word as it is kept, or the beginning of one. */
export interface Term {
  readonly word: string;
  readonly isPrefix: boolean;
}

/** One of these terms must occur. */
export type Condition = readonly Term[];

/** Characters of a question that are looked at. */
export const maxQuestion = 300;
/** Words of a question beyond this number are ignored. */
const maxConditions = 12;
/** Shorter beginnings occur in nearly every text, so only the whole word is searched for. */
const minPrefix = 2;

/**
 * What a question asks for: all conditions must hold. The last word may be a beginning, because people search while they type.
 * An address is searched for as a whole, because its parts occur everywhere; a number as a whole or by its groups.
 */
export function conditionsOf(whole: string): readonly Condition[] {
  const question = whole.slice(0, maxQuestion);
  const tokens = [...tokensOf(question)];
  const last = tokens.at(-1);
  const wholes = new Map<Token, readonly Term[]>();
  for (const { tokens: groups, words } of numbersIn(question, tokens))
    for (const token of groups) wholes.set(token, words.map(exactly));
  const covered = new Set<Token>();
  const conditions: Condition[] = [];
  for (const { tokens: parts, words } of addressesIn(question, tokens)) {
    for (const token of parts) covered.add(token);
    conditions.push(words.map((word) => ({ word, isPrefix: parts.at(-1) === last })));
  }
  for (const token of tokens)
    if (!covered.has(token))
      conditions.push(distinct([...termsOf(token.word, token === last), ...(wholes.get(token) ?? [])]));
  return distinct(conditions).slice(0, maxConditions);
}

function termsOf(word: string, isLast: boolean): readonly Term[] {
  const stem = exactly(stemOf(word));
  return isLast && word.length >= minPrefix ? [stem, { word: withoutAccents(word), isPrefix: true }] : [stem];
}

function exactly(word: string): Term {
  return { word, isPrefix: false };
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((one) => [JSON.stringify(one), one])).values()];
}
