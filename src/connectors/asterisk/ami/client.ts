import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Reason } from '../../../domain/base/reason.ts';
import type { ConnectionHealth } from '../../../domain/ports/connection-state.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { backoffDelay } from '../../../runtime/backoff.ts';
import type { Logger } from '../../../runtime/log.ts';
import { sleep } from '../../../runtime/sleep.ts';
import type { NameCharset } from '../text/readable.ts';
import { type AmiHeaders, encodeAction } from './action.ts';
import { AmiEnd, AmiError, endOf } from './errors.ts';
import type { AmiMessage } from './message.ts';
import { paceReading } from './paced-reading.ts';
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
  /** Charset of values that are not UTF-8; guessed by default. */
  readonly charset?: NameCharset;
  readonly connectTimeout?: number;
  readonly actionTimeout?: number;
  /** Silence after which a `Ping` is sent. Without an answer within `actionTimeout`, the connection is closed. */
  readonly pingInterval?: number;
  /** Time between two reads while the PBX is busy; 5 by default. */
  readonly readPace?: number;
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
  onState(health: ConnectionHealth, reason: Reason | null): void;
  /** The connection is gone; what the PBX does from now on is not seen. */
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
      this.#handlers.onState('failed', outcome.error.reason);
      log.warn({ code: outcome.error.code, reason: outcome.error.message }, 'the AMI connection ended');
      await wait(refused ? refusedDelay : backoffDelay(attempt, backoff, random), signal);
    }
    this.#handlers.onState('stopped', null);
  }

  /** One connection from the first byte to the last. Never rejects: tells why it ended and whether it had been of use. */
  #connection(signal: AbortSignal): Promise<{ error: AmiEnd; wasReady: boolean }> {
    return new Promise((resolve) => {
      const { host, port, tls, log } = this.#options;
      const place = `${host}:${port}`;
      // Only names may be asked for by name (SNI); the certificate is held against the address all the same.
      const name = isIP(host) === 0 ? { servername: host } : {};
      const socket = tls === false ? connectTcp({ host, port }) : connectTls({ host, port, ...name, ...tls });
      const pending = new PendingActions(limits);
      let wasReady = false;
      let loggedIn = false;
      let heardAt = Date.now();
      let ended = false;
      const cancelConnect = startDeadline(this.#options.connectTimeout ?? 10_000, () =>
        end(new AmiEnd('timed-out', reason('pbxNoGreeting', { place }))),
      );
      const watchdog = setInterval(() => {
        if (!loggedIn || Date.now() - heardAt < (this.#options.pingInterval ?? 20_000)) return;
        this.action('Ping').catch(() => end(new AmiEnd('timed-out', reason('pbxSilent'))));
      }, this.#options.pingInterval ?? 20_000);
      const end = (error: AmiEnd) => {
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
        ...(this.#options.charset !== undefined && { charset: this.#options.charset }),
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
            .catch((error: unknown) => end(endOf(error)));
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
          end(endOf(error));
        }
      });
      paceReading(socket, this.#options.readPace ?? 5, () => !loggedIn || pending.size > 0);
      socket.on('error', (error) => end(unreachable(place, error)));
      socket.on('close', () => end(new AmiEnd('dropped', reason('pbxClosed', { place }))));
      signal.addEventListener('abort', () => end(endOf(new AmiError('stopped', 'stopped'))), { once: true });
      log.debug({ host, port }, 'connecting to AMI');
    });
  }

  async #login(): Promise<void> {
    const { username, secret, eventMask, filters = [] } = this.#options;
    try {
      await this.action('Login', { Username: username, Secret: secret, Events: eventMask });
    } catch (error) {
      if (!(error instanceof AmiError) || error.code !== 'action-refused') throw error;
      throw new AmiEnd('login-refused', reason('pbxLoginRefused', { said: error.response?.fields.Message }));
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

function unreachable(place: string, error: NodeJS.ErrnoException): AmiEnd {
  const refused = error.code === 'ECONNREFUSED';
  const why = refused ? reason('pbxNotListening', { place }) : reason('pbxUnreachable', { place, said: error.message });
  return new AmiEnd('dropped', why);
}
