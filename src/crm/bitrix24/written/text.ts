/** Text that a BB code parser shows as it is: no tag begins after the invisible space. */
export function bbSafe(text: string): string {
  return text.replaceAll('[', '[\u200b');
}

/** A time as the portal reads it, without fractions of a second. */
export function timeOf(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19)}+00:00`;
}
