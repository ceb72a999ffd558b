import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { HookReceiver } from '../../src/domain/ports/hooks.ts';

/** Passes requests on to a receiver of webhooks, as the program's API does. Returns its address. */
export async function startHookServer(receiver: () => HookReceiver | null | undefined): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', headers } = request;
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://x').searchParams);
    const answer = await receiver()?.receive({ method, query, headers, body: Buffer.concat(chunks) });
    response.writeHead(answer?.status ?? 404, { 'content-type': answer?.type ?? 'text/plain', ...answer?.headers });
    if (answer?.body instanceof Readable) answer.body.pipe(response);
    else response.end(answer?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
