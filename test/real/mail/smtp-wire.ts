import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A wire to an SMTP server that breaks where the test wants: a scripted proxy that follows the SMTP commands.
 * `pass`: forwards everything. `cut`: when the server answers the whole letter, the answer is dropped and the connection closed.
 * `hold`: that answer is held back, and the connection stays open.
 */
export class SmtpWire {
  mode: 'pass' | 'cut' | 'hold' = 'pass';
  /** Answers held or dropped: the server had accepted these letters. */
  swallowed = 0;
  readonly #target: () => number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** `target` is the server's port. */
  constructor(target: () => number) {
    this.#target = target;
    this.#server = createServer((near) => this.#join(near, connect(this.#target(), '127.0.0.1')));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #join(near: Socket, far: Socket): void {
    let tail = '';
    let ended = false;
    const both = [near, far];
    for (const socket of both) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        for (const one of both) one.destroy();
      });
    }
    near.on('data', (data) => {
      tail = (tail + data.toString('latin1')).slice(-5);
      if (tail === '\r\n.\r\n') ended = true;
      far.write(data);
    });
    far.on('data', (data) => {
      if (!ended || this.mode === 'pass' || !data.toString('latin1').startsWith('250')) return void near.write(data);
      this.swallowed += 1;
      if (this.mode === 'cut') near.destroy();
    });
  }
}
