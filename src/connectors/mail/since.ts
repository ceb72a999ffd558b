/** The first moment of the day that history begins with, or null where none was chosen; IMAP compares whole days. */
export function sinceOf(day: string | undefined): number | null {
  return day === undefined ? null : Date.parse(`${day}T00:00:00Z`);
}
