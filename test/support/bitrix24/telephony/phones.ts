/** A phone number as the portal keeps it: separators and letters removed. Null if nothing is left. */
export function keptPhone(given: string): string | null {
  const kept = given.replace(/[^\d+*#]/g, '');
  return /\d/.test(kept) ? kept : null;
}
