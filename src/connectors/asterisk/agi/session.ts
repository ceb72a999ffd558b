import type { Socket } from 'node:net';

/** The caller hung up, the PBX closed the connection, or an answer was none: the rest of the session is of no use. */
export class AgiError extends Error {}

const largestAnswer = 16 * 1024;

/** One FastAGI connection after its environment: commands go out, answers come back in their order. */
export class AgiSession {
  readonly #socket: Socket;
  readonly #awaited: { resolve: (answer: string) => void; reject: (error: AgiError) => void }[] = [];
  #buffer = '';
  #closed: AgiError | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /**
   * Sends commands in one write and waits for all their answers. Asterisk reads a line, answers it and reads the next,
   * so that what is sent ahead costs one round trip instead of many.
   */
  async commands(lines: readonly string[]): Promise<readonly string[]> {
    if (this.#closed !== null) throw this.#closed;
    const answers = lines.map(
      () => new Promise<string>((resolve, reject) => void this.#awaited.push({ resolve, reject })),
    );
    this.#socket.write(`${lines.join('\n')}\n`);
    return Promise.all(answers);
  }

  /** Takes what the PBX sent. */
  receive(text: string): void {
    this.#buffer += text;
    if (this.#buffer.length > largestAnswer) return this.close('an answer exceeds the limit');
    for (let end = this.#buffer.indexOf('\n'); end !== -1; end = this.#buffer.indexOf('\n')) {
      const line = this.#buffer.slice(0, end).trimEnd();
      this.#buffer = this.#buffer.slice(end + 1);
      // HANGUP is no answer: Asterisk says it between two of them. 520- opens a usage text that 520 closes.
      if (line === 'HANGUP' || line === '' || line.startsWith('520-') || !/^\d{3}\s/.test(line)) continue;
      this.#awaited.shift()?.resolve(line);
    }
  }

  /** Rejects whatever is still awaited. */
  close(reason: string): void {
    this.#closed ??= new AgiError(`the FastAGI session ended: ${reason}`);
    for (const { reject } of this.#awaited.splice(0)) reject(this.#closed);
  }
}
