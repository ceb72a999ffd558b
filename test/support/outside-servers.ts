import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { fileURLToPath } from 'node:url';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));

/** The authority that signed the certificate of {@link OutsideServers.secure}, a PEM file. */
export const ownAuthority = fixture('ca.pem');

/** Servers on ephemeral ports: plain HTTP, TLS with a certificate of {@link ownAuthority}, or a proxy. */
export class OutsideServers {
  readonly #open: Server[] = [];

  async listen(server: Server): Promise<number> {
    this.#open.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  plain(listener: RequestListener): Promise<number> {
    return this.listen(createServer(listener));
  }

  secure(listener: RequestListener): Promise<number> {
    const identity = { cert: readFileSync(fixture('server.pem')), key: readFileSync(fixture('server.key')) };
    return this.listen(createSecureServer(identity, listener));
  }

  /** A CONNECT proxy that requires the login `us er` with the password `pa:ss`; records the requested targets. */
  async proxy(): Promise<{ readonly port: number; readonly asked: string[] }> {
    const asked: string[] = [];
    const server = createServer();
    server.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      if (request.headers['proxy-authorization'] !== `Basic ${Buffer.from('us er:pa:ss').toString('base64')}`)
        return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const [host = '', port] = (request.url ?? '').split(':');
      const out = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        out.pipe(socket).pipe(out);
      });
      for (const end of [out, socket]) end.on('error', () => undefined);
    });
    return { port: await this.listen(server), asked };
  }

  close(): void {
    for (const server of this.#open.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  }
}
