/** Milliseconds within which a feature code takes effect. Asterisk waits three seconds for further digits of the extension. */
const patience = 5000;

interface Waiting {
  readonly prefix: string;
  done(appeared: boolean): void;
}

/** Waits for channels that a command creates, because Asterisk reports success before it knows. */
export class ChannelWatch {
  readonly #waiting = new Set<Waiting>();
  readonly #patience: number;

  /** `ms`: how long to wait, for tests. */
  constructor(ms: number = patience) {
    this.#patience = ms;
  }

  /** Resolves to true once a channel whose name begins with `prefix` appears, to false if none does in time. */
  appears(prefix: string): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiting.done(false), this.#patience);
      timer.unref();
      const waiting: Waiting = {
        prefix,
        done: (appeared) => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          resolve(appeared);
        },
      };
      this.#waiting.add(waiting);
    });
  }

  /** Reports a new channel of the PBX. */
  saw(name: string): void {
    for (const waiting of this.#waiting) if (name.startsWith(waiting.prefix)) waiting.done(true);
  }

  /** Ends all waits. */
  stop(): void {
    for (const waiting of this.#waiting) waiting.done(false);
  }
}
