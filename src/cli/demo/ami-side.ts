import { createServer, type Server, type Socket } from 'node:net';

/** Headers of an AMI packet in the order they are sent. */
export type AmiFields = Readonly<Record<string, string | number>>;

/** Source of the current channels and devices of the scripted PBX. */
export interface LiveChannels {
  readonly list: () => readonly AmiFields[];
  readonly devices: () => readonly AmiFields[];
  /** Starts a call for an Originate action. Returns null, or the message of a refusal. If absent, the PBX does not know Originate. */
  readonly originate?: (action: ReadonlyMap<string, string>) => string | null;
}

const maxActionLength = 64 * 1024;

/**
 * The manager interface (AMI) of the simulated PBX, with one user and real sockets. It supports the few actions that Patchbay
 * needs, and answers all others as Asterisk does, with "Invalid/unknown command".
 */
export class AmiSide {
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #live: LiveChannels;
  readonly #user: { readonly username: string; readonly secret: string };

  constructor(user: { readonly username: string; readonly secret: string }, live: LiveChannels) {
    this.#user = user;
    this.#live = live;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Listens on a loopback port (0 for any free one) and resolves with it. */
  listen(port = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  /** Sends an event to all logged-in clients. */
  event(name: string, fields: AmiFields): void {
    const packet = packetOf({ Event: name, Privilege: 'call,all', ...fields });
    for (const client of this.#clients) client.write(packet);
  }

  /** Drops all connections, as a network failure would. */
  cut(): void {
    for (const client of this.#clients) client.destroy();
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    let buffer = '';
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#clients.delete(socket));
    socket.write('Asterisk Call Manager/9.0.0\r\n');
    socket.on('data', (chunk: string) => {
      buffer += chunk;
      if (buffer.length > maxActionLength) return void socket.destroy();
      for (let end = buffer.indexOf('\r\n\r\n'); end >= 0; end = buffer.indexOf('\r\n\r\n')) {
        this.#answer(socket, actionOf(buffer.slice(0, end)));
        buffer = buffer.slice(end + 4);
      }
    });
  }

  #answer(socket: Socket, action: ReadonlyMap<string, string>): void {
    const id = action.get('actionid') ?? '';
    const reply = (response: string, message: string, more: AmiFields = {}) =>
      socket.write(packetOf({ Response: response, ActionID: id, Message: message, ...more }));
    const name = action.get('action')?.toLowerCase();
    if (name === 'login') {
      const right = action.get('username') === this.#user.username && action.get('secret') === this.#user.secret;
      reply(right ? 'Success' : 'Error', right ? 'Authentication accepted' : 'Authentication failed');
      if (!right) return void socket.end();
      this.#clients.add(socket);
      socket.write(
        packetOf({ Event: 'FullyBooted', Privilege: 'system,all', Status: 'Fully Booted', Uptime: 1, LastReload: 1 }),
      );
      return;
    }
    if (!this.#clients.has(socket)) return void reply('Error', 'Permission denied');
    const list = (items: readonly AmiFields[], item: string, complete: string) => {
      reply('Success', 'List will follow', { EventList: 'start' });
      for (const fields of items) socket.write(packetOf({ Event: item, ActionID: id, ...fields }));
      socket.write(packetOf({ Event: complete, ActionID: id, EventList: 'Complete', ListItems: items.length }));
    };
    switch (name) {
      case 'ping':
        return void reply('Success', 'Pong', { Ping: 'Pong', Timestamp: (Date.now() / 1000).toFixed(6) });
      case 'filter':
        return void reply('Success', 'Filter added successfully');
      case 'events':
        return void reply('Success', 'Events On', { Events: 'On' });
      case 'coresettings':
        return void reply('Success', '', { AMIversion: '9.0.0', AsteriskVersion: '22.0-scripted' });
      case 'coreshowchannels':
        return list(this.#live.list(), 'CoreShowChannel', 'CoreShowChannelsComplete');
      case 'status':
        return list(this.#live.list(), 'Status', 'StatusComplete');
      case 'queuestatus':
        return list([], 'QueueParams', 'QueueStatusComplete');
      case 'bridgelist':
        return list([], 'BridgeListItem', 'BridgeListComplete');
      case 'devicestatelist':
        return list(this.#live.devices(), 'DeviceStateChange', 'DeviceStateListComplete');
      case 'originate': {
        if (this.#live.originate === undefined) break;
        const refusal = this.#live.originate(action);
        return void reply(refusal === null ? 'Success' : 'Error', refusal ?? 'Originate successfully queued');
      }
      case 'logoff':
        reply('Goodbye', 'Thanks for all the fish.');
        return void socket.end();
    }
    reply('Error', 'Invalid/unknown command');
  }
}

function packetOf(fields: AmiFields): string {
  const lines = Object.entries(fields).map(([key, value]) => `${key}: ${String(value).replace(/[\r\n]/g, ' ')}\r\n`);
  return `${lines.join('')}\r\n`;
}

function actionOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return new Map(pairs);
}
