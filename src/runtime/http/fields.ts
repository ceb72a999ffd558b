import { cleanText } from '../../domain/directory/identifiers.ts';

/** A JSON object with unchecked fields. */
export type Fields = Readonly<Record<string, unknown>>;

const noFields: Fields = {};
const maxIdLength = 200;
/** 2000-01-01 and 2100-01-01; times outside are invalid. */
const earliest = 946_684_800_000;
const latest = 4_102_444_800_000;

/**
 * Parses JSON from a service, or returns null if it is invalid. Integers of 16 or more digits become strings, because
 * they are ids and would be rounded as numbers.
 */
export function parseJson(text: string): unknown {
  try {
    // Parse first: the expression below could take long on text that is not JSON.
    const value: unknown = JSON.parse(text);
    return /\d{16}/.test(text) ? JSON.parse(text.replace(stringsAndIds, quotedId)) : value;
  } catch {
    return null;
  }
}

/** Also matches strings, so that digits inside them are not taken for numbers. */
const stringsAndIds = /"(?:[^"\\]|\\.)*"|(?<![\d.])-?\d{16,}(?![\d.eE])/gs;

function quotedId(part: string): string {
  return part.startsWith('"') ? part : `"${part}"`;
}

/** The value if it is an object, otherwise an object without fields. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : noFields;
}

/** The value if it is an array, otherwise an empty array. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value if it is a non-empty string, otherwise null. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A single-line text without control characters, or null. */
export function word(value: unknown, max = 200): string | null {
  return typeof value === 'string' ? cleanText(value, max) || null : null;
}

/** An id given as a string or number, or null. */
export function id(value: unknown): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return word(value, maxIdLength);
}

/** A finite number, also if given as a string, or null. */
export function number(value: unknown): number | null {
  const found = typeof value === 'string' && /^-?\d{1,20}(\.\d{1,20})?$/.test(value) ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/**
 * Converts a time in units of `unit` milliseconds to milliseconds. Returns `otherwise` if it is missing or
 * implausible.
 */
export function moment(value: unknown, unit: 1 | 1000, otherwise: number): number {
  const at = (number(value) ?? Number.NaN) * unit;
  return at >= earliest && at < latest ? Math.round(at) : otherwise;
}

/**
 * Converts a time in whole seconds to milliseconds. The last digits of the message's number serve as the fraction, so
 * that messages of one second keep their order however they arrive.
 */
export function numberedSecond(value: unknown, message: string, otherwise: number): number {
  const at = moment(value, 1000, Number.NaN);
  return Number.isNaN(at) ? otherwise : at + (Number(message.slice(-3)) || 0);
}

/** Joins the parts of a name; null if there are none. */
export function joinedName(...parts: readonly unknown[]): string | null {
  return cleanText(parts.filter((part) => typeof part === 'string').join(' '), 200) || null;
}

/** Joins lines without empty ones; null if nothing remains. */
export function joinedLines(...lines: readonly (string | null)[]): string | null {
  return lines.filter((line) => line !== null && line !== '').join('\n') || null;
}

/** A location as an RFC 5870 `geo:` URI, or null. */
export function geoUri(latitude: unknown, longitude: unknown): string | null {
  const [lat, lon] = [number(latitude), number(longitude)];
  return lat === null || lon === null ? null : `geo:${lat},${lon}`;
}
