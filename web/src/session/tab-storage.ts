const prefix = 'patchbay-';

// A browser may forbid storage or run out of it. The page then works without.

/** A text that this tab keeps over reloads, or null. */
export function recall(name: string): string | null {
  try {
    return sessionStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

/** Keeps a text in this tab. */
export function remember(name: string, text: string): void {
  try {
    sessionStorage.setItem(prefix + name, text);
  } catch {}
}

/** Drops a kept text. */
export function forget(name: string): void {
  try {
    sessionStorage.removeItem(prefix + name);
  } catch {}
}

/** Drops everything that this tab keeps: the next login here may be another person's. */
export function forgetAll(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
  } catch {}
}
