import { randomBytes } from 'node:crypto';
import { Registry } from 'prom-client';
import type { QuietMonitor } from '../alarms/quiet-monitor.ts';
import type { Answering } from '../answering/answering.ts';
import { buildApi } from '../api/app.ts';
import type { ApiDeps } from '../api/deps.ts';
import type { Cores } from '../crm/cores.ts';
import type { RedisQueues } from '../delivery/redis/queues.ts';
import type { DeliveryScheduler } from '../delivery/scheduler.ts';
import type { Quarantine } from '../intake/quarantine.ts';
import type { QuarantineKeeper } from '../intake/quarantine-keeper.ts';
import { storeCheck } from '../intake/store-check.ts';
import { monotonicClock } from '../runtime/clock.ts';
import type { Descriptors } from '../runtime/open-files.ts';
import { builtFile, docsRoot, webRoot } from './built-files.ts';
import type { Connections } from './connections.ts';
import type { Foundation } from './core.ts';
import { registerMetrics } from './metrics.ts';
import type { QueueBoard } from './queue-board.ts';
import type { UnreadMessages } from './unread-messages.ts';

/** The parts that the API serves. */
export interface HttpParts extends Pick<ApiDeps, 'blobs' | 'callBacks' | 'commands' | 'desk'> {
  readonly answering: Answering;
  readonly connections: Connections;
  readonly cores: Cores;
  readonly delivery: DeliveryScheduler;
  /** Null without Redis. */
  readonly queues: RedisQueues | null;
  readonly quarantine: Quarantine;
  readonly keeper: QuarantineKeeper;
  readonly quiet: QuietMonitor;
  readonly pbxQueues: QueueBoard;
  readonly unread: UnreadMessages;
  readonly limits: Descriptors;
}

/** The HTTP server with the page and the API. */
export interface Http {
  /** Starts listening and resolves with the address on this machine. */
  listen(): Promise<string>;
  close(): Promise<void>;
  /** The one-time code of the first set-up; null once there are users. */
  readonly setupCode: string | null;
}

/** Builds the HTTP server without listening yet. */
export async function openHttp(foundation: Foundation, parts: HttpParts): Promise<Http> {
  const { store, intake, reading, config: current } = foundation;
  const { answering, connections, cores, queues, quarantine, keeper, quiet } = parts;
  const config = current.now;
  const core = foundation.core('api');
  const metrics = new Registry();
  registerMetrics(metrics, { ...foundation, ...parts });
  const writable = storeCheck(
    { apply: core.apply, rejected: () => intake.counts.failed, health: () => store.health() },
    monotonicClock,
  );
  // If the store is unavailable, assume an existing installation, which has users already.
  const isNew = store.awaited === null && (await store.read.userCount()) === 0;
  const setupCode = isNew ? randomBytes(12).toString('base64url') : null;
  const api = await buildApi({
    store,
    intake,
    answer: async (question) => answering.answer(question),
    dial: (connection, answer) => answering.dial(connection, answer),
    connections: () => [...connections.states, ...cores.states],
    hookReceiver: (name) => connections.hookReceiver(name) ?? cores.hookReceiver(name),
    sending: () => connections.sending(),
    templates: (connection, isFresh) => connections.templates(connection, isFresh),
    callBacks: parts.callBacks,
    commands: parts.commands,
    controls: () => connections.controls(),
    blobs: parts.blobs,
    jobs: reading.letters,
    quarantine: { keepEvent: (event, reason) => quarantine.keepEvent(event, reason), retry: () => keeper.nudge() },
    alarms: () => quiet.alarms,
    quietLines: () => quiet.report(),
    checks: async () => [await writable(), answering.check(), ...(queues === null ? [] : [queues.check()])],
    staff: () => current.staff,
    forms: () => current.now.forms,
    cannedAnswers: () => current.now.answers,
    plan: () => current.now.routing,
    access: () => current.now.access,
    desk: parts.desk,
    metrics,
    clock: core.clock,
    log: core.log,
    settings: {
      company: config.company.name,
      country: config.company.region,
      publicMail: config.company.publicMail,
      language: config.company.language,
      timezone: config.company.timezone,
      publicUrl: config.http.publicUrl,
      trustProxy: config.http.trustProxy,
      maxConnections: parts.limits.http,
      webRoot: webRoot(),
      docsRoot: docsRoot(),
      widgetFile: builtFile('widget/widget.js'),
      setupCode,
      routeDeadline: config.routing.deadline,
      undo: config.messages.undo,
    },
  });
  return {
    setupCode,
    async listen() {
      const { host, port } = config.http;
      await api.listen({ host, port });
      const address = api.server.address();
      const listening = typeof address === 'object' && address !== null ? address.port : port;
      return `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${listening}`;
    },
    close: () => api.close(),
  };
}
