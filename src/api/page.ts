import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from './deps.ts';
import { sendProblem } from './problem.ts';

/** Serves the built page. Paths that are neither files nor API belong to the page, and get `index.html`. */
export function servePage(app: App, webRoot: string | null): void {
  const present = webRoot !== null && existsSync(join(webRoot, 'index.html'));
  if (present) {
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
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const ours = /^\/(api|health|metrics|hooks|desk)(\/|$)/.test(path) || /\.[a-z0-9]{1,8}$/i.test(path);
    if (present && request.method === 'GET' && !ours) {
      return reply.header('cache-control', 'no-cache').sendFile('index.html');
    }
    return sendProblem(reply, 'not-found', 'no such address');
  });
}
