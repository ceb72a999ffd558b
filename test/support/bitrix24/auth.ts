import { timingSafeEqual } from 'node:crypto';
import type { PortalCore } from './core.ts';
import { PortalError, systemErrors } from './errors.ts';
import type { Authority, Scope } from './method.ts';
import type { AppOptions, WebhookOptions } from './options.ts';
import type { Fields } from './values.ts';

const accessMs = 3600_000;
const refreshMs = 180 * 24 * 3600_000;
const codeMs = 30_000;

interface Grant {
  readonly app: AppOptions;
  readonly userId: number;
  readonly until: number;
}

/** Inbound webhooks, and the OAuth server with its codes and tokens. */
export class Authorisation {
  readonly #core: PortalCore;
  readonly #webhooks: WebhookOptions[];
  readonly #apps = new Map<string, AppOptions>();
  readonly #codes = new Map<string, Grant>();
  readonly #access = new Map<string, Grant>();
  readonly #refresh = new Map<string, Grant>();
  /** Stays the same when the portal's domain changes. */
  readonly memberId: string;
  /** How often tokens were refreshed. */
  refreshes = 0;

  constructor(core: PortalCore) {
    this.#core = core;
    this.#webhooks = [...(core.options.webhooks ?? [])];
    const { app } = core.options;
    if (app !== undefined) this.#apps.set(app.clientId, app);
    this.memberId = core.token('member');
  }

  /** The token by which an application recognises events of its portal. */
  applicationToken(clientId: string): string {
    return this.#core.digest(`application ${clientId}`);
  }

  app(clientId: string): AppOptions | null {
    return this.#apps.get(clientId) ?? null;
  }

  addApp(app: AppOptions): void {
    this.#apps.set(app.clientId, app);
  }

  addWebhook(webhook: WebhookOptions): void {
    this.#webhooks.push(webhook);
  }

  /** An administrator deletes a webhook. */
  removeWebhook(secret: string): void {
    const at = this.#webhooks.findIndex((one) => one.secret === secret);
    if (at >= 0) this.#webhooks.splice(at, 1);
  }

  /** An administrator uninstalls the application: all its tokens end. */
  revoke(clientId: string): void {
    for (const grants of [this.#codes, this.#access, this.#refresh])
      for (const [token, { app }] of grants) if (app.clientId === clientId) grants.delete(token);
  }

  byWebhook(userId: number, secret: string): Authority {
    const found = this.#webhooks.find((one) => one.userId === userId && isEqual(one.secret, secret));
    const user = this.#core.activeUser({ id: userId });
    if (found === undefined || user === null) throw systemErrors.noAuth();
    return { user, scopes: new Set<Scope>(['basic', ...found.scopes]), app: null, source: `webhook:${found.secret}` };
  }

  byToken(token: string): Authority {
    const grant = this.#access.get(token);
    if (grant === undefined) throw systemErrors.noAuth();
    if (grant.until <= this.#core.clock.now()) throw systemErrors.expired();
    const user = this.#core.activeUser({ id: grant.userId });
    if (user === null) throw systemErrors.noAuth();
    const { clientId, scopes } = grant.app;
    return { user, scopes: new Set<Scope>(['basic', ...scopes]), app: clientId, source: `app:${clientId}` };
  }

  /** A code as the consent page gives it; lives 30 s and works once. */
  code(clientId: string, userId: number): string {
    const app = this.#apps.get(clientId);
    if (app === undefined) throw new Error(`unknown application ${clientId}`);
    const code = this.#core.token('code');
    this.#codes.set(code, { app, userId, until: this.#core.clock.now() + codeMs });
    return code;
  }

  /** Answers `/oauth/token/`. */
  token(query: URLSearchParams): Fields {
    const app = this.#apps.get(query.get('client_id') ?? '');
    if (app === undefined || !isEqual(app.clientSecret, query.get('client_secret') ?? ''))
      throw new PortalError(401, 'invalid_client', 'Invalid client');
    const grantType = query.get('grant_type');
    const [grants, token] =
      grantType === 'authorization_code'
        ? [this.#codes, query.get('code')]
        : grantType === 'refresh_token'
          ? [this.#refresh, query.get('refresh_token')]
          : [null, null];
    if (grants === null || token === null || token === '')
      throw new PortalError(400, 'invalid_request', 'Invalid request');
    const grant = grants.get(token);
    if (grant === undefined || grant.app.clientId !== app.clientId || grant.until <= this.#core.clock.now())
      throw new PortalError(400, 'invalid_grant', 'Invalid grant');
    if (grants === this.#refresh && this.#isTooEarly(grant))
      throw new PortalError(400, 'invalid_grant', 'Invalid grant');
    grants.delete(token);
    if (grants === this.#refresh) this.refreshes += 1;
    return this.issue(app, grant.userId);
  }

  /** Whether the access token that came with a refresh token is still valid. */
  #isTooEarly({ until }: Grant): boolean {
    if (this.#core.options.earlyRefresh !== false) return false;
    return this.#core.clock.now() < until - refreshMs + accessMs;
  }

  /** A new pair of tokens. */
  issue(app: AppOptions, userId: number): Fields {
    const now = this.#core.clock.now();
    const [access, refresh] = [this.#core.token('access'), this.#core.token('refresh')];
    this.#access.set(access, { app, userId, until: now + accessMs });
    this.#refresh.set(refresh, { app, userId, until: now + refreshMs });
    return {
      access_token: access,
      expires: Math.floor((now + accessMs) / 1000),
      expires_in: accessMs / 1000,
      scope: app.scopes.join(','),
      domain: 'oauth.bitrix.info',
      server_endpoint: `${this.#core.root}/oauth/rest/`,
      status: 'L',
      client_endpoint: `${this.#core.root}/rest/`,
      member_id: this.memberId,
      user_id: userId,
      refresh_token: refresh,
    };
  }

  /** An access token of a user without a refresh token, as events carry it. */
  shortToken(app: AppOptions, userId: number): string {
    const token = this.#core.token('access');
    this.#access.set(token, { app, userId, until: this.#core.clock.now() + accessMs });
    return token;
  }
}

function isEqual(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
