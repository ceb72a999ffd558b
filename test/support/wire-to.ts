import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy to a server, on a port of its own. */
export interface WireTo {
  /** The server's URL through this proxy. */
  readonly url: string;
  close(): void;
}

/** Starts a proxy. `join` connects both ends of each connection. When one end closes, so does the other. */
export async function wireTo(url: string, join: (near: Socket, far: Socket) => void): Promise<WireTo> {
  const target = new URL(url);
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => from.destroy());
      from.on('close', () => to.destroy());
    }
    join(near, far);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  target.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return {
    url: target.href,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
