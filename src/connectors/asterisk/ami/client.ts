import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { ConnectionHealth } from '../../../domain/ports/connection-state.ts';
import { backoffDelay } from '../../../runtime/backoff.ts';
import type { Logger } from '../../../runtime/log.ts';
import { sleep } from '../../../runtime/sleep.ts';
import { type AmiHeaders, encodeAction } from './action.ts';
import { AmiError } from './errors.ts';
import type { AmiMessage } from './message.ts';
import { AmiParser } from './parser.ts';
import { type AmiList, PendingActions, startDeadline } from './pending.ts';

/** Options of {@link AmiClient}. Times are in milliseconds. */
export interface AmiOptions {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly secret: string;
  /** TLS settings of Node, or false for plain TCP. */
  readonly tls: ConnectionOptions | false;
  /** Event classes of the login (`call,system`). */
  readonly eventMask: string;
  /** `Filter` values sent after the login, so that the PBX does not send other events. */
  readonly filters?: readonly string[];
  /** Names of the wanted events; others are dropped before their headers are parsed. */
  readonly events?: ReadonlySet<string>;
  readonly connectTimeout?: number;
  readonly actionTimeout?: number;
  /** Silence after which a `Ping` is sent. Without an answer within `actionTimeout`, the connection is closed. */
  readonly pingInterval?: number;
  readonly backoff?: { readonly min: number; readonly max: number };
  /** Wait after a refused login. Retrying fast would only lock the account. */
  readonly refusedDelay?: number;
  /** Random numbers in [0, 1) and the wait between two connections, replaceable in tests. */
  readonly random?: () => number;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
}

/** Callbacks of {@link AmiClient}. `onReady` runs after each connect; events keep arriving in order while it runs. */
export interface AmiHandlers {
  onEvent(event: AmiMessage): void;
  onReady(client: AmiClient): Promise<void> | void;
  onState(health: ConnectionHealth, reason: string | null): void;
  /** The connection was lost; events of the PBX are missed from now on. */
  onDrop?(): void;
}

const limits = { actions: 1000, listBytes: 64 * 1024 * 1024 };
const maxBacklogBytes = 1024 * 1024;

/**
 * A manager connection that keeps itself alive: it connects, logs in, sets filters, checks with pings, and reconnects after a
 * drop. Actions in flight at a drop are rejected and never sent again, because an `Originate` must not ring twice.
 */
export class AmiClient {
  readonly #options: AmiOptions;
  readonly #handlers: AmiHandlers;
  #stopping = new AbortController();
  #running: Promise<void> | null = null;
  #socket: Socket | null = null;
  #pending: PendingActions | null = null;
  #serial = 0;

