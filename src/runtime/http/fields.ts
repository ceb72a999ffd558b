import { cleanText } from '../../domain/directory/identifiers.ts';

/** A JSON object whose fields nobody has looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

const noFields: Fields = {};
const longestId = 200;
/** 2000-01-01 and 2100-01-01: a time outside is none. */
const earliest = 946_684_800_000;
const latest = 4_102_444_800_000;

/**
 * Parses JSON as services send it; null where it is none. Whole numbers of 16 digits and more become texts: as numbers they
 * would be rounded, and they are ids.
 */
export function parseJson(text: string): unknown {
  try {
    // Parsed first as it is: on what is no JSON the expression below might take long.
    const value: unknown = JSON.parse(text);
    return /\d{16}/.test(text) ? JSON.parse(text.replace(stringsAndIds, quotedId)) : value;
  } catch {
    return null;
  }
}

/** Strings are matched too, so that nothing inside them is taken for a number. */
const stringsAndIds = /"(?:[^"\\]|\\.)*"|(?<![\d.])-?\d{16,}(?![\d.eE])/gs;

function quotedId(part: string): string {
  return part.startsWith('"') ? part : `"${part}"`;
}

/** An object, or one without fields. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : noFields;
}

/** A list, or an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text as it came, or null where there is none; an empty one is none. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A text of one line without control characters, or null. */
export function word(value: unknown, max = 200): string | null {
  return typeof value === 'string' ? cleanText(value, max) || null : null;
}

/** An id given as text or number, or null. */
export function id(value: unknown): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return word(value, longestId);
}

/** A finite number, also where it came as text, or null. */
export function number(value: unknown): number | null {
  const found = typeof value === 'string' && /^-?\d{1,20}(\.\d{1,20})?$/.test(value) ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** A moment in milliseconds from one in units of `unit` milliseconds; `otherwise` where it is none that can be. */
export function moment(value: unknown, unit: 1 | 1000, otherwise: number): number {
  const at = (number(value) ?? Number.NaN) * unit;
  return at >= earliest && at < latest ? Math.round(at) : otherwise;
}

/**
 * A moment that is given in whole seconds, with the service's own number of the message for the part of the second that is not told: so
 * that messages of one second stay in the order they were written in, however they are brought.
 */
export function numberedSecond(value: unknown, message: string, otherwise: number): number {
  const at = moment(value, 1000, Number.NaN);
  return Number.isNaN(at) ? otherwise : at + (Number(message.slice(-3)) || 0);
}

/** Parts of a name joined, or null where there are none. */
export function joinedName(...parts: readonly unknown[]): string | null {
  return cleanText(parts.filter((part) => typeof part === 'string').join(' '), 200) || null;
}

/** Lines joined, those that are null left out; null where nothing is left. */
export function joinedLines(...lines: readonly (string | null)[]): string | null {
  return lines.filter((line) => line !== null && line !== '').join('\n') || null;
}

/** A place on earth as people and maps read it (RFC 5870), or null. */
export function geoUri(latitude: unknown, longitude: unknown): string | null {
  const [lat, lon] = [number(latitude), number(longitude)];
  return lat === null || lon === null ? null : `geo:${lat},${lon}`;
}
