/** Longest query that is sent, in bytes: IIS refuses more than 2,048. */
export const longestQuery = 2000;

/** The empty reference. */
export const emptyRef = '00000000-0000-0000-0000-000000000000';

const guidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A reference as 1C writes it, in lower case; null if it is empty or not a reference. */
export function referenceOf(value: unknown): string | null {
  if (typeof value !== 'string' || !guidText.test(value)) return null;
  const key = value.toLowerCase();
  return key === emptyRef ? null : key;
}

/** A literal of a reference. Throws if the text is not one, since it becomes a part of an address. */
export function guid(key: string): string {
  if (!guidText.test(key)) throw new Error(`expected a reference such as ${emptyRef}, got "${key.slice(0, 50)}"`);
  return `guid'${key.toLowerCase()}'`;
}

/** A literal of a text. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Compares a composite attribute with a reference: without the cast, such a comparison never matches. */
export function pointsTo(attribute: string, set: string, key: string): string {
  return `${attribute} eq cast(${guid(key)},${quoted(set)})`;
}

/** The name of a set in the `_Type` of a composite attribute. */
export function typeName(set: string): string {
  return `StandardODATA.${set}`;
}

/** The set that the `_Type` of a composite attribute names, or null. */
export function setOfType(type: unknown): string | null {
  const prefix = 'StandardODATA.';
  if (typeof type !== 'string' || !type.startsWith(prefix)) return null;
  const set = type.slice(prefix.length);
  return set === 'Undefined' ? null : set;
}

/** Length of a text in an address, in bytes. */
export function encodedLength(text: string): number {
  // Apostrophes are encoded by the URL only.
  return encodeURIComponent(text).length + 2 * (text.split("'").length - 1);
}

/** Splits conditions into filters by `or`, none of which is longer than `room` bytes in an address. */
export function anyOf(conditions: readonly string[], room: number): readonly string[] {
  const filters: string[] = [];
  let parts: string[] = [];
  let length = 0;
  for (const condition of conditions) {
    const own = encodedLength(condition) + encodedLength(' or ');
    if (parts.length > 0 && length + own > room) {
      filters.push(parts.join(' or '));
      parts = [];
      length = 0;
    }
    parts.push(condition);
    length += own;
  }
  if (parts.length > 0) filters.push(parts.join(' or '));
  return filters;
}