  constructor(options: AmiOptions, handlers: AmiHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  /** Starts connecting. Problems are reported as states. */
  start(): void {
    if (this.#running !== null) return;
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Closes the connection and rejects the actions in flight. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#socket?.destroy();
    await this.#running;
    this.#running = null;
  }

  /**
   * Sends an action and waits for its answer. Rejects with an {@link AmiError}, whose `sent` says whether the action may have had
   * an effect. `mark` is appended to the ActionID, so that later events can be assigned to the action.
   */
  async action(name: string, headers: AmiHeaders = {}, timeout?: number, mark?: string): Promise<AmiMessage> {
    return (await this.#send(name, headers, false, timeout, mark)).response;
  }

  /** Sends an action that is answered with a list, and collects the whole list. */
  list(name: string, headers: AmiHeaders = {}, timeout?: number): Promise<AmiList> {
    return this.#send(name, headers, true, timeout);
  }

  async #send(
    name: string,
    headers: AmiHeaders,
    list: boolean,
    timeout = this.#options.actionTimeout ?? 10_000,
    mark?: string,
  ): Promise<AmiList> {
    const socket = this.#socket;
    const pending = this.#pending;
    if (socket === null || pending === null)
      throw new AmiError('not-connected', `no connection to the PBX; ${name} was not sent`);
    if (socket.writableLength > maxBacklogBytes)
      throw new AmiError('overloaded', `the PBX does not read; ${name} was not sent`);
    this.#serial += 1;
    const actionId = `patchbay-${process.pid}-${this.#serial}${mark === undefined ? '' : `-${mark}`}`;
    const text = encodeAction(name, actionId, headers);
    const answer = pending.expect(actionId, name, list, timeout);
    socket.write(text);
    return answer;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { backoff = { min: 500, max: 30_000 }, refusedDelay = 60_000, random, wait = sleep, log } = this.#options;
    let attempt = 0;
    while (!signal.aborted) {
      this.#handlers.onState('connecting', null);
      const outcome = await this.#connection(signal);
      if (signal.aborted) break;
      // A restarting PBX drops all its clients at once, so even the first wait is random.
      attempt = outcome.wasReady ? 1 : attempt + 1;
      const refused = outcome.error.code === 'login-refused';
      this.#handlers.onState('failed', outcome.error.message);
      log.warn({ code: outcome.error.code, reason: outcome.error.message }, 'the AMI connection ended');
      await wait(refused ? refusedDelay : backoffDelay(attempt, backoff, random), signal);
    }
    this.#handlers.onState('stopped', null);
  }

  /** Runs one connection. Never rejects; resolves with the reason for its end, and whether it had become ready. */
  #connection(signal: AbortSignal): Promise<{ error: AmiError; wasReady: boolean }> {
    return new Promise((resolve) => {
      const { host, port, tls, log } = this.#options;
      // SNI is allowed for host names only. The certificate is verified against an IP address, too.
      const name = isIP(host) === 0 ? { servername: host } : {};
      const socket = tls === false ? connectTcp({ host, port }) : connectTls({ host, port, ...name, ...tls });
      const pending = new PendingActions(limits);
      let wasReady = false;
      let loggedIn = false;
      let heardAt = Date.now();
      let ended = false;
      const cancelConnect = startDeadline(this.#options.connectTimeout ?? 10_000, () =>
        end(new AmiError('timed-out', `no greeting from ${host}:${port} within the connect timeout; is it AMI?`)),
      );
      const watchdog = setInterval(() => {
        if (!loggedIn || Date.now() - heardAt < (this.#options.pingInterval ?? 20_000)) return;
        this.action('Ping').catch(() =>
          end(new AmiError('timed-out', 'the PBX does not answer a Ping; the connection is dead')),
        );
      }, this.#options.pingInterval ?? 20_000);
      const end = (error: AmiError) => {
        if (ended) return;
        ended = true;
        cancelConnect();
        clearInterval(watchdog);
        parser.close();
        socket.destroy();
        if (this.#socket === socket) {
          this.#socket = null;
          this.#pending = null;
        }
        pending.rejectAll(error.message);
        if (loggedIn) this.#handlers.onDrop?.();
        resolve({ error, wasReady });
      };
      const parser = new AmiParser({
        ...(this.#options.events !== undefined && { events: this.#options.events }),
        onGreeting: () => {
          cancelConnect();
          this.#socket = socket;
          this.#pending = pending;
          this.#login()
            .then(() => {
              loggedIn = true;
              return this.#handlers.onReady(this);
            })
            .then(() => {
              if (ended) return;
              wasReady = true;
              this.#handlers.onState('ready', null);
            })
            .catch((error: unknown) => end(asAmiError(error)));
        },
        onMessage: (message) => {
          if (!pending.take(message) && message.kind === 'event') this.#handlers.onEvent(message);
        },
      });
      socket.setNoDelay(true);
      socket.on('data', (chunk: Buffer) => {
        heardAt = Date.now();
        try {
          parser.push(chunk);
        } catch (error) {
          end(asAmiError(error));
        }
      });
      socket.on('error', (error) => end(new AmiError('dropped', unreachable(`${host}:${port}`, error))));
      socket.on('close', () => end(new AmiError('dropped', `the PBX at ${host}:${port} closed the connection`)));
      signal.addEventListener('abort', () => end(new AmiError('stopped', 'stopped')), { once: true });
      log.debug({ host, port }, 'connecting to AMI');
    });
  }

  async #login(): Promise<void> {
    const { username, secret, eventMask, filters = [] } = this.#options;
    try {
      await this.action('Login', { Username: username, Secret: secret, Events: eventMask });
    } catch (error) {
      if (!(error instanceof AmiError) || error.code !== 'action-refused') throw error;
      const answer = error.response?.fields.Message ?? 'no reason given';
      throw new AmiError(
        'login-refused',
        `the PBX refused the login (${answer}); check ami.username and ami.secret against manager.conf, and its permit/deny lines`,
      );
    }
    try {
      for (const filter of filters) await this.action('Filter', { Operation: 'Add', Filter: filter });
    } catch (error) {
      // `Filter` needs the right `system`, which a careful manager.conf does not grant. Its eventfilter lines do the same.
      if (!(error instanceof AmiError) || error.code !== 'action-refused') throw error;
      this.#options.log.info(
        'the PBX does not allow filtering events; add eventfilter lines to manager.conf for less traffic',
      );
    }
  }
}

function asAmiError(error: unknown): AmiError {
  return error instanceof AmiError
    ? error
    : new AmiError('protocol', error instanceof Error ? error.message : String(error));
}

function unreachable(place: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ECONNREFUSED'
    ? `nothing listens at ${place}: does Asterisk run, and has manager.conf [general] enabled=yes with this port and a bindaddr that is reached from here?`
    : `connection to ${place}: ${error.message}`;
}
