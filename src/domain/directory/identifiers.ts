import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { beginning } from '../base/clean-text.ts';
import type { Identifier } from '../interaction/interaction.ts';

/** A parsed telephone number. `phone` is E.164, or null if the digits are not an outside number. */
export interface ParsedPhone {
  readonly phone: string | null;
  readonly ext: string | null;
}

const maxInputLength = 64;
const extensionMark = /\s*(?:доб(?:авочный|\.)?|вн(?:утр)?\.?|ext\.?|x|#|,|;ext=)\s*\.?\s*(\d{1,8})\s*$/iu;
/** Size of the cache. A call reports the same number a dozen times, and parsing is its most expensive step. */
const maxCached = 2000;
const cache = new Map<string, ParsedPhone>();
const tooLong: ParsedPhone = { phone: null, ext: null };

/**
 * Parses a telephone number as people and PBXs write it. libphonenumber decides whether it is valid: for short codes (112),
 * internal numbers (101) and garbage, `phone` is null. Extensions ("доб. 12") are returned separately.
 */
export function parsePhone(raw: string, country: string): ParsedPhone {
  if (raw.length > maxInputLength) return tooLong;
  const key = `${country} ${raw}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const parsed = read(raw, country);
  if (cache.size >= maxCached) cache.clear();
  cache.set(key, parsed);
  return parsed;
}

function read(raw: string, country: string): ParsedPhone {
  const mark = extensionMark.exec(raw);
  const ext = mark?.[1] ?? null;
  const number = mark === null ? raw : raw.slice(0, mark.index);
  const digits = number.replace(/\D/g, '');
  if (digits.length < 7 || digits.length > 15) return { phone: null, ext };
  for (const candidate of spellings(number, digits, country)) {
    const parsed = parsePhoneNumberFromString(candidate, country as CountryCode);
    if (parsed?.isValid()) return { phone: parsed.number, ext: ext ?? parsed.ext ?? null };
  }
  return { phone: null, ext };
}

/** The possible readings of the digits: as dialled within the country, then as E.164 without the plus. */
function spellings(number: string, digits: string, country: string): readonly string[] {
  if (number.trimStart().startsWith('+')) return [number];
  if (digits.startsWith('00')) return [`+${digits.slice(2)}`, number];
  if (country === 'RU' && digits.startsWith('810')) return [`+${digits.slice(3)}`, number];
  return [number, `+${digits}`];
}

/** Whether a number (E.164) is an ordinary one in these countries, not a premium-rate or toll-free service. */
export function isOrdinaryNumber(phone: string, countries: readonly string[]): boolean {
  const parsed = parsePhoneNumberFromString(phone);
  if (parsed?.country === undefined || !countries.includes(parsed.country)) return false;
  return ['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE', 'VOIP'].includes(parsed.getType() ?? '');
}

/** Formats a telephone number for people; anything else is returned unchanged. */
export function phoneText(phone: string, country: string): string {
  const parsed = parsePhoneNumberFromString(phone, country as CountryCode);
  return parsed?.isValid() ? parsed.formatInternational() : phone;
}

/** Normalises an e-mail address; null if it is invalid. Case is ignored, because it never matters in practice. */
export function normaliseEmail(raw: string): string | null {
  const value = raw.trim().toLowerCase();
  return value.length <= 254 && /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/u.test(value) ? value : null;
}

/** Normalises an identifier; null if its value is invalid. */
export function normaliseIdentifier(identifier: Identifier, country: string): Identifier | null {
  const value = normalisedValue(identifier, country);
  return value === null ? null : { kind: identifier.kind, value };
}

function normalisedValue({ kind, value }: Identifier, country: string): string | null {
  switch (kind) {
    case 'phone':
      return parsePhone(value, country).phone;
    case 'email':
      return normaliseEmail(value);
    case 'account':
      return value.length > 0 && value.length <= 256 ? value : null;
  }
}

/** Replaces control characters, such as CR and LF, by spaces, and truncates the text. */
export function cleanText(value: string, max: number): string {
  const line = value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return beginning(line, max);
}
