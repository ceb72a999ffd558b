import { afterEach, describe, expect, it } from 'vitest';
import { TelegramApi } from '../../../src/connectors/telegram/api.ts';
import { HttpClient } from '../../../src/runtime/http/client.ts';
import { OutsideServers, ownAuthority } from '../../support/outside-servers.ts';

const { signal } = new AbortController();

describe('the connection to the Bot API', () => {
  const servers = new OutsideServers();
  afterEach(() => servers.close());

  /** A Bot API that answers everything with `true`, with a certificate of our own authority. */
  const botApi = () =>
    servers.secure((_, response) =>
      response.setHeader('content-type', 'application/json').end('{"ok":true,"result":true}'),
    );

  const apiOf = (port: number, reach: { readonly ca?: string; readonly proxy?: string }) => {
    const settings = { timeout: 5, largestFile: 1, ...reach };
    const config = { kind: 'telegram' as const, token: '1:secret', api: `https://localhost:${port}`, ...settings };
    return new TelegramApi(config as never, new HttpClient('Telegram', settings));
  };

  it('trusts a private certificate authority only if configured', async () => {
    const port = await botApi();
    expect(await apiOf(port, { ca: ownAuthority }).call('getMe', {}, signal)).toBe(true);
    await expect(apiOf(port, {}).call('getMe', {}, signal)).rejects.toMatchObject({ trouble: 'unreachable' });
  });

  it('uses a proxy with a password, and never reveals the password', async () => {
    const [port, through] = [await botApi(), await servers.proxy()];
    const ca = ownAuthority;
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

  it('reports that a proxy is unavailable', async () => {
    const reach = { ca: ownAuthority, proxy: 'http://127.0.0.1:1' };
    await expect(apiOf(await botApi(), reach).call('getMe', {}, signal)).rejects.toMatchObject({
      trouble: 'unreachable',
    });
  });
});
