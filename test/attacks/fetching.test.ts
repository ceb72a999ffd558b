import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { Signature } from '../../src/runtime/http/standard-webhooks.ts';
import { AttackedProgram } from './support/program.ts';

const secret = 'a secret of both sides';

describe('files at URLs given by outsiders', () => {
  let program: AttackedProgram;
  let inside: Server;
  let port: number;
  const requests: string[] = [];

  beforeAll(async () => {
    inside = createServer((request, response) => {
      requests.push(request.url ?? '');
      response.end('the secret of the house');
    });
    inside.listen(0, '0.0.0.0');
    await once(inside, 'listening');
    port = (inside.address() as AddressInfo).port;
    const webhook = { kind: 'webhook', secret, account: 'shop' };
    program = await AttackedProgram.start({
      config: { connectors: { shut: webhook, open: { ...webhook, allowNetworks: ['127.0.0.0/8'] } } },
    });
  }, 60_000);

  afterAll(async () => {
    await program?.stop();
    inside.close();
  });

  /** Sends a message with a file through a connection; returns the attachments that were stored. */
  async function send(connection: string, url: string): Promise<Interaction['attachments']> {
    const text = `file ${Math.random()}`;
    const files = [{ url, name: 'a.txt', mime: 'text/plain' }];
    const body = JSON.stringify({ type: 'message', id: text, from: { id: '7' }, text, files });
    const answer = await fetch(`${program.url}/api/v1/hooks/${connection}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...new Signature(secret).sign(`msg_${requests.length}`, Date.now(), body),
      },
      body,
    });
    expect([answer.status, await answer.text()]).toEqual([200, expect.anything()]);
    return vi.waitFor(async () => {
      const { items } = await program.api<{ items: Interaction[] }>('GET', '/api/v1/interactions?channel=message');
      const found = items.find((one) => one.text?.startsWith(text));
      // The text is stored first. The file is added later, or a note that it could not be fetched.
      if (found === undefined || (found.attachments.length === 0 && found.text === text))
        throw new Error('the file is neither there nor given up yet');
      return found.attachments;
    }, 10_000);
  }

  const urls = (host: string) => `http://${host}:${port}/secret`;

  it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '2130706433', '0x7f000001', '127.1'])(
    'are not fetched from internal addresses: %s',
    async (host) => {
      expect(await send('shut', urls(host))).toEqual([]);
      expect(requests).toEqual([]);
    },
  );

  it('are fetched from a network that the connection allows', async () => {
    expect(await send('open', urls('127.0.0.1'))).toMatchObject([{ name: 'a.txt' }]);
    expect(requests.splice(0)).toEqual(['/secret']);
  });
});
