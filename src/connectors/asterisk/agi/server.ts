import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '../../../runtime/log.ts';
import { type NameCharset, readableLines } from '../text/readable.ts';
import type { AllowedPeers } from './allowed-peers.ts';
import { HourlyLog } from './hourly-log.ts';
import { type AgiRequest, parseEnvironment } from './request.ts';

/** Options of {@link AgiServer}. Times are in milliseconds. */
export interface AgiServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Limit of simultaneous connections. Beyond it, the longest idle connection is closed. */
  readonly maxConnections?: number;
  /** Allowed peers; everybody by default. */
  readonly peers?: AllowedPeers;
  /** How long a connection may take to send its environment. */
  readonly environmentDeadline?: number;
  /** How long the PBX may take to read the answer and close the connection. */
  readonly sessionDeadline?: number;
  readonly maxEnvironmentBytes?: number;
  /** Charset of values that are not UTF-8; guessed by default. */
  readonly charset?: NameCharset;
  readonly log: Logger;
}

/** Returns the AGI commands that answer a request. If it throws, the connection is closed and the dialplan follows its default. */
export type AgiHandler = (request: AgiRequest) => readonly string[];

/** Counters since the start of the server. */
export interface AgiStats {
  readonly connections: number;
  readonly sessions: number;
  /** Connections closed because the environment was invalid, too long or too late. */
  readonly refused: number;
  /** Idle connections closed to admit new ones. */
  readonly evicted: number;
  /** Connections from peers that are not allowed. */
  readonly denied: number;
}

/** A FastAGI server. It reads Asterisk's environment, sends the handler's commands, and withstands any other kind of client. */
export class AgiServer {
  readonly #options: AgiServerOptions;
  readonly #handler: AgiHandler;
  readonly #server: Server;
  /** Connections whose environment has not arrived yet, oldest first. */
  readonly #waiting = new Set<Socket>();
  readonly #all = new Set<Socket>();
  readonly #deniedLog: HourlyLog;
  readonly #refusedLog: HourlyLog;
  #stats = { sessions: 0, refused: 0, evicted: 0, denied: 0 };

  constructor(options: AgiServerOptions, handler: AgiHandler) {
    this.#options = options;
    this.#handler = handler;
    this.#deniedLog = new HourlyLog((address) =>
      options.log.warn({ address }, 'FastAGI closed a connection from an address that is not in agi.allow'),
    );
    this.#refusedLog = new HourlyLog((address) =>
      options.log.warn(
        { address },
        'FastAGI closed a connection that sent no environment like that of Asterisk in time',
      ),
    );
    this.#server = createServer({ noDelay: true }, (socket) => void this.#accept(socket));
  }

  /** Resolves with the port it listens on. Rejects if it can't listen. */
  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: this.#options.host, port: this.#options.port, backlog: 1024 }, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) =>
          this.#options.log.error({ err: error }, 'the FastAGI server can not accept connections'),
        );
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  /** Stops listening and closes all connections. Safe to call twice. */
  stop(): Promise<void> {
    for (const socket of this.#all) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  get stats(): AgiStats {
    return { ...this.#stats, connections: this.#all.size };
  }

  async #accept(socket: Socket): Promise<void> {
    this.#makeRoom();
    this.#all.add(socket);
    this.#waiting.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#all.delete(socket);
      this.#waiting.delete(socket);
    });
    const address = socket.remoteAddress ?? '';
    const { peers } = this.#options;
    if (peers !== undefined && !(await peers.admits(socket))) {
      this.#stats.denied += 1;
      socket.destroy();
      this.#deniedLog.note(address);
    } else if (!socket.destroyed) this.#read(socket);
  }

  #read(socket: Socket): void {
    const limit = this.#options.maxEnvironmentBytes ?? 64 * 1024;
    let text = '';
    const address = socket.remoteAddress ?? '';
    const refuse = () => {
      this.#stats.refused += 1;
      socket.destroy();
      this.#refusedLog.note(address);
    };
    let deadline = setTimeout(refuse, this.#options.environmentDeadline ?? 5000);
    const read = (chunk: string) => {
      const from = Math.max(0, text.length - 1);
      text += chunk;
      // Invalid input is recognised by its first bytes, so there is no need to wait for the rest.
      if (text.length > limit || (text.length >= 4 && !text.startsWith('agi_'))) return refuse();
      const end = text.indexOf('\n\n', from);
      if (end === -1) return;
      const request = parseEnvironment(readableLines(text.slice(0, end), this.#options.charset ?? 'auto'));
      if (request === null) return refuse();
      clearTimeout(deadline);
      deadline = setTimeout(() => socket.destroy(), this.#options.sessionDeadline ?? 10_000);
      socket.off('data', read);
      this.#waiting.delete(socket);
      this.#stats.sessions += 1;
      this.#answer(socket, request);
    };
    // A byte a character until all of it has arrived: each line may be in another charset.
    socket.setEncoding('latin1');
    socket.on('close', () => clearTimeout(deadline));
    socket.on('data', read);
  }

  /**
   * Sends all commands in one write, and ends our side of the connection. Asterisk polls the socket but reads it through a
   * buffered stream, so commands sent ahead would stay in its buffer until more data arrives. An ended socket polls as readable
   * until the last line has been read (tested with 16 and 22). Asterisk's answers are read and discarded: closing a socket with
   * unread data would reset the connection.
   */
  #answer(socket: Socket, request: AgiRequest): void {
    socket.resume();
    try {
      socket.end(this.#handler(request).join(''));
    } catch (error) {
      this.#options.log.error({ err: error }, 'a FastAGI request could not be answered');
      socket.destroy();
    }
  }

  /** Closes the longest idle connection at the limit, so that thousands of idle connections can't lock callers out. */
  #makeRoom(): void {
    if (this.#all.size < (this.#options.maxConnections ?? 10_000)) return;
    const [oldest] = this.#waiting.size > 0 ? this.#waiting : this.#all;
    if (oldest === undefined) return;
    this.#stats.evicted += 1;
    this.#waiting.delete(oldest);
    oldest.destroy();
    this.#all.delete(oldest);
  }
}
