import { connect, type Socket } from 'node:net';

/** Opens loopback connections and counts them. */
export class RawSockets {
  readonly #all = new Set<Socket>();
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** Number of connections open at this end. */
  get open(): number {
    return this.#all.size;
  }

  /** Opens `count` connections and sends a text on each, without reading; resolves when all are connected or refused. */
  async crowd(count: number, text: (i: number) => string): Promise<readonly Socket[]> {
    return Promise.all(Array.from({ length: count }, (_, i) => this.send(text(i))));
  }

  /** Opens one connection from a loopback address and sends the text. */
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

  /** Closes all remaining connections. */
  release(): void {
    for (const socket of this.#all) socket.destroy();
  }
}

/** Everything received on a socket until the other side closed it. */
export function readUntilClosed(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('end', () => socket.destroy());
    socket.on('close', () => resolve(text));
  });
}
