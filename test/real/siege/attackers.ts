import { connect, type Socket } from 'node:net';

/** Silent connections; closed ones are opened again until `release`. */
export class IdleCrowd {
  readonly #sockets = new Set<Socket>();
  readonly #port: number;
  #held = true;

  constructor(port: number) {
    this.#port = port;
  }

  /** Resolves when `count` are open at once. */
  async gather(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#open()));
  }

  get size(): number {
    return this.#sockets.size;
  }

  release(): void {
    this.#held = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  #open(): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, '127.0.0.1', () => {
        this.#sockets.add(socket);
        resolve();
      });
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        if (this.#held) void this.#open();
      });
    });
  }
}

/** Sends pieces to a port until the other side closes it or they end; resolves with the number of bytes sent. */
export function pour(port: number, pieces: Iterable<string | Uint8Array>): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const iterator = pieces[Symbol.iterator]();
    const more = () => {
      for (let next = iterator.next(); !next.done; next = iterator.next()) {
        if (!socket.write(next.value)) return;
      }
      socket.end();
    };
    socket.on('error', () => socket.destroy());
    socket.on('connect', more);
    socket.on('drain', more);
    socket.resume();
    socket.on('close', () => resolve(socket.bytesWritten));
  });
}

/** Random bytes in random pieces. */
export function* rubbish(random: () => number, pieces: number): Generator<Uint8Array> {
  for (let i = 0; i < pieces; i += 1) {
    yield Uint8Array.from({ length: 1 + Math.floor(random() * 2000) }, () => Math.floor(random() * 256));
  }
}

/** One endless header, of that many bytes. */
export function* endlessHeader(name: string, bytes: number): Generator<string> {
  yield `${name}: `;
  const piece = 'x'.repeat(64 * 1024);
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece;
}
