import type { IncomingMessage } from 'node:http';
import { Counter, Gauge } from 'prom-client';
import { Networks } from '../../runtime/networks.ts';
import { divideDescriptors, openFileLimit } from '../../runtime/open-files.ts';
import type { ApiDeps, App } from '../deps.ts';
import { BodyPace } from './body-pace.ts';
import { ConnectionGuard } from './connection-guard.ts';

/** Limits the connections of the server and the time of request bodies, and registers their metrics. */
export function guardConnections(app: App, deps: ApiDeps): ConnectionGuard {
  const { trustProxy = ['loopback'], maxConnections = divideDescriptors(openFileLimit()).http } = deps.settings;
  const everybody = ['0.0.0.0/0', '::/0'];
  const proxies = typeof trustProxy === 'boolean' ? (trustProxy ? everybody : []) : trustProxy;
  const guard = new ConnectionGuard(app.server, {
    total: maxConnections,
    perAddress: Math.max(16, Math.floor(maxConnections / 2)),
    proxies: new Networks(proxies),
  });
  const pace = new BodyPace((request) => guard.endSlow(request.socket));
  app.server.on('request', (request: IncomingMessage) => pace.watch(request));
  // After the route's guard has authenticated the request, and before the body is read.
  app.addHook('preParsing', async (request) => {
    if (!request.principal) return;
    guard.trust(request.raw.socket);
    pace.trust(request.raw);
  });
  app.addHook('onClose', async () => pace.stop());
  register(deps, guard);
  return guard;
}

function register({ metrics }: ApiDeps, guard: ConnectionGuard): void {
  const registers = [metrics];
  new Gauge({
    name: 'patchbay_http_connections',
    help: 'Open HTTP connections, including desks.',
    registers,
    collect() {
      this.set(guard.counts.open);
    },
  });
  new Counter({
    name: 'patchbay_http_connections_ended_total',
    help: 'Connections ended by us: refused at the limit, evicted while idle, or too slow in sending a body.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      const { refused, evicted, slow } = guard.counts;
      for (const [reason, count] of Object.entries({ refused, evicted, slow })) this.inc({ reason }, count);
    },
  });
}
