import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpClient } from '../../../src/runtime/http/client.ts';
import type { ServiceError } from '../../../src/runtime/http/service-error.ts';
import type { ReachSettings } from '../../../src/runtime/http/settings.ts';
import { OutsideServers, ownAuthority } from '../../support/outside-servers.ts';

const ca = ownAuthority;
const { signal } = new AbortController();

describe('HttpClient', () => {
  const servers = new OutsideServers();
  afterEach(() => servers.close());

  const client = (more: Partial<ReachSettings> = {}) =>
    new HttpClient('The service', { timeout: 5, largestFile: 1, ...more });

  const listen = (server: Server) => servers.listen(server);
  const plain = (listener: RequestListener) => servers.plain(listener);
  const secure = () => servers.secure((_, response) => response.end('{}'));
  const proxy = () => servers.proxy();

  const failing = async (work: Promise<unknown>): Promise<ServiceError> => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error === null) throw new Error('expected trouble');
    return error as ServiceError;
  };

  it('trusts a custom authority only if configured, and names a certificate file that it cannot read', async () => {
    const url = `https://localhost:${await secure()}/`;
    expect(await client({ ca }).request({ url, signal })).toMatchObject({ status: 200, body: '{}' });
    const distrusting = await failing(client().request({ url, signal }));
    expect(distrusting).toMatchObject({
      trouble: 'unreachable',
      message: expect.stringMatching(/certificate of The service is not trusted \(UNABLE_TO_.*`ca`/),
    });
    const unreadable = await failing(client({ ca: '/no/such.pem' }).request({ url, signal }));
    expect(unreadable).toMatchObject({ trouble: 'access', message: expect.stringContaining('/no/such.pem') });
  });

  it('uses a proxy with its password for plain and secure servers, and never reveals the password', async () => {
    const [there, through] = [await plain((_, response) => response.end('plain')), await proxy()];
    const secret = await secure();
    const settings = { proxy: `http://us%20er:pa%3Ass@127.0.0.1:${through.port}`, ca };
    expect((await client(settings).request({ url: `http://127.0.0.1:${there}/`, signal })).body).toBe('plain');
    expect((await client(settings).request({ url: `https://localhost:${secret}/`, signal })).body).toBe('{}');
    expect(through.asked).toEqual([`127.0.0.1:${there}`, `localhost:${secret}`]);
    const wrong = { proxy: `http://user:guess@127.0.0.1:${through.port}` };
    const refused = await failing(client(wrong).request({ url: `http://127.0.0.1:${there}/`, signal }));
    expect(refused).toMatchObject({
      trouble: 'unreachable',
      message: expect.stringContaining('the proxy answered 407'),
    });
    expect(refused.message).not.toContain('guess');
  });

  it('reports that the proxy closed the connection', async () => {
    const server = createServer();
    server.on('connect', (_request, socket) => void socket.destroy());
    const settings = { proxy: `http://127.0.0.1:${await listen(server)}` };
    const refused = await failing(client(settings).request({ url: 'http://service.example/', signal }));
    expect(refused).toMatchObject({ trouble: 'unreachable', message: expect.stringContaining('the proxy') });
  });

  it('reuses connections only if allowed', async () => {
    const sockets = new Set<unknown>();
    const port = await plain((request, response) => {
      sockets.add(request.socket);
      response.end('{}');
    });
    const ask = async (connections: 'fresh' | 'pooled') => {
      sockets.clear();
      const http = new HttpClient('The service', { timeout: 5, largestFile: 1 }, null, connections);
      for (let i = 0; i < 3; i += 1) await http.request({ url: `http://127.0.0.1:${port}/`, signal });
      return sockets.size;
    };
    expect(await ask('fresh')).toBe(3);
    // The first connection may not be free yet when the second request starts.
    expect(await ask('pooled')).toBeLessThan(3);
  });

  it('truncates a response at the given limit', async () => {
    const port = await plain((_, response) => response.end('0123456789'));
    const answer = await client().request({ url: `http://127.0.0.1:${port}/`, cutAt: 4, signal });
    expect(answer).toMatchObject({ status: 200, body: '0123' });
  });

  it('aborts at once while a connection is being opened', async () => {
    // Nothing answers at a documentation address (RFC 5737).
    const late = client().request({ url: 'http://192.0.2.1/', timeout: 50, signal });
    expect((await failing(late)).trouble).toMatch(/unknown|unreachable/);
  });

  it('follows redirects of files up to a limit, and sends no headers of ours to another host', async () => {
    const seen: (string | undefined)[] = [];
    const port: number = await plain((request, response) => {
      seen.push(request.headers.authorization);
      const [, left = '0', host = ''] = (request.url ?? '').split('/');
      if (left === '0') return void response.end('file');
      response.writeHead(302, {
        location: left === 'x' ? 'file:///etc/passwd' : `http://${host}:${port}/${Number(left) - 1}/${host}`,
      });
      response.end();
    });
    const get = (path: string) =>
      client({ allowNetworks: ['loopback'] }).open(
        `http://127.0.0.1:${port}${path}`,
        { authorization: 'Bearer ours' },
        signal,
      );
    const read = async (path: string) => {
      const chunks: Buffer[] = [];
      for await (const chunk of await get(path)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString();
    };
    expect(await read('/1/127.0.0.1')).toBe('file');
    expect(seen.splice(0)).toEqual(['Bearer ours', 'Bearer ours']);
    expect(await read('/2/localhost')).toBe('file');
    expect(seen.splice(0)).toEqual(['Bearer ours', undefined, undefined]);
    expect(await failing(get('/9/localhost'))).toMatchObject({ trouble: 'refused' });
    expect(seen.splice(0)).toHaveLength(4);
    expect(await failing(get('/x/localhost'))).toMatchObject({ trouble: 'refused' });
  });

  it('requests URLs from outside only if they are public or allowed, and checks each redirect', async () => {
    let asked = 0;
    const port: number = await plain((request, response) => {
      asked += 1;
      const host = (request.url ?? '').slice(1);
      if (host === '') return void response.end('secret');
      response.writeHead(302, { location: `http://${host}:${port}/` }).end();
    });
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f.1', '0', '127.0.0.1.'])
      expect(await failing(client().open(`http://${host}:${port}/`, {}, signal))).toMatchObject({ trouble: 'refused' });
    expect(asked).toBe(0);

    const allowed = client({ allowNetworks: ['127.0.0.1'] });
    await allowed.open(`http://127.0.0.1:${port}/`, {}, signal);
    for (const host of ['127.0.0.2', '10.0.0.1', '[::1]', '169.254.169.254'])
      expect(await failing(allowed.open(`http://127.0.0.1:${port}/${host}`, {}, signal))).toMatchObject({
        trouble: 'refused',
        message: expect.stringContaining('allowNetworks'),
      });
  });

  it('trusts the configured root, but not redirects from it', async () => {
    const port: number = await plain((request, response) => {
      if (request.url === '/') return void response.end('file');
      response.writeHead(302, { location: `http://localhost:${port}/` }).end();
    });
    const rooted = new HttpClient('The service', { timeout: 5, largestFile: 1 }, `http://127.0.0.1:${port}/api`);
    await rooted.open(`http://127.0.0.1:${port}/`, {}, signal);
    expect(await failing(rooted.open(`http://127.0.0.1:${port}/on`, {}, signal))).toMatchObject({ trouble: 'refused' });
    const upload = { method: 'POST', url: `http://localhost:${port}/`, body: 'x', externalUrl: true, signal } as const;
    expect(await failing(rooted.request(upload))).toMatchObject({ trouble: 'refused' });
  });

  it('never uses a proxy to reach internal addresses, as far as names can be resolved here', async () => {
    const through = await proxy();
    const settings = { proxy: `http://us%20er:pa%3Ass@127.0.0.1:${through.port}` };
    for (const host of ['127.0.0.1', 'localhost', 'metadata.google.internal', 'router', 'printer.lan', '[::1]'])
      expect(await failing(client(settings).open(`http://${host}:1/`, {}, signal))).toMatchObject({
        trouble: 'refused',
      });
    expect(through.asked).toEqual([]);
  });

  it('returns an API’s redirect instead of following it with our token', async () => {
    let asked = 0;
    const port = await plain((_, response) => {
      asked += 1;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    const answer = await client().request({ method: 'POST', url: `http://127.0.0.1:${port}/`, body: '{}', signal });
    expect(answer.status).toBe(307);
    expect(asked).toBe(1);
  });

  it('does not wait forever, and does not read an endless response', async () => {
    const silent = await plain(() => undefined);
    const late = client().request({ url: `http://127.0.0.1:${silent}/`, timeout: 50, signal });
    expect(await failing(late)).toMatchObject({ trouble: 'unknown', message: 'The service did not answer in time' });
    const endless = await plain((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const long = await failing(client().request({ url: `http://127.0.0.1:${endless}/`, signal }));
    expect(long.message).toMatch(/answered more than/);
  });
});
