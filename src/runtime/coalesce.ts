/** Calls that come close together, made one. */
export interface Coalesced {
  (): void;
  /** Forgets the call that is due. */
  cancel(): void;
}

/** A function that runs `work` once, `pause` milliseconds after the first of the calls that came meanwhile. */
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
