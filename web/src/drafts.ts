import { useState } from 'preact/hooks';

const prefix = 'patchbay-draft:';

/**
 * What somebody has begun to write, by its name. This tab keeps it until it is sent: a call that rings meanwhile takes its place on the
 * page, and a reload must not lose it either. An empty text is forgotten.
 */
export function useDraft(name: string, initial = ''): readonly [string, (text: string) => void] {
  const [text, setText] = useState(() => kept(name) ?? initial);
  return [
    text,
    (next) => {
      setText(next);
      keep(name, next === initial ? '' : next);
    },
  ];
}

/** Forgets everything begun: the next who logs in here may be somebody else. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

function kept(name: string): string | null {
  try {
    return sessionStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

function keep(name: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(prefix + name);
    else sessionStorage.setItem(prefix + name, text);
  } catch {
    // Storage that is full or forbidden: the text is on the page as before.
  }
}
