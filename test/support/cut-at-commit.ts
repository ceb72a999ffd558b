import { connect, createServer, type Socket } from 'node:net';

/** A wire to a PostgreSQL that breaks once, when the first commit after a write of ours passes. */
export interface CutWire {
  readonly url: string;
  readonly cuts: number;
  close(): void;
}

/** `request`: the commit never reaches the server. `answer`: it is carried out, and its answer is lost. */
export async function cutAtCommit(url: string, lost: 'request' | 'answer'): Promise<CutWire> {
  const target = new URL(url);
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(port, target.hostname);
    let writes = false;
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
      const text = data.toString('latin1');
      if (text.includes('"notes":[')) writes = true;
      if (cuts === 0 && writes && text.includes('COMMIT\0')) {
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
