import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from './deps.ts';
import { sendProblem } from './problem.ts';

/** Serves the built page. Paths that are neither files nor API belong to the page, and get `index.html`. */
export function servePage(app: App, webRoot: string | null): void {
  const index = webRoot === null ? null : join(webRoot, 'index.html');
  const page = index !== null && existsSync(index) ? index : null;
  if (page !== null && webRoot !== null) {
    app.register(fastifyStatic, {
      root: webRoot,
      wildcard: true,
      cacheControl: false,
      setHeaders(reply, path) {
        // Built assets have a hash in their names. Everything else must be revalidated.
        reply.setHeader(
          'cache-control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const ours = /^\/(api|health|metrics|hooks|desk)(\/|$)/.test(path) || /\.[a-z0-9]{1,8}$/i.test(path);
    if (page !== null && request.method === 'GET' && !ours) {
      // `sendFile` would add so many listeners to a response that has been through the static files that Node warns.
      const html = await readFile(page);
      return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(html);
    }
    return sendProblem(reply, 'not-found', 'no such address');
  });
}
