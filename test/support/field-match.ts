interface Matcher {
  /** Why a value does not match a pattern, or null. */
  differs(want: unknown, got: unknown, at?: string): string | null;
  /** Why the values, in any order, do not match the patterns one to one, or null. */
  differ(wanted: unknown, found: readonly unknown[]): string | null;
}

/** The comparison that comes with the field cases. */
export const { differs, differ } = (await import(
  new URL('../fixtures/field-cases/match.mjs', import.meta.url).href
)) as Matcher;
