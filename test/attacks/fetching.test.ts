import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { Signature } from '../../src/runtime/http/standard-webhooks.ts';
import { AttackedProgram } from './support/program.ts';

const secret = 'a secret of both sides';

describe('files that others name', () => {
  let program: AttackedProgram;
  let inside: Server;
  let port: number;
  const asked: string[] = [];

  beforeAll(async () => {
    inside = createServer((request, response) => {
      asked.push(request.url ?? '');
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

  /** A message with a file comes by a connection; the files that were kept of it. */
  async function send(connection: string, url: string): Promise<Interaction['attachments']> {
    const text = `file ${Math.random()}`;
    const files = [{ url, name: 'a.txt', mime: 'text/plain' }];
    const body = JSON.stringify({ type: 'message', id: text, from: { id: '7' }, text, files });
    const answer = await fetch(`${program.url}/api/v1/hooks/${connection}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...new Signature(secret).sign(`msg_${asked.length}`, Date.now(), body),
      },
      body,
    });
    expect([answer.status, await answer.text()]).toEqual([200, expect.anything()]);
    return vi.waitFor(async () => {
      const { items } = await program.api<{ items: Interaction[] }>('GET', '/api/v1/interactions?channel=message');
      const found = items.find((one) => one.text?.startsWith(text));
      // The words come first; what became of the file is told with it, or in their place.
      if (found === undefined || (found.attachments.length === 0 && found.text === text))
        throw new Error('the file is neither there nor given up yet');
      return found.attachments;
    }, 10_000);
  }

  const urls = (host: string) => `http://${host}:${port}/secret`;

  it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '2130706433', '0x7f000001', '127.1'])(
    'are not fetched from inside: %s',
    async (host) => {
      expect(await send('shut', urls(host))).toEqual([]);
      expect(asked).toEqual([]);
    },
  );

  it('are fetched from a network that the connection allows', async () => {
    expect(await send('open', urls('127.0.0.1'))).toMatchObject([{ name: 'a.txt' }]);
    expect(asked.splice(0)).toEqual(['/secret']);
  });
});
