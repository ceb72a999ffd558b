/**
 * Runs the deliveries of a conversation one after the other, in the order in which they began, since the portal shows messages in the
 * order of their arrival.
 */
export class ChatQueues {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs a task after the earlier ones of the same chat. */
  async run<Result>(chat: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(chat) ?? Promise.resolve();
    const own = before.then(task, task);
    this.#last.set(chat, own);
    try {
      return await own;
    } finally {
      if (this.#last.get(chat) === own) this.#last.delete(chat);
    }
  }
}
