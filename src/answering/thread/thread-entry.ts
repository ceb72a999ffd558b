import { parentPort, workerData } from 'node:worker_threads';
import type { AgiServer } from '../../connectors/asterisk/agi/server.ts';
import type { RoutingReader } from '../../domain/directory/client.ts';
import { createLogger } from '../../runtime/log.ts';
import { openDirectory } from '../../store/sqlite/directory.ts';
import { errorText } from '../../store/sqlite/trouble.ts';
import { agiServerFor } from '../agi/agi-adapter.ts';
import { Answerer } from './answerer.ts';
import type { AnsweringMetrics, FromThread, ThreadStart, ToThread } from './messages.ts';

// The answering thread owns the FastAGI sockets and a read-only connection to the client directory, so that a busy main thread
// never keeps a caller waiting. AnsweringThread starts it.

if (parentPort === null) throw new Error('this module must be started as a thread by AnsweringThread');
const port = parentPort;
const start = workerData as ThreadStart;
const post = (message: FromThread) => port.postMessage(message);

let opened: { directory: RoutingReader; close: () => void } | null = null;
const answerer = new Answerer({
  start,
  post,
  errorText,
  directory: () => {
    opened ??= openDirectory(start.database, start.sources);
    return opened.directory;
  },
});
const log = createLogger({ level: start.logLevel });
const servers: AgiServer[] = [];
const metrics = setInterval(() => {
  post({ type: 'metrics', metrics: numbers() });
}, 1000);

port.on('message', (message: ToThread) => {
  if (message.type === 'stop') void stop();
  else answerer.handle(message);
});

const ports: Record<string, number> = {};
for (const listener of start.listeners) {
  const server = agiServerFor(listener, start.country, answerer, log);
  servers.push(server);
  ports[listener.connection] = await server.start();
}
post({ type: 'listening', ports });

async function stop(): Promise<void> {
  clearInterval(metrics);
  await Promise.all(servers.map((server) => server.stop()));
  answerer.flush();
  post({ type: 'metrics', metrics: numbers() });
  opened?.close();
  port.close();
}

function numbers(): AnsweringMetrics {
  const agi = { connections: 0, sessions: 0, refused: 0, evicted: 0, denied: 0 };
  for (const { stats } of servers) {
    agi.connections += stats.connections;
    agi.sessions += stats.sessions;
    agi.refused += stats.refused;
    agi.evicted += stats.evicted;
    agi.denied += stats.denied;
  }
  return { ...answerer.meter.read(), agi };
}
