import { connect, type Socket } from 'node:net';

/** Opens connections to the loopback and keeps count of them. */
export class RawSockets {
  readonly #all = new Set<Socket>();
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** How many are open at this end. */
  get open(): number {
    return this.#all.size;
  }

  /** Opens so many, sends each the text and reads nothing; resolves when all are connected or refused. */
  async crowd(count: number, text: (i: number) => string): Promise<readonly Socket[]> {
    return Promise.all(Array.from({ length: count }, (_, i) => this.send(text(i))));
  }

  /** Opens one, from an address of the loopback, and sends the text. */
  send(text: string, localAddress = '127.0.0.1'): Promise<Socket> {
    return new Promise((resolve) => {
      const socket = connect({ port: this.#port, host: '127.0.0.1', localAddress, allowHalfOpen: true });
      this.#all.add(socket);
      socket.on('connect', () => {
        if (text !== '') socket.write(text);
        resolve(socket);
      });
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#all.delete(socket);
        resolve(socket);
      });
    });
  }

  /** Closes all that are left. */
  release(): void {
    for (const socket of this.#all) socket.destroy();
  }
}

/** What came on a socket until the other side ended it. */
export function heard(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('end', () => socket.destroy());
    socket.on('close', () => resolve(text));
  });
}
