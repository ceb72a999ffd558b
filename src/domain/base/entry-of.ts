/**
 * Looks up a name that came from outside. Undefined if the table has no such entry, or the name is not a string.
 * A plain property access would also find inherited names such as `constructor` and `__proto__`.
 */
export function entryOf<Value>(table: Readonly<Record<string, Value>>, name: unknown): Value | undefined {
  return typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined;
}
