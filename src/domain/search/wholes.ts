import type { Token } from './tokens.ts';

/** Neighbouring words that are one address or number, and how that is kept as a whole. */
export interface Whole {
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
}

/** Limits of what is kept as a whole, in characters and digits. */
const maxAddressLength = 128;
const maxDigits = 20;
/** Digits of a telephone number without and with the country (or the `8` that Russians dial instead). */
const national = 10;
const withCountry = 11;

const isNumber = ({ word }: Token) => /^\p{Nd}+$/u.test(word);
/** What may stand between the groups of one number. */
const betweenDigits = /^[\s.,()/\-‐‑–]{1,3}$/u;
const insideAddress = /^[.\-_+%@]$/;

/** E-mail addresses, in lower case. */
export function addressesIn(text: string, tokens: readonly Token[]): readonly Whole[] {
  return runs(text, tokens, (gap) => insideAddress.test(gap)).flatMap((run) => {
    const whole = run
      .map(({ word, to }, at) => word + (at === run.length - 1 ? '' : text.slice(to, run[at + 1]?.from)))
      .join('');
    const at = whole.indexOf('@');
    const isAddress = at > 0 && at === whole.lastIndexOf('@') && whole.length <= maxAddressLength;
    return isAddress ? [{ tokens: run, words: [whole] }] : [];
  });
}

/** Numbers as digits only, also when they are written in groups ("1 250 000", "8 (916) 123-45-67"). */
export function numbersIn(text: string, tokens: readonly Token[]): readonly Whole[] {
  return runs(text, tokens, (gap) => betweenDigits.test(gap), isNumber).flatMap((run) => {
    const groups = run.map(({ word }) => word);
    if (groups.length === 1 && (groups[0]?.length ?? 0) < national) return [];
    const whole = groups.join('');
    const words = [...(whole.length <= maxDigits ? [whole] : []), ...telephonesIn(groups)];
    return words.length === 0 ? [] : [{ tokens: run, words }];
  });
}

/** Telephone numbers among groups that may hold other numbers: with `7` for `8`, and without the country. */
function telephonesIn(groups: readonly string[]): readonly string[] {
  return groups.flatMap((first, from) => {
    let number = first;
    for (let next = from + 1; number.length < national && next < groups.length; next += 1) number += groups[next];
    if (number.length === national) return [number];
    if (number.length !== withCountry) return [];
    return [number.startsWith('8') ? `7${number.slice(1)}` : number, number.slice(1)];
  });
}

/** Runs of neighbouring words that are parts of something, with only what `joins` accepts between them. */
function runs(
  text: string,
  tokens: readonly Token[],
  joins: (gap: string) => boolean,
  isPart: (token: Token) => boolean = () => true,
): readonly (readonly Token[])[] {
  const found: Token[][] = [];
  let last: Token | null = null;
  for (const token of tokens) {
    const part = isPart(token) ? token : null;
    if (part !== null) {
      if (last !== null && part.from - last.to <= 3 && joins(text.slice(last.to, part.from))) found.at(-1)?.push(part);
      else found.push([part]);
    }
    last = part;
  }
  return found;
}
