import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { TelegramApi } from '../../../src/connectors/telegram/api.ts';
import { HttpClient } from '../../../src/runtime/http/client.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const { signal } = new AbortController();
const login = `Basic ${Buffer.from('us er:pa:ss').toString('base64')}`;

describe('the way to the Bot API', () => {
  const open: Server[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function listen(server: Server): Promise<number> {
    open.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** A Bot API that answers everything with `true`, behind a certificate of an authority of our own. */
  const botApi = () =>
    listen(
      createSecureServer(
        { cert: readFileSync(fixture('server.pem')), key: readFileSync(fixture('server.key')) },
        (_, response) => response.setHeader('content-type', 'application/json').end('{"ok":true,"result":true}'),
      ),
    );

  async function proxy(): Promise<{ readonly port: number; readonly asked: string[] }> {
    const asked: string[] = [];
    const server = createServer();
    server.on('connect', (request, socket) => {
      if (request.headers['proxy-authorization'] !== login)
        return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      asked.push(request.url ?? '');
      const [host = '', port] = (request.url ?? '').split(':');
      const out = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        out.pipe(socket).pipe(out);
      });
      for (const end of [out, socket]) end.on('error', () => undefined);
    });
    return { port: await listen(server), asked };
  }

  const apiOf = (port: number, reach: { readonly ca?: string; readonly proxy?: string }) => {
    const settings = { timeout: 5, largestFile: 1, ...reach };
    const config = { kind: 'telegram' as const, token: '1:secret', api: `https://localhost:${port}`, ...settings };
    return new TelegramApi(config as never, new HttpClient('Telegram', settings));
  };

  it('trusts an authority of one’s own only where it is told to', async () => {
    const port = await botApi();
    expect(await apiOf(port, { ca: fixture('ca.pem') }).call('getMe', {}, signal)).toBe(true);
    await expect(apiOf(port, {}).call('getMe', {}, signal)).rejects.toMatchObject({ trouble: 'unreachable' });
  });

  it('leads through a proxy with its password, and never tells the password', async () => {
    const [port, through] = [await botApi(), await proxy()];
    const ca = fixture('ca.pem');
    const right = apiOf(port, { ca, proxy: `http://us%20er:pa%3Ass@127.0.0.1:${through.port}` });
    expect(await right.call('getMe', {}, signal)).toBe(true);
    expect(through.asked).toEqual([`localhost:${port}`]);
    const wrong = apiOf(port, { ca, proxy: `http://user:guess@127.0.0.1:${through.port}` });
    const refused = await wrong.call('getMe', {}, signal).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ trouble: 'unreachable' });
    expect(String(refused)).not.toContain('guess');
  });

  it('says that a proxy can not be reached', async () => {
    const reach = { ca: fixture('ca.pem'), proxy: 'http://127.0.0.1:1' };
    await expect(apiOf(await botApi(), reach).call('getMe', {}, signal)).rejects.toMatchObject({
      trouble: 'unreachable',
    });
  });
});
