import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { areaCodeOf, countryOf, type NumberRegion } from './number-region.ts';

/** Digits of the shortest number that is read with its country code but without a plus: fewer are likely to be a local number. */
const shortestBare = 10;
/** Countries where 8 was dialled before long-distance numbers and 8 10 before international ones. People still write both. */
const dialsEight = new Set(['RU', 'KZ', 'BY', 'UA', 'UZ', 'TM', 'TJ', 'KG', 'AM', 'AZ', 'GE', 'MD']);

/** Returns the E.164 number that digits with the usual separators stand for, or null. libphonenumber decides which reading is valid. */
export function phoneOfDigits(written: string, region: NumberRegion): string | null {
  const digits = written.replace(/\D/g, '');
  const country = countryOf(region) as CountryCode;
  for (const reading of readings(written, digits, region)) {
    // A reading is only digits, so there is nothing to extract it from.
    const parsed = parsePhoneNumberFromString(reading, { defaultCountry: country, extract: false });
    if (parsed?.isValid()) return parsed.number;
  }
  return null;
}

/** The possible readings, the most likely first. */
function readings(written: string, digits: string, region: NumberRegion): readonly string[] {
  const area = areaCodeOf(region);
  const city = area === null ? null : `${area}${digits}`;
  if (digits.length > 18 || digits.length < (area === null ? 7 : 5)) return [];
  const eight = dialsEight.has(countryOf(region)) && digits.startsWith('8');
  if (digits.startsWith('00')) return [`+${digits.slice(2)}`, ...(city === null ? [] : [city])];
  if (eight && digits.startsWith('810')) return [`+${digits.slice(3)}`, `+${digits}`, digits];
  if (written.startsWith('+')) {
    if (!eight) return [`+${digits}`];
    // "+8 (495)" is a long-distance call with a plus in front. "+8495…" without a separator may be a number in Asia.
    return /^\+[ (]*8[^\d]/.test(written) ? [digits, `+${digits}`] : [`+${digits}`, digits];
  }
  const national = eight ? [digits, digits.slice(1)] : [digits];
  const bare = digits.length < shortestBare ? [] : [`+${digits}`];
  return [...national, ...(city === null ? [] : [city]), ...bare];
}
