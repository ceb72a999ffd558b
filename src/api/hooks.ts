import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import { Type } from 'typebox';
import type { ApiDeps, App } from './deps.ts';
import { Problem } from './problem.ts';
import { answers, bytes } from './schemas/common.ts';

/** Bytes of a body. The supported services send far less; larger bodies are refused before they are read. */
const maxBytes = 4 * 1024 * 1024;
const params = Type.Object({
  connection: Type.String({
    pattern: '^[A-Za-z0-9_-]{1,64}$',
    description: 'The name of the connection in the configuration.',
    examples: ['telegram'],
  }),
});
const shared = {
  tags: ['hooks'],
  params,
  security: [],
  response: answers({ 200: bytes('The answer that the service expects.', 'text/plain', 'ok') }),
};
const verifying = {
  ...shared,
  operationId: 'verifyWebhook',
  summary: 'Verify a webhook',
  description: 'Some services check an address with a GET request before they send to it.',
};
const receiving = {
  ...shared,
  operationId: 'receiveWebhook',
  summary: 'Receive a webhook',
  description: 'For the service alone. The connection checks the signature over the body.',
};

/** Webhooks of outside services. The connection gets the raw body, because signatures cover these bytes. */
export function hookRoutes(app: App, deps: ApiDeps): void {
  const counter = new Counter({
    name: 'patchbay_hook_requests_total',
    help: 'Webhook requests, by connection and outcome. The connection "-" stands for unknown names.',
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
    const receive = async (request: FastifyRequest, reply: FastifyReply) => {
      const { connection } = request.params as { connection: string };
      const receiver = deps.hookReceiver(connection);
      if (receiver === null) throw new Problem('not-found', 'no connection of this name receives webhooks');
      const answer = await receiver.receive({
        method: request.method,
        query: lastValues(request.query),
        headers: request.headers,
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      });
      if (answer.headers?.['content-security-policy'] !== undefined) reply.raw.removeHeader('x-frame-options');
      return reply
        .headers(answer.headers ?? {})
        .code(answer.status)
        .type(answer.type ?? 'text/plain; charset=utf-8')
        .send(answer.body ?? '');
    };
    scope.get('/hooks/:connection', { exposeHeadRoute: false, schema: verifying }, receive);
    scope.post('/hooks/:connection', { bodyLimit: maxBytes, schema: receiving }, receive);
  });
}

/** `again`: it could not be stored, and the service should send it again. */
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
