/** A function that combines several calls into one. */
export interface Coalesced {
  (): void;
  /** Cancels a pending call. */
  cancel(): void;
}

/** Returns a function that runs `work` once, `pause` milliseconds after the first of several calls. */
export function coalesce(work: () => void, pause: number): Coalesced {
  let timer: NodeJS.Timeout | null = null;
  const call = () => {
    timer ??= setTimeout(() => {
      timer = null;
      work();
    }, pause);
  };
  const cancel = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return Object.assign(call, { cancel });
}
