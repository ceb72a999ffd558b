import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import type { App } from './deps.ts';
import { sendProblem } from './problem.ts';

/** The documentation is static: it runs the script of its own search and loads nothing from elsewhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const lost = '<!doctype html><meta charset="utf-8"><title>404</title><p>404 · <a href="/docs/">Documentation</a>';

/** Serves the built documentation at `/docs`, to everybody; while it is not built, says how to build it. */
export function serveDocs(app: App, root: string | null): void {
  app.register(
    async (docs) => {
      docs.addHook('onSend', async (_request, reply) => {
        reply.header('content-security-policy', policy);
      });
      const hidden = { schema: { hide: true } };
      if (root === null) {
        const missing = (_request: unknown, reply: FastifyReply) =>
          sendProblem(reply, 'unavailable', 'the documentation is not built; run: npm run build');
        docs.get('/', hidden, missing);
        docs.get('/*', hidden, missing);
        return;
      }
      docs.get('', { ...hidden, prefixTrailingSlash: 'no-slash' }, (_request, reply) => reply.redirect('/docs/', 308));
      docs.setNotFoundHandler((request, reply) => {
        // Errors name pages as the repository has them.
        const [, page] = /^(\/docs\/[\w/-]+)\.md$/.exec(request.url.split('?', 1)[0] ?? '') ?? [];
        if (page !== undefined) return reply.redirect(page);
        return reply.code(404).type('text/html; charset=utf-8').send(lost);
      });
      docs.register(fastifyStatic, { root, prefix: '/', decorateReply: false, extensions: ['html'] });
    },
    { prefix: '/docs' },
  );
}
