import { connect, type Socket } from 'node:net';

/** One AMI event or response as received. Of a repeated header the last value is kept; `ChanVariable(x)` headers stay as they are. */
export type AmiPacket = Readonly<Record<string, string>>;

interface Waiter {
  readonly matches: (event: AmiPacket) => boolean;
  readonly resolve: (event: AmiPacket) => void;
}

interface Action {
  readonly list: AmiPacket[];
  readonly resolve: (answer: AmiAnswer) => void;
  readonly reject: (error: Error) => void;
  response: AmiPacket | undefined;
}

/** The answer to an action: the response, and the events of the list that it announced. */
export interface AmiAnswer {
  readonly response: AmiPacket;
  readonly events: readonly AmiPacket[];
}

function parse(text: string): AmiPacket {
  const packet: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const key = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, '');
    packet[key] = packet[key] !== undefined && key === 'Output' ? `${packet[key]}\n${value}` : value;
  }
  return packet;
}

/**
 * The laboratory's own AMI connection. It is deliberately not the product's client: the product is judged by it,
 * so it must not share the product's mistakes. It trusts Asterisk and keeps every event.
 */
export class LabAmi {
  /** Every event since the connection, with its arrival time (milliseconds since the epoch). */
  readonly events: { readonly at: number; readonly event: AmiPacket }[] = [];
  /** Called with each event as it arrives. */
  onEvent: (event: AmiPacket, at: number) => void = () => {};
  readonly #socket: Socket;
  readonly #waiters = new Set<Waiter>();
  readonly #actions = new Map<string, Action>();
  #buffer = '';
  #nextId = 1;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects and logs in. Rejects if the connection is refused or the password is wrong. */
  static async login(port: number, username: string, secret: string): Promise<LabAmi> {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setEncoding('utf8');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('data', (greeting: string) =>
        greeting.startsWith('Asterisk Call Manager/')
          ? resolve()
          : reject(new Error(`not an AMI greeting: ${greeting}`)),
      );
    });
    const ami = new LabAmi(socket);
    socket.removeAllListeners('error');
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => ami.#take(chunk));
    socket.on('close', () => ami.#fail());
    const { response } = await ami.action({ Action: 'Login', Username: username, Secret: secret });
    if (response.Response !== 'Success') throw new Error(`AMI login refused: ${response.Message}`);
    return ami;
  }

  /** Sends one action and waits for its complete answer, including a list. */
  action(fields: Readonly<Record<string, string | readonly string[]>>): Promise<AmiAnswer> {
    const id = `lab-${this.#nextId++}`;
    const lines = Object.entries(fields).flatMap(([key, value]) =>
      (typeof value === 'string' ? [value] : value).map((one) => `${key}: ${one}\r\n`),
    );
    return new Promise((resolve, reject) => {
      this.#actions.set(id, { list: [], resolve, reject, response: undefined });
      this.#socket.write(`${lines.join('')}ActionID: ${id}\r\n\r\n`);
    });
  }

  /** Runs a CLI command through AMI; returns its output. */
  async command(command: string): Promise<string> {
    const { response } = await this.action({ Action: 'Command', Command: command });
    return response.Output ?? response.Message ?? '';
  }

  /**
   * Resolves with the first matching event: one that has already arrived (after `since`, an index into `events`), or the next.
   * Rejects after `timeoutMs` with the events that arrived instead.
   */
  waitFor(what: string, matches: (event: AmiPacket) => boolean, timeoutMs = 15_000, since = 0): Promise<AmiPacket> {
    const found = this.events.slice(since).find(({ event }) => matches(event));
    if (found !== undefined) return Promise.resolve(found.event);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        const seen = this.events.slice(since).map(({ event }) => event.Event);
        reject(
          new Error(`${what} did not happen within ${timeoutMs} ms; events seen: ${[...new Set(seen)].join(', ')}`),
        );
      }, timeoutMs);
      const waiter: Waiter = {
        matches,
        resolve: (event) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(event);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** Closes the connection. */
  close(): void {
    this.#socket.destroy();
  }

  #fail(): void {
    for (const action of this.#actions.values()) action.reject(new Error('the AMI connection closed'));
    this.#actions.clear();
  }

  #take(chunk: string): void {
    this.#buffer += chunk;
    for (let end = this.#buffer.indexOf('\r\n\r\n'); end >= 0; end = this.#buffer.indexOf('\r\n\r\n')) {
      const packet = parse(this.#buffer.slice(0, end));
      this.#buffer = this.#buffer.slice(end + 4);
      this.#dispatch(packet);
    }
  }

  #dispatch(packet: AmiPacket): void {
    const action = this.#actions.get(packet.ActionID ?? '');
    // OriginateResponse is an event, though it has a Response header.
    if (packet.Event === undefined) {
      if (action === undefined) return;
      action.response = packet;
      if (packet.EventList !== 'start') this.#settle(packet.ActionID ?? '', action);
      return;
    }
    const at = Date.now();
    if (action !== undefined && action.response?.EventList === 'start') {
      if (packet.EventList === 'Complete') this.#settle(packet.ActionID ?? '', action);
      else action.list.push(packet);
      return;
    }
    this.events.push({ at, event: packet });
    this.onEvent(packet, at);
    for (const waiter of [...this.#waiters]) if (waiter.matches(packet)) waiter.resolve(packet);
  }

  #settle(id: string, action: Action): void {
    this.#actions.delete(id);
    action.resolve({ response: action.response ?? {}, events: action.list });
  }
}
