import { Counter } from 'prom-client';
import { Type } from 'typebox';
import type { ApiDeps, App } from './deps.ts';
import { Problem } from './problem.ts';
import { answers, bytes } from './schemas/common.ts';

/** What the documented services send at the most is far below; anything larger is refused before it is read. */
const largest = 4 * 1024 * 1024;
const Params = Type.Object({ connection: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) });

const Text = bytes('What the service expects.', 'text/plain');

/** Where outside services bring their news: the body goes to the connection as it came, for its signature is over these bytes. */
export function hookRoutes(app: App, deps: ApiDeps): void {
  const counter = new Counter({
    name: 'patchbay_hook_requests_total',
    help: 'Requests of outside services, by connection and what became of them; connection "-": there is none of that name.',
    labelNames: ['connection', 'outcome'],
    registers: [deps.metrics],
  });
  app.register(async (scope) => {
    scope.addHook('onResponse', async (request, reply) => {
      const { connection = '' } = request.params as { connection?: string };
      const known = deps.hookReceiver(connection) === null ? '-' : connection;
      counter.inc({ connection: known, outcome: outcomeOf(reply.statusCode) });
    });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.route({
      method: ['GET', 'POST'],
      url: '/hooks/:connection',
      bodyLimit: largest,
      schema: { tags: ['hooks'], params: Params, security: [], response: answers({ 200: Text }) },
      handler: async (request, reply) => {
        const { connection } = request.params as { connection: string };
        const receiver = deps.hookReceiver(connection);
        if (receiver === null) throw new Problem('not-found', 'no connection of this name takes webhooks');
        const answer = await receiver.receive({
          method: request.method,
          query: lastValues(request.query),
          headers: request.headers,
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        });
        return reply
          .code(answer.status)
          .type(answer.type ?? 'text/plain; charset=utf-8')
          .send((answer.body ?? '') as never);
      },
    });
  });
}

/** `again`: it could not be made safe, and the service is to bring it once more. */
function outcomeOf(status: number): 'taken' | 'refused' | 'too_large' | 'again' {
  if (status < 400) return 'taken';
  if (status === 413) return 'too_large';
  return status < 500 ? 'refused' : 'again';
}

function lastValues(query: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(query as Record<string, string | readonly string[]>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, String(Array.isArray(value) ? value.at(-1) : value)]),
  );
}
