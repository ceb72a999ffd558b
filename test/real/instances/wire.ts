import { connect, createServer, type Server, type Socket } from 'node:net';

/** The network between one instance and its database or Redis: cut, it swallows what is sent and refuses nothing, as a dead link does. */
export class Wire {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #whole = true;

  constructor(port: number) {
    this.#server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => from.destroy());
        from.on('close', () => {
          to.destroy();
          this.#sockets.delete(from);
        });
        from.on('data', (data) => this.#whole && to.write(data));
      }
    });
  }

  /** A wire to where a URL points, and the URL that goes by it. */
  static async to(url: string): Promise<{ readonly wire: Wire; readonly url: string }> {
    const by = new URL(url);
    const wire = new Wire(Number(by.port));
    by.port = String(await wire.listen());
    return { wire, url: by.href };
  }

  listen(): Promise<number> {
    return new Promise((resolve) =>
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      }),
    );
  }

  cut(): void {
    this.#whole = false;
  }

  /** Whole again, for new connections: what a dead link swallowed is gone, and with it the old ones. */
  mend(): void {
    this.#whole = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.mend();
    this.#server.close();
  }
}
