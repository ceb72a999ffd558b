import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

const certificates = new URL('../fixtures/tls/', import.meta.url);
/** The self-signed certificate for 127.0.0.1 that the server presents over TLS. */
export const testCertificate = readFileSync(new URL('test-pbx.crt', certificates), 'utf8');

/** A scripted AMI server that the test controls step by step. It records every action it receives. */
export class AmiTestServer {
  /** Actions received over all connections, header names in lower case. */
  readonly actions: ReadonlyMap<string, string>[] = [];
  /** Answers an action; null means no answer. By default every action gets `Success`. */
  answer: (action: ReadonlyMap<string, string>) => string | null = (action) => success(action);
  readonly #server: Server;
  #socket: Socket | null = null;

  constructor(greeting = 'Asterisk Call Manager/9.0.0\r\n', { tls = false }: { readonly tls?: boolean } = {}) {
    const take = (socket: Socket) => {
      this.#socket = socket;
      socket.on('error', () => socket.destroy());
      socket.write(greeting);
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
        for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
          this.#take(socket, text.slice(0, end));
          text = text.slice(end + 4);
        }
      });
    };
    const key = () => readFileSync(new URL('test-pbx.key', certificates));
    this.#server = tls ? createTlsServer({ cert: testCertificate, key: key() }, take) : createServer(take);
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as { port: number }).port;
  }

  /** Sends raw bytes on the newest connection. */
  say(text: string | Buffer): void {
    this.#socket?.write(text);
  }

  /** Cuts the newest connection. */
  cut(): void {
    this.#socket?.destroy();
  }

  async close(): Promise<void> {
    this.#socket?.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(socket: Socket, text: string): void {
    const action = new Map(
      text.split('\r\n').map((line) => {
        const colon = line.indexOf(': ');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)] as const;
      }),
    );
    this.actions.push(action);
    const answer = this.answer(action);
    if (answer !== null) socket.write(answer);
  }
}

/** `Response: Success` to an action. */
export function success(action: ReadonlyMap<string, string>, more = ''): string {
  return `Response: Success\r\nActionID: ${action.get('actionid')}\r\nMessage: ok\r\n${more}\r\n`;
}

/** A PBX without calls: lists are empty, every other action succeeds. */
export function emptyLists(action: ReadonlyMap<string, string>): string {
  const name = action.get('action') ?? '';
  const complete = { CoreShowChannels: 'CoreShowChannelsComplete', DeviceStateList: 'DeviceStateListComplete' }[name];
  if (complete === undefined) return success(action);
  const end = `Event: ${complete}\r\nActionID: ${action.get('actionid')}\r\nEventList: Complete\r\nListItems: 0\r\n\r\n`;
  return success(action, 'EventList: start\r\n') + end;
}
