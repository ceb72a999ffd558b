import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Headers that only concern the upgrade. */
const aboutUpgrades = new Set(['upgrade', 'http2-settings']);

/**
 * Answers requests with an unsupported upgrade as if the upgrade had not been requested (RFC 9110 §7.8). Once there is an
 * `upgrade` listener, Node hands it every upgrade, and its HTTP parser has already detached from the connection. So the
 * request is serialised again without the upgrade, put back in front of the bytes that followed it, and the connection
 * starts over. `shouldUpgradeCallback` would do the same, but Node 20 does not have it, and it loses a request that arrives
 * in the same packet as the ignored upgrade.
 */
export class IgnoredUpgrades {
  readonly #server: Server;
  /** Responses in progress by connection, in the order of the requests. */
  readonly #unanswered = new WeakMap<Duplex, Set<ServerResponse>>();

  constructor(server: Server) {
    this.#server = server;
    server.prependListener('request', (request, response) => this.#note(request.socket, response));
  }

  /** Serves the request of an `upgrade` event as an ordinary one, after the earlier requests of the connection. */
  async serve(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const whole = Buffer.concat([Buffer.from(headOf(request), 'latin1'), head]);
    await this.#answered(socket);
    if (socket.destroyed) return;
    // Listeners of the first run. The connection gets them again.
    for (const event of ['timeout', 'resume', 'pause', 'error']) socket.removeAllListeners(event);
    socket.unshift(whole);
    this.#server.emit('connection', socket);
  }

  #note(socket: Duplex, response: ServerResponse): void {
    const responses = this.#unanswered.get(socket) ?? new Set();
    if (responses.size === 0) this.#unanswered.set(socket, responses);
    responses.add(response);
    response.once('close', () => responses.delete(response));
  }

  /** Resolves when all earlier requests of the connection are answered, or the connection is closed. */
  async #answered(socket: Duplex): Promise<void> {
    const responses = this.#unanswered.get(socket);
    if (responses === undefined || responses.size === 0) return;
    // Since the upgrade, Node no longer passes these events on.
    const drained = () => [...responses][0]?.emit('drain');
    socket.on('drain', drained);
    while (responses.size > 0 && !socket.destroyed) await closed([...responses][0], socket);
    socket.off('drain', drained);
  }
}

function closed(response: ServerResponse | undefined, socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response?.off('close', done);
      socket.off('close', done);
      resolve();
    };
    response?.once('close', done);
    socket.once('close', done);
  });
}

function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    const lower = name.toLowerCase();
    if (aboutUpgrades.has(lower)) continue;
    text += `${name}: ${lower === 'connection' ? withoutUpgrade(value) : value}\r\n`;
  }
  return `${text}\r\n`;
}

function withoutUpgrade(connection: string): string {
  const options = connection.split(',').map((option) => option.trim());
  return options.filter((option) => !aboutUpgrades.has(option.toLowerCase())).join(', ');
}
