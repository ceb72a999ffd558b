import { Gauge } from 'prom-client';
import { isWell } from '../domain/ports/connection-state.ts';
import type { ApiDeps, App } from './deps.ts';

/** Health and metrics, at the root and without a login: they contain nothing about people. */
export function healthRoutes(app: App, deps: ApiDeps): void {
  registerGauges(deps);

  app.get('/health/live', { schema: { hide: true } }, async () => ({ status: 'ok' }));

  app.get('/health/ready', { schema: { hide: true } }, async (_request, reply) => {
    const checks = await deps.checks().catch(() => [{ name: 'checks', ok: false, reason: 'the checks failed' }]);
    const ok = checks.every((check) => check.ok);
    const connections = deps.connections().map(({ connection, health }) => ({ connection, health }));
    return reply.code(ok ? 200 : 503).send({ status: ok ? 'ok' : 'failed', checks, connections });
  });

  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(deps.metrics.contentType).send(await deps.metrics.metrics()),
  );
}

/** Metrics of what the API itself can see. Other parts register their own. */
function registerGauges({ metrics, store, desk, connections, alarms, clock, log }: ApiDeps): void {
  const registers = [metrics];
  new Gauge({
    name: 'patchbay_owed_deliveries',
    help: 'Subjects owed to destinations: due, or parked until a human looks.',
    labelNames: ['destination', 'state'],
    registers,
    async collect() {
      try {
        const counts = await store.read.owedCounts();
        this.reset();
        for (const { destination, state, count } of counts) this.set({ destination, state }, count);
      } catch (error) {
        log.error({ err: error }, 'counting owed deliveries failed');
      }
    },
  });
  new Gauge({
    name: 'patchbay_quarantine',
    help: 'Entries in quarantine, by connection.',
    labelNames: ['connection'],
    registers,
    async collect() {
      try {
        const counts = await store.read.quarantineCounts();
        this.reset();
        for (const { connection, count } of counts) this.set({ connection }, count);
      } catch (error) {
        log.error({ err: error }, 'counting the quarantine failed');
      }
    },
  });
  new Gauge({
    name: 'patchbay_outbound_waiting',
    help: 'Letters and messages waiting to be sent, by connection.',
    labelNames: ['connection'],
    registers,
    async collect() {
      try {
        const counts = await store.read.outboundWaiting();
        this.reset();
        for (const { connection, count } of counts) this.set({ connection }, count);
      } catch (error) {
        log.error({ err: error }, 'counting outgoing messages failed');
      }
    },
  });
  new Gauge({
    name: 'patchbay_connection_trouble_seconds',
    help: 'How long a connection has been in trouble; 0 while it is well.',
    labelNames: ['connection', 'kind'],
    registers,
    collect() {
      this.reset();
      for (const { connection, kind, health, since } of connections())
        this.set({ connection, kind }, isWell(health) ? 0 : Math.max(0, (clock.now() - since) / 1000));
    },
  });
  new Gauge({
    name: 'patchbay_desk_sockets',
    help: 'Open desk pages.',
    registers,
    collect() {
      this.set(desk.counts.sockets);
    },
  });
  new Gauge({
    name: 'patchbay_desk_slow_readers',
    help: 'Desk pages disconnected because they read too slowly, since the start.',
    registers,
    collect() {
      this.set(desk.counts.slow);
    },
  });
  new Gauge({
    name: 'patchbay_connection_ready',
    help: '1 while the connection is ready.',
    labelNames: ['connection', 'kind'],
    registers,
    collect() {
      this.reset();
      for (const { connection, kind, health } of connections())
        this.set({ connection, kind }, health === 'ready' ? 1 : 0);
    },
  });
  new Gauge({
    name: 'patchbay_quiet_alarms',
    help: 'Lines and connections that are quieter than they should be.',
    registers,
    collect() {
      this.set(alarms().length);
    },
  });
}
