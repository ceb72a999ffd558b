import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Headers that speak only of the upgrade. */
const aboutUpgrades = new Set(['upgrade', 'http2-settings']);

/**
 * Answers requests whose upgrade is not wanted as if it had not been asked for (RFC 9110 §7.8). Node hands every upgrade to the
 * listener once there is one, and its parser has let go of the connection by then: the request is written down again without the upgrade,
 * put back before the bytes that followed it, and the connection begins anew. `shouldUpgradeCallback` would do the same, but Node 20
 * lacks it, and it loses a request that came in one packet with the ignored upgrade.
 */
export class IgnoredUpgrades {
  readonly #server: Server;
  /** Answers under way by their connection, in the order of the requests. */
  readonly #unanswered = new WeakMap<Duplex, Set<ServerResponse>>();

  constructor(server: Server) {
    this.#server = server;
    server.prependListener('request', (request, response) => this.#note(request.socket, response));
  }

  /** Serves the request of an `upgrade` event as an ordinary one, after those that came before it on the same connection. */
  async serve(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const whole = Buffer.concat([Buffer.from(headOf(request), 'latin1'), head]);
    await this.#answered(socket);
    if (socket.destroyed) return;
    // The first time's; the connection gets them again.
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

  /** Resolves once every earlier request of the connection is answered, or the connection is closed. */
  async #answered(socket: Duplex): Promise<void> {
    const responses = this.#unanswered.get(socket);
    if (responses === undefined || responses.size === 0) return;
    // Node has stopped passing these on with the upgrade.
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
