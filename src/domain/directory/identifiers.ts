import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { beginning } from '../base/clean-text.ts';
import type { Identifier } from '../interaction/interaction.ts';
import { phoneOfDigits } from './dialled-digits.ts';
import { normaliseEmail } from './email-address.ts';
import { countryOf, type NumberRegion } from './number-region.ts';
import { type WrittenNumber, writtenNumbers } from './written-number.ts';

/** A parsed telephone number. `phone` is E.164, or null if the digits are not an outside number. */
export interface ParsedPhone {
  readonly phone: string | null;
  readonly ext: string | null;
}

const maxInputLength = 256;
/** Size of the cache. A call reports the same number a dozen times, and parsing is its most expensive step. */
const maxCached = 2000;
const cache = new Map<string, readonly WrittenNumber[]>();
const none: ParsedPhone = { phone: null, ext: null };

/**
 * Parses a telephone number as people and PBXs write it. libphonenumber decides whether it is valid: for short codes (112),
 * internal numbers (101) and garbage, `phone` is null. Extensions ("доб. 12") are returned separately. Of several numbers the
 * first one counts.
 */
export function parsePhone(raw: string, region: NumberRegion): ParsedPhone {
  return parsePhones(raw, region)[0] ?? none;
}

/** Parses a field that may contain several telephone numbers. */
export function parsePhones(raw: string, region: NumberRegion): readonly WrittenNumber[] {
  if (raw.length > maxInputLength) return [];
  const key = `${region} ${raw}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const parsed = writtenNumbers(raw, (written) => phoneOfDigits(written, region));
  if (cache.size >= maxCached) cache.clear();
  cache.set(key, parsed);
  return parsed;
}

/** Whether a number (E.164) is an ordinary one in these countries, not a premium-rate or toll-free service. */
export function isOrdinaryNumber(phone: string, countries: readonly string[]): boolean {
  const parsed = parsePhoneNumberFromString(phone);
  if (parsed?.country === undefined || !countries.includes(parsed.country)) return false;
  return ['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE', 'VOIP'].includes(parsed.getType() ?? '');
}

/** Formats a telephone number for people; anything else is returned unchanged. */
export function phoneText(phone: string, region: NumberRegion): string {
  const parsed = parsePhoneNumberFromString(phone, countryOf(region) as CountryCode);
  return parsed?.isValid() ? parsed.formatInternational() : phone;
}

/** Normalises an identifier; null if its value is invalid. */
export function normaliseIdentifier(identifier: Identifier, region: NumberRegion): Identifier | null {
  return normaliseIdentifiers(identifier, region)[0] ?? null;
}

/** Normalises an identifier whose value may contain several telephone numbers. Empty if none is valid. */
export function normaliseIdentifiers({ kind, value }: Identifier, region: NumberRegion): readonly Identifier[] {
  return normalisedValues({ kind, value }, region).map((one) => ({ kind, value: one }));
}

function normalisedValues({ kind, value }: Identifier, region: NumberRegion): readonly string[] {
  switch (kind) {
    case 'phone':
      return parsePhones(value, region).map(({ phone }) => phone);
    case 'email': {
      const email = normaliseEmail(value);
      return email === null ? [] : [email];
    }
    case 'account':
      return value.length > 0 && value.length <= 256 ? [value] : [];
  }
}

/** Replaces control characters, such as CR and LF, by spaces, and truncates the text. */
export function cleanText(value: string, max: number): string {
  const line = value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return beginning(line, max);
}
