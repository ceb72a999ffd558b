import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Viewer } from '../desk/viewer.ts';
import type { ApiDeps } from './deps.ts';
import { identify, type Principal, sameOrigin } from './principal.ts';
import { closeWith } from './sockets/close-with.ts';
import type { ConnectionGuard } from './sockets/connection-guard.ts';
import { IgnoredUpgrades } from './sockets/ignored-upgrades.ts';

/** A desk's messages are small; a note is the longest. */
const maxPayload = 64 * 1024;
/** Milliseconds that finding out who asks may take. */
const admissionDeadline = 10_000;

/**
 * Takes `/desk` WebSocket upgrades over: a browser by its session cookie and from our own page only, a program by its token and `?manager=ID`.
 * Other upgrades (`h2c` of curl and Java) are ignored, and their requests answered as ordinary ones.
 */
export function serveDesk(server: Server, deps: ApiDeps, guard: ConnectionGuard): { stop(): void; cutAll(): void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
  const ignored = new IgnoredUpgrades(server);
  // An upgraded socket is no HTTP connection any more: the server does not close it, but waits for it.
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
        deps.log.error({ err: error }, 'a desk could not be let in');
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

/** Who comes in, or the HTTP status of the refusal. */
async function admit(deps: ApiDeps, request: IncomingMessage): Promise<Viewer | number> {
  const { origin, host } = request.headers;
  if (origin !== undefined && !sameOrigin(deps, origin, host)) return 403;
  const principal = await identify(deps, request.headers);
  if (principal === null) return 401;
  // A cookie without Origin is no browser of ours: browsers always send it with an upgrade.
  if (principal.kind === 'user' && origin === undefined) return 403;
  const asked = new URLSearchParams(request.url?.slice('/desk'.length)).get('manager');
  return viewerOf(deps, request, principal, asked);
}

/** Who sits before the desk of a user, or of the manager that a program asks for; else the HTTP status of the refusal. */
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
