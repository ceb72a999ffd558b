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
import { callCommandRoutes } from './call-commands.ts';
import { callRoutes } from './calls.ts';
import { clientImportRoute } from './client-import.ts';
import { clientRoutes } from './clients.ts';
import { conversationRoutes } from './conversations.ts';
import type { ApiDeps, App } from './deps.ts';
import { serveDesk } from './desk-upgrade.ts';
import { serveDocs } from './docs.ts';
import { healthRoutes } from './health.ts';
import { hookRoutes } from './hooks.ts';
import { conversationBulkRoutes } from './inbox/bulk.ts';
import { choiceRoutes } from './inbox/choices.ts';
import { conversationListRoutes } from './inbox/list.ts';
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
import { openApiOptions } from './reference/document.ts';
import { referenceRoutes } from './reference/routes.ts';
import { componentSchemas } from './schemas/components.ts';
import { sessionRoutes } from './session.ts';
import { guardConnections } from './sockets/guard-connections.ts';
import { isOddUrl, originForm } from './sockets/odd-url.ts';
import { taskRoutes } from './tasks.ts';
import { transcriptRoutes } from './transcripts.ts';
import { undeliverableRoutes } from './undeliverable.ts';
import { templateRoutes } from './writing/templates.ts';
import { wayRoutes } from './writing/ways.ts';

/** Largest JSON body. Imports are streamed and have no such limit. */
const bodyLimit = 1024 * 1024;
/** Milliseconds that connections get to finish at a stop. */
const stopGrace = 2000;

/** Milliseconds within which the headers of a request must arrive. */
const headersTimeout = 10_000;
const timeouts = {
  // Long enough for the longest import. BodyPace ends slow bodies earlier.
  requestTimeout: 3 * 3600_000,
  // Idle sockets: clients that do not read their answer. An import may wait this long for a store that is away.
  connectionTimeout: 180_000,
  // Longer than a reverse proxy keeps its end open (nginx: 60 s). Otherwise it would reuse sockets that are being closed.
  keepAliveTimeout: 75_000,
} as const;

/** Builds the HTTP server: REST, health and metrics, the desk's WebSocket, the documentation and the page. It does not listen yet. */
export async function buildApi(deps: ApiDeps): Promise<App> {
  const { trustProxy = ['loopback'] } = deps.settings;
  const app: App = fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    // Fastify's request log contains the URL, and URLs contain phone numbers. The hook below logs the route instead.
    logController: new LogController({ disableRequestLogging: true }),
    // A child logger per request costs more than the single line it would write.
    childLoggerFactory: (logger) => logger,
    bodyLimit,
    ...timeouts,
    http: { headersTimeout, connectionsCheckingInterval: 1000 },
    // At a stop, requests in progress are answered.
    forceCloseConnections: 'idle',
    // Whose X-Forwarded-* headers are trusted.
    trustProxy: typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy],
    rewriteUrl: ({ url = '/' }) => originForm(url),
    frameworkErrors: handleError,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true } },
  }).withTypeProvider<TypeBoxTypeProvider>();

  const guard = guardConnections(app, deps);
  app.setErrorHandler(handleError);
  // Response schemas are documentation. They never filter or convert what is sent.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  for (const schema of componentSchemas) app.addSchema(schema);
  app.addHook('onRequest', async (request) => {
    if (isOddUrl(request.url)) throw new Problem('bad-request', 'the URL is not a path of this server');
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
  await app.register(fastifySwagger, openApiOptions(deps.settings.publicUrl));
  await app.register(
    async (v1) => {
      v1.addHook('onSend', async (_request, reply) => {
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      });
      v1.addHook('preValidation', async ({ params, query, routeOptions }) => {
        // A form is never refused for its URL. Its marks are cleaned on the way into the store.
        const isForm = routeOptions.url?.startsWith('/api/v1/forms/') === true;
        if (!isForm && !isCleanDeep([params, query]))
          throw new Problem('invalid', 'the path or the query contains a NUL character or a lone surrogate');
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
        transcriptRoutes,
        attachmentRoutes,
        letterRoutes,
        messageRoutes,
        templateRoutes,
        wayRoutes,
        callRoutes,
        callCommandRoutes,
        conversationRoutes,
        conversationListRoutes,
        conversationBulkRoutes,
        choiceRoutes,
        hookRoutes,
        formRoutes,
        leadRoutes,
        taskRoutes,
        quarantineRoutes,
        undeliverableRoutes,
        referenceRoutes,
      ];
      for (const add of routes) add(v1 as App, deps);
      operationRoutes(v1 as App, deps, reading);
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
    // The stop waits for requests in progress, but not for clients that hold a connection open.
    const timer = setTimeout(cut, stopGrace);
    server.once('close', () => clearTimeout(timer));
  });
  return app;
}

/** Browser features that our pages never use. */
const permissions = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'midi',
  'payment',
  'serial',
  'usb',
]
  .map((feature) => `${feature}=()`)
  // Operators record voice notes.
  .concat('microphone=(self)')
  .join(', ');

/** Our pages load nothing from other origins and connect only to their own. */
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
        // What one has recorded is heard before it is sent.
        mediaSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
    },
  };
}
