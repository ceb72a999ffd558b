import { connect, createServer, type Server, type Socket } from 'node:net';

/** The network between one instance and its database or Redis. When cut it drops data without rejecting anything, like a dead link. */
export class Wire {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #whole = true;

  constructor(port: number, host = '127.0.0.1') {
    this.#server = createServer((near) => {
      const far = connect(port, host);
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

  /** Opens a wire to the host of a URL; returns the URL through the wire. `host` is the local address it listens on. */
  static async to(url: string, host = '127.0.0.1'): Promise<{ readonly wire: Wire; readonly url: string }> {
    const by = new URL(url);
    const wire = new Wire(Number(by.port));
    by.port = String(await wire.listen(host));
    by.hostname = host;
    return { wire, url: by.href };
  }

  listen(host = '127.0.0.1', port = 0): Promise<number> {
    return new Promise((resolve) =>
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      }),
    );
  }

  cut(): void {
    this.#whole = false;
  }

  /** Restores it for new connections. Dropped data is lost, and so are the old connections. */
  mend(): void {
    this.#whole = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.mend();
    this.#server.close();
  }
}
