/**
 * The entry of a table under a name that came from outside; undefined where it has none, or the name is no text.
 * A plain look-up would find what every object inherits: `constructor`, `toString`, `__proto__`.
 */
export function entryOf<Value>(table: Readonly<Record<string, Value>>, name: unknown): Value | undefined {
  return typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined;
}
