const hour = 3_600_000;

/** A service's limit: free text is taken only for some time after the client's last message. */
export interface AnswerWindow {
  readonly hours: number;
  /** What can be sent afterwards: templates that people choose, and one template that the connection wraps texts in. */
  readonly after: readonly ('templates' | 'wraps')[];
}

/** Until when the service takes free text, in milliseconds. `lastAt`: the client's last message, RFC 3339; null if there is none. */
export function windowEnd({ hours }: AnswerWindow, lastAt: string | null): number | null {
  return lastAt === null ? null : Date.parse(lastAt) + hours * hour;
}

/** Whether free text that leaves at `at` is taken, as it is or wrapped in a template. */
export function takesText(window: AnswerWindow | undefined, lastAt: string | null, at: number): boolean {
  if (window === undefined || window.after.includes('wraps')) return true;
  const end = windowEnd(window, lastAt);
  return end !== null && at < end;
}
