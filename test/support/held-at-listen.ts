import { connect, createServer, type Socket } from 'node:net';

/** A wire to a PostgreSQL on which whoever asks to LISTEN waits until let go. */
export interface HeldWire {
  readonly url: string;
  /** Resolves when somebody waits. */
  readonly waiting: Promise<void>;
  letGo(): void;
  close(): void;
}

/** Makes the wire. */
export async function heldAtListen(url: string): Promise<HeldWire> {
  const target = new URL(url);
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  let holding = true;
  let someoneWaits: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    someoneWaits = resolve;
  });
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
    near.on('data', (data) => {
      if (!holding || !data.toString('latin1').includes('LISTEN patchbay')) return void far.write(data);
      held.push(() => far.write(data));
      someoneWaits();
    });
    far.on('data', (data) => near.write(data));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  target.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return {
    url: target.href,
    waiting,
    letGo() {
      holding = false;
      for (const go of held.splice(0)) go();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
