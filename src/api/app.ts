import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifySwagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import { isCleanDeep } from '../domain/base/clean-text.ts';
import { formRoutes } from '../forms/http/routes.ts';
import { attachmentRoutes } from './attachments.ts';
import { recordAudit } from './audit/record.ts';
import { auditRoutes } from './audit/routes.ts';
import { callRoutes } from './calls.ts';
import { clientImportRoute } from './client-import.ts';
import { clientRoutes } from './clients.ts';
import { conversationRoutes } from './conversations.ts';
import type { ApiDeps, App } from './deps.ts';
import { serveDesk } from './desk-upgrade.ts';
import { serveDocs } from './docs.ts';
import { healthRoutes } from './health.ts';
import { hookRoutes } from './hooks.ts';
import { interactionRoutes } from './interactions.ts';
import { leadRoutes } from './leads.ts';
import { letterRoutes } from './letters/routes.ts';
import { lookupRoutes } from './lookup.ts';
import { messageRoutes } from './messages.ts';
import { operationRoutes } from './operations.ts';
import { servePage } from './page.ts';
import { peopleRoutes } from './people/routes.ts';
import { handleError, Problem } from './problem.ts';
import { quarantineRoutes } from './quarantine.ts';
import { recordingRoutes } from './recordings.ts';
import { componentSchemas } from './schemas/components.ts';
import { sessionRoutes } from './session.ts';
import { guardConnections } from './sockets/guard-connections.ts';
import { isOddUrl, originForm } from './sockets/odd-url.ts';
import { taskRoutes } from './tasks.ts';
import { undeliverableRoutes } from './undeliverable.ts';

/** Largest JSON body; imports stream and have no such limit. */
const bodyLimit = 1024 * 1024;
/** Milliseconds that connections have to end by themselves at a stop. */
const stopGrace = 2000;

/** Milliseconds until a request's headers must be there. */
const headersTimeout = 10_000;
const timeouts = {
  // For the longest import; how fast a body must come is BodyPace's affair.
  requestTimeout: 3 * 3600_000,
  // Nothing read and nothing written: somebody who does not take the answer. An import may wait for a store that is away.
  connectionTimeout: 180_000,
  // Longer than a reverse proxy keeps its own end (nginx: 60 s), or requests would meet a socket that is being closed.
  keepAliveTimeout: 75_000,
} as const;

/** Builds the HTTP server: REST, health and metrics, the desk's upgrade, the documentation and the page. Listens to nothing yet. */
export async function buildApi(deps: ApiDeps): Promise<App> {
  const { trustProxy = ['loopback'] } = deps.settings;
  const app: App = fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    // Fastify's own line for a request holds the URL, and with it telephone numbers; ours below does not.
    logController: new LogController({ disableRequestLogging: true }),
    // A child for each request costs more than the request's only line, which needs none.
    childLoggerFactory: (logger) => logger,
    bodyLimit,
    ...timeouts,
    http: { headersTimeout, connectionsCheckingInterval: 1000 },
    // What is being answered at a stop is answered to its end.
    forceCloseConnections: 'idle',
    // Who may tell whom they speak for (X-Forwarded-*): a reverse proxy beside us unless told otherwise.
    trustProxy: typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy],
    rewriteUrl: ({ url = '/' }) => originForm(url),
    frameworkErrors: handleError,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true } },
  }).withTypeProvider<TypeBoxTypeProvider>();

  const guard = guardConnections(app, deps);
  app.setErrorHandler(handleError);
  // The schemas of answers are promises to read by; what is sent is never cut or bent to them.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  for (const schema of componentSchemas) app.addSchema(schema);
  app.addHook('onRequest', async (request) => {
    if (isOddUrl(request.url)) throw new Problem('bad-request', 'the URL is no path of this server');
  });
  app.addHook('onResponse', async (request, reply) => {
    const facts = { method: request.method, route: request.routeOptions.url ?? null, status: reply.statusCode };
    deps.log.debug({ ...facts, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('permissions-policy', permissions);
  });
  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, helmetOptions(deps.settings.publicUrl));
  await app.register(fastifySwagger, {
    refResolver: { buildLocalReference: ({ $id }, _base, _fragment, i) => String($id ?? `schema-${i}`) },
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Patchbay', version: '1' },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'patchbay_session' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
  });
  await app.register(
    async (v1) => {
      v1.addHook('onSend', async (_request, reply) => {
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      });
      v1.addHook('preValidation', async ({ params, query, routeOptions }) => {
        // No form is lost for the sake of a mark in its address: that is cleaned on its way into the store.
        const isForm = routeOptions.url?.startsWith('/api/v1/forms/') === true;
        if (!isForm && !isCleanDeep([params, query]))
          throw new Problem('invalid', 'the path or the query holds NUL or half a character, which nothing here has');
      });
      const reading = recordAudit(v1 as App, deps, '/api/v1');
      const routes = [
        sessionRoutes,
        peopleRoutes,
        auditRoutes,
        clientRoutes,
        clientImportRoute,
        lookupRoutes,
        interactionRoutes,
        recordingRoutes,
        attachmentRoutes,
        letterRoutes,
        messageRoutes,
        callRoutes,
        conversationRoutes,
        hookRoutes,
        formRoutes,
        leadRoutes,
        taskRoutes,
        quarantineRoutes,
        undeliverableRoutes,
      ];
      for (const add of routes) add(v1 as App, deps);
      operationRoutes(v1 as App, deps, reading);
      v1.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
    },
    { prefix: '/api/v1' },
  );
  healthRoutes(app, deps);
  serveDocs(app, deps.settings.docsRoot ?? null);
  servePage(app, deps.settings.webRoot);
  const desks = serveDesk(app.server, deps, guard);
  app.addHook('preClose', async () => {
    desks.stop();
    const { server } = app;
    const cut = () => {
      server.closeAllConnections();
      desks.cutAll();
    };
    // The stop waits for what is being answered, but not for who holds a connection open.
    const timer = setTimeout(cut, stopGrace);
    server.once('close', () => clearTimeout(timer));
  });
  return app;
}

/** What no page of ours asks a browser for. Sound and notifications are not among it. */
const permissions = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/** The page is built by us and loads nothing from elsewhere; its socket goes back to where it came from. */
function helmetOptions(publicUrl: string) {
  const secure = publicUrl.startsWith('https:');
  return {
    hsts: secure,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        mediaSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
    },
  };
}
