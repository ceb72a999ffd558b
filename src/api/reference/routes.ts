import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiDeps, App } from '../deps.ts';
import { Problem } from '../problem.ts';

/** The viewer (Redoc), below the folder of the built page: `scripts/build.mjs` puts it there. */
const viewer = 'reference/redoc.standalone.js';

/** The viewer styles itself with `<style>` elements and searches in a worker made from a blob. It needs nothing else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const theme = {
  typography: { fontFamily: 'system-ui, sans-serif', headings: { fontFamily: 'system-ui, sans-serif' } },
  sidebar: { width: '280px' },
};

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Patchbay API</title>
<link rel="icon" href="/icon.svg">
<style>body { margin: 0 }</style>
</head>
<body>
<redoc spec-url="/api/v1/openapi.json" hide-hostname native-scrollbars theme='${JSON.stringify(theme)}'></redoc>
<noscript>This page needs JavaScript. The document it shows is <a href="/api/v1/openapi.json">openapi.json</a>.</noscript>
<script src="/${viewer}"></script>
</body>
</html>
`;

/** The OpenAPI document, and a page that shows it. Both need no login: they contain nothing about people. */
export function referenceRoutes(app: App, { settings }: ApiDeps): void {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());

  app.get('/docs', { schema: { hide: true } }, async (_request, reply) => {
    if (settings.webRoot === null || !existsSync(join(settings.webRoot, viewer)))
      throw new Problem('unavailable', 'the reference is not built; run: npm run build');
    return reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page);
  });
}
