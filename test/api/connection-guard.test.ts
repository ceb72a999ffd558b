import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConnectionGuard } from '../../src/api/sockets/connection-guard.ts';
import { Networks } from '../../src/runtime/networks.ts';

const whole = 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n';
const half = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n';

describe('connections of the HTTP server', () => {
  const sockets: Socket[] = [];
  let server: Server | null = null;
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server?.close();
  });

  /** A server that never answers, with a guard that admits this many connections. */
  async function begin(total: number, perAddress: number, proxies: readonly string[] = []) {
    server = createServer(() => undefined);
    const guard = new ConnectionGuard(server, { total, perAddress, proxies: new Networks(proxies) });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { guard, port: (server.address() as AddressInfo).port };
  }

  async function open(port: number, text = ''): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    await once(socket, 'connect');
    socket.write(text);
    return socket.resume();
  }

  const arrived = (guard: ConnectionGuard, total: number) =>
    vi.waitFor(() => expect(guard.counts.open + guard.counts.evicted + guard.counts.refused).toBe(total));

  it('replace the one that has been idle longest', async () => {
    const { guard, port } = await begin(2, 10);
    const first = await open(port);
    await arrived(guard, 1);
    await open(port);
    await arrived(guard, 2);
    const closed = once(first, 'close');
    await open(port);
    await closed;
    expect(guard.counts).toMatchObject({ open: 2, evicted: 1, refused: 0 });
  });

  it('replace one whose body does not arrive, but not one whose request is being answered', async () => {
    const { guard, port } = await begin(2, 10);
    const [request] = await Promise.all([once(server as Server, 'request'), open(port, whole)]);
    const [, body] = await Promise.all([once(server as Server, 'request'), open(port, half)]);
    await Promise.all([once(body, 'close'), open(port)]);
    expect(guard.counts).toMatchObject({ open: 2, evicted: 1, refused: 0 });
    expect(request[0].socket.destroyed).toBe(false);
  });

  it('are refused with 503 if all others are busy', async () => {
    const { guard, port } = await begin(1, 10);
    await Promise.all([once(server as Server, 'request'), open(port, whole)]);
    const late = await open(port);
    const [answer] = await once(late, 'data');
    expect(String(answer)).toContain(' 503 ');
    expect(guard.counts).toMatchObject({ open: 1, refused: 1 });
  });

  it('are limited per address, except for authenticated clients and those behind a proxy', async () => {
    const { guard, port } = await begin(10, 1);
    const [[request]] = await Promise.all([once(server as Server, 'request'), open(port, whole)]);
    await once(await open(port), 'close');
    guard.trust(request.socket);
    await open(port);
    await vi.waitFor(() => expect(guard.counts).toMatchObject({ open: 2, refused: 1 }));
    server?.close();

    const behind = await begin(10, 1, ['loopback']);
    for (let i = 0; i < 5; i += 1) await open(behind.port);
    await vi.waitFor(() => expect(behind.guard.counts).toMatchObject({ open: 5, refused: 0, evicted: 0 }));
  });
});
