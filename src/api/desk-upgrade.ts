import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Viewer } from '../desk/viewer.ts';
import type { ApiDeps } from './deps.ts';
import { identify, type Principal, sameOrigin } from './principal.ts';
import { closeWith } from './sockets/close-with.ts';
import type { ConnectionGuard } from './sockets/connection-guard.ts';
import { IgnoredUpgrades } from './sockets/ignored-upgrades.ts';

/** Bytes of a message from a desk. Notes are the longest. */
const maxPayload = 64 * 1024;
/** Milliseconds that authentication may take. */
const admissionDeadline = 10_000;

/**
 * Handles WebSocket upgrades at `/desk`. Browsers authenticate with their session cookie and must come from our own page.
 * Programs use a token and `?manager=ID`. Other upgrades (`h2c` of curl and Java) are ignored, and their requests answered as
 * ordinary ones.
 */
export function serveDesk(server: Server, deps: ApiDeps, guard: ConnectionGuard): { stop(): void; cutAll(): void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
  const ignored = new IgnoredUpgrades(server);
  // The server waits for upgraded sockets, but does not close them: they are not HTTP connections any more.
  const upgraded = new Set<Duplex>();
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (!isDesk(request)) return void ignored.serve(request, socket, head);
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
    const late = setTimeout(() => closeWith(socket, 503), admissionDeadline);
    admit(deps, request)
      .then((viewer) => {
        if (typeof viewer === 'number') return closeWith(socket, viewer);
        if (!socket.writable) return;
        guard.trust(socket);
        sockets.handleUpgrade(request, socket, head, (webSocket) => deps.desk.attach(webSocket, viewer));
      })
      .catch((error: unknown) => {
        deps.log.error({ err: error }, 'opening a desk failed');
        closeWith(socket, 500);
      })
      .finally(() => clearTimeout(late));
  };
  server.on('upgrade', onUpgrade);
  return {
    stop() {
      server.off('upgrade', onUpgrade);
      sockets.close();
    },
    cutAll() {
      for (const socket of upgraded) socket.destroy();
    },
  };
}

function isDesk({ method, url = '', headers }: IncomingMessage): boolean {
  return method === 'GET' && /^\/desk(\?|$)/.test(url) && headers.upgrade?.toLowerCase() === 'websocket';
}

/** The viewer of an admitted desk, or the HTTP status of the refusal. */
async function admit(deps: ApiDeps, request: IncomingMessage): Promise<Viewer | number> {
  const { origin, host } = request.headers;
  if (origin !== undefined && !sameOrigin(deps, origin, host)) return 403;
  const principal = await identify(deps, request.headers);
  if (principal === null) return 401;
  // Browsers always send `Origin` with an upgrade. A cookie without it does not come from our page.
  if (principal.kind === 'user' && origin === undefined) return 403;
  const asked = new URLSearchParams(request.url?.slice('/desk'.length)).get('manager');
  return viewerOf(deps, request, principal, asked);
}

/** The viewer for a user, or for the manager that a program asks for, or the HTTP status of the refusal. */
function viewerOf(
  deps: ApiDeps,
  { headers }: Pick<IncomingMessage, 'headers'>,
  { kind, by, view, role, login, tokenHash, manager }: Principal,
  asked: string | null,
): Viewer | number {
  const isUser = kind === 'user';
  if (!isUser && role !== 'integration' && role !== 'admin') return 403;
  const found = deps.staff().managers.find((one) => one.id === asked);
  if (!isUser && asked !== null && found === undefined) return 404;
  const ofProgram = found === undefined ? null : { id: found.id, name: found.name };
  return {
    by,
    manager: isUser ? manager : ofProgram,
    view,
    supervises: role === 'supervisor' || role === 'admin',
    whose: [isUser ? login : `token:${login}`, tokenHash],
    async current() {
      const principal = await identify(deps, headers);
      const now = principal === null ? 401 : viewerOf(deps, { headers }, principal, asked);
      return typeof now === 'number' ? null : now;
    },
  };
}
