import { AsyncLocalStorage } from 'node:async_hooks';
import type { Authorisation } from '../auth.ts';
import type { PortalCore } from '../core.ts';
import type { AppOptions } from '../options.ts';
import type { BoundEvent } from '../state.ts';
import { type Fields, isFields, textOf, writeForm } from '../values.ts';

/** `auth_connector` of the call that is running: its changes are not queued for the same connector. */
export const actingConnector = new AsyncLocalStorage<string>();

const timeoutMs = 5000;
/** Marks the handlers of outgoing webhooks, which have a token instead of an application. */
const outgoing = 'outgoing:';

/** Posts online events once, without retries, and queues offline events. */
export class EventBus {
  readonly #core: PortalCore;
  readonly #auth: Authorisation;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(core: PortalCore, auth: Authorisation) {
    this.#core = core;
    this.#auth = auth;
  }

  /** Raises an event for all handlers that are bound to it. */
  raise(event: string, data: Fields, userId: number): void {
    const connector = actingConnector.getStore() ?? '';
    for (const bound of this.#core.state.bound.filter((one) => one.event === event)) {
      if (!bound.isOffline) this.#post(bound, data, bound.userId ?? userId);
      else if (bound.connector === '' || bound.connector !== connector) this.#queue(bound, data);
    }
  }

  /** Waits until all online events so far have been posted. */
  async posted(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Posts `ONAPPINSTALL` to the install handler, with the first tokens. Resolves with the HTTP status; 0 if unreachable. */
  async install(app: AppOptions, handler: string, userId: number): Promise<number> {
    const { expires, user_id, ...tokens } = this.#auth.issue(app, userId);
    const auth = { ...tokens, domain: this.domain, application_token: this.#auth.applicationToken(app.clientId) };
    const data = { VERSION: '1', ACTIVE: 'Y', INSTALLED: 'Y', LANGUAGE_ID: 'ru' };
    return this.#send(handler, { event: 'ONAPPINSTALL', data, ts: this.#seconds(), auth });
  }

  /** The portal's host. */
  get domain(): string {
    return new URL(this.#core.root).host;
  }

  #seconds(): string {
    return String(Math.floor(this.#core.clock.now() / 1000));
  }

  #post(bound: BoundEvent, data: Fields, userId: number): void {
    const app = this.#auth.app(bound.app);
    const isOutgoing = bound.app.startsWith(outgoing);
    if (app === null && !isOutgoing) return;
    const tokens =
      app === null
        ? {}
        : {
            access_token: this.#auth.shortToken(app, userId),
            expires_in: '3600',
            scope: app.scopes.join(','),
            user_id: String(userId),
          };
    const auth = {
      ...tokens,
      domain: this.domain,
      server_endpoint: `${this.#core.root}/oauth/rest/`,
      status: 'L',
      client_endpoint: `${this.#core.root}/rest/`,
      member_id: this.#auth.memberId,
      application_token: isOutgoing ? bound.app.slice(outgoing.length) : this.#auth.applicationToken(bound.app),
    };
    const { event, handler } = bound;
    const body = { event, event_handler_id: String(bound.id), data, ts: this.#seconds(), auth };
    const sent: Promise<unknown> = this.#send(handler, body).finally(() => this.#underWay.delete(sent));
    this.#underWay.add(sent);
  }

  async #send(handler: string, body: Fields): Promise<number> {
    let status = 0;
    try {
      const answer = await fetch(handler, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: writeForm(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.arrayBuffer();
      status = answer.status;
    } catch {
      // The event is lost, as in the real portal.
    }
    this.#core.state.posted.push({ event: textOf(body.event) ?? '', handler, status });
    return status;
  }

  /** The queue holds one unreserved record per changed object, with the latest time. */
  #queue(bound: BoundEvent, data: Fields): void {
    const { state, clock } = this.#core;
    const object = objectOf(data);
    const waiting =
      object === null
        ? undefined
        : state.offline.find(
            (one) =>
              one.app === bound.app &&
              one.connector === bound.connector &&
              one.event === bound.event &&
              one.processId === null &&
              objectOf(one.data) === object,
          );
    if (waiting !== undefined) {
      waiting.at = clock.now();
      waiting.data = data;
    } else
      state.offline.push({
        id: this.#core.nextId('offline'),
        event: bound.event,
        app: bound.app,
        connector: bound.connector,
        messageId: this.#core.token('message'),
        at: clock.now(),
        data,
        processId: null,
        isFailed: false,
      });
    for (const listener of state.bound)
      if (listener.event === 'ONOFFLINEEVENT' && !listener.isOffline && listener.app === bound.app)
        this.#post(listener, {}, listener.userId ?? 1);
  }
}

function objectOf(data: Fields): string | null {
  return isFields(data.FIELDS) ? textOf(data.FIELDS.ID) : null;
}
