import { connect, createServer, type Socket } from 'node:net';

/** A wire to a PostgreSQL that breaks once. */
export interface CutWire {
  readonly url: string;
  readonly cuts: number;
  close(): void;
}

/** `request`: what it is cut at never reaches the server. `answer`: it is carried out, and its answer is lost. */
export type Lost = 'request' | 'answer';

/** Cut when the first commit after a write of ours passes. */
export function cutAtCommit(url: string, lost: Lost): Promise<CutWire> {
  return cutWire(url, lost, () => {
    let writes = false;
    return (text) => {
      if (text.includes('"notes":[')) writes = true;
      return writes && text.includes('COMMIT\0');
    };
  });
}

/** Cut when something passes that the one who looks at a connection, made by `watch`, was waiting for. */
export async function cutWire(url: string, lost: Lost, watch: () => (text: string) => boolean): Promise<CutWire> {
  const target = new URL(url);
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(port, target.hostname);
    const awaited = watch();
    let cutting = false;
    const cut = () => {
      cuts += 1;
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (data) => {
      if (awaited(data.toString('latin1')) && cuts === 0) {
        if (lost === 'request') return cut();
        cutting = true;
      }
      far.write(data);
    });
    far.on('data', (data) => (cutting ? cut() : near.write(data)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  target.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return {
    url: target.href,
    get cuts() {
      return cuts;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
