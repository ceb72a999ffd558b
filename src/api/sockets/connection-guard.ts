import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { clientKey, type Networks } from '../../runtime/networks.ts';
import { closeWith } from './close-with.ts';

/** Limits of the number of connections. */
export interface ConnectionLimits {
  readonly total: number;
  /** Unauthenticated connections of one IPv4 address or IPv6 /64. */
  readonly perAddress: number;
  /** Reverse proxies, which have no limit of their own: everybody comes from them. */
  readonly proxies: Networks;
}

/** Counts since the start, and open connections. */
export interface GuardCounts {
  readonly open: number;
  /** New connections that were refused. */
  readonly refused: number;
  /** Idle connections closed in favour of new ones. */
  readonly evicted: number;
  /** Requests whose body arrived too slowly. */
  readonly slow: number;
}

/** All connections of one address. */
interface Origin {
  readonly limit: number;
  readonly waiting: Set<Duplex>;
  all: number;
  /** Unauthenticated connections, which count against the limit. */
  unknown: number;
}

/** One connection. */
interface Held {
  readonly key: string;
  readonly origin: Origin;
  /** Requests in progress. */
  requests: number;
  /** Whether the peer is authenticated. */
  trusted: boolean;
  /** The last request. */
  request: IncomingMessage | null;
  /** When the last request began. */
  since: number;
}

/** Milliseconds after which an unauthenticated connection may be evicted while its request is being answered. */
const safeFor = 10_000;

/**
 * Limits the connections of an HTTP server, so that a flood of them leaves file descriptors to the rest of the program.
 * A new connection replaces the one that has been idle, or sending its request, for the longest time. When there is none,
 * it gets a 503.
 */
export class ConnectionGuard {
  readonly #limits: ConnectionLimits;
  readonly #held = new Map<Duplex, Held>();
  readonly #origins = new Map<string, Origin>();
  /** Connections without a request in progress, the longest idle first. */
  readonly #waiting = new Set<Duplex>();
  /** Unauthenticated connections with a request in progress. */
  readonly #busy = new Set<Duplex>();
  readonly #counts = { refused: 0, evicted: 0, slow: 0 };

  constructor(server: Server, limits: ConnectionLimits) {
    this.#limits = limits;
    server.on('connection', (socket: Socket) => this.#take(socket));
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#begin(request, response));
    // A hard limit, for connections that come faster than refused sockets close.
    server.maxConnections = limits.total + 32;
    server.on('drop', () => {
      this.#counts.refused += 1;
    });
  }

  get counts(): GuardCounts {
    return { open: this.#held.size, ...this.#counts };
  }

  /** Marks the peer as authenticated: for the current request, or for good when the socket is now a desk's. */
  trust(socket: Duplex): void {
    const held = this.#held.get(socket);
    if (held === undefined || held.trusted) return;
    held.trusted = true;
    held.origin.unknown -= 1;
    this.#busy.delete(socket);
    this.#rest(socket, held, false);
  }

  /** Ends a request whose body arrives too slowly. */
  endSlow(socket: Duplex): void {
    this.#counts.slow += 1;
    closeWith(socket, 408);
  }

  #take(socket: Socket): void {
    // The connection starts again after an ignored upgrade.
    if (this.#held.has(socket)) return;
    const address = socket.remoteAddress ?? '';
    const key = clientKey(address);
    const origin = this.#origins.get(key) ?? this.#newOrigin(address);
    if (!this.#hasRoom(origin)) {
      this.#counts.refused += 1;
      closeWith(socket, 503);
      return;
    }
    this.#origins.set(key, origin);
    origin.all += 1;
    origin.unknown += 1;
    const held: Held = { key, origin, requests: 0, trusted: false, request: null, since: performance.now() };
    this.#held.set(socket, held);
    this.#rest(socket, held, true);
    socket.once('close', () => this.#forget(socket));
  }

  #newOrigin(address: string): Origin {
    const limit = this.#limits.proxies.has(address) ? Number.POSITIVE_INFINITY : this.#limits.perAddress;
    return { limit, waiting: new Set(), all: 0, unknown: 0 };
  }

  #hasRoom(origin: Origin): boolean {
    if (origin.unknown >= origin.limit && !this.#evict(first(origin.waiting))) return false;
    return this.#held.size < this.#limits.total || this.#evict(first(this.#waiting) ?? this.#slowest());
  }

  #begin(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const held = this.#held.get(socket);
    if (held === undefined) return;
    held.requests += 1;
    held.request = request;
    held.since = performance.now();
    this.#rest(socket, held, false);
    if (!held.trusted) this.#busy.add(socket);
    response.once('close', () => this.#answered(socket, held));
  }

  #answered(socket: Duplex, held: Held): void {
    held.requests -= 1;
    if (held.requests > 0 || !this.#held.has(socket)) return;
    if (held.trusted) held.origin.unknown += 1;
    held.trusted = false;
    held.since = performance.now();
    this.#busy.delete(socket);
    this.#rest(socket, held, true);
  }

  #rest(socket: Duplex, { origin }: Held, waits: boolean): void {
    for (const set of [this.#waiting, origin.waiting]) {
      set.delete(socket);
      if (waits) set.add(socket);
    }
  }

  #evict(socket: Duplex | undefined): boolean {
    if (socket === undefined) return false;
    this.#counts.evicted += 1;
    this.#forget(socket);
    socket.destroy();
    return true;
  }

  /** The first unauthenticated connection whose body has not arrived yet, or whose request takes long. */
  #slowest(): Duplex | undefined {
    const now = performance.now();
    for (const socket of this.#busy) {
      const held = this.#held.get(socket);
      if (held?.request?.complete === false || now - (held?.since ?? now) > safeFor) return socket;
    }
    return undefined;
  }

  #forget(socket: Duplex): void {
    const held = this.#held.get(socket);
    if (held === undefined) return;
    const { origin, key } = held;
    this.#held.delete(socket);
    this.#busy.delete(socket);
    this.#rest(socket, held, false);
    origin.all -= 1;
    if (!held.trusted) origin.unknown -= 1;
    if (origin.all === 0) this.#origins.delete(key);
  }
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  const [one] = set;
  return one;
}
