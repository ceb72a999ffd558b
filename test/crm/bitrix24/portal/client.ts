import type { Portal } from '../../../support/bitrix24/portal.ts';
import { type Fields, writeForm } from '../../../support/bitrix24/values.ts';

/** What a call was answered. */
export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the portal answers
  readonly body: any;
}

/** A bare caller of the portal, for its own tests. */
export class PortalClient {
  readonly #portal: Portal;
  readonly #hook: string | null;
  token = '';
  refreshToken = '';

  /** `hook`: `user/secret`; without it the application calls. */
  constructor(portal: Portal, hook: string | null = null) {
    this.#portal = portal;
    this.#hook = hook;
  }

  /** Gets tokens for the portal's application. */
  async logIn(userId = 1): Promise<this> {
    const { app } = this.#portal.core.options;
    const code = this.#portal.auth.code(app?.clientId ?? '', userId);
    const { body } = await this.oauth({ grant_type: 'authorization_code', code });
    this.token = body.access_token;
    this.refreshToken = body.refresh_token;
    return this;
  }

  async oauth(more: Readonly<Record<string, string>>): Promise<Reply> {
    const { clientId = '', clientSecret = '' } = this.#portal.core.options.app ?? {};
    const query = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...more });
    const answer = await fetch(`${this.#portal.root}/oauth/token/?${query}`);
    return { status: answer.status, body: await answer.json() };
  }

  /** Calls a method with a JSON body. */
  async call(method: string, parameters: Fields = {}): Promise<Reply> {
    return this.#send(method, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...(this.#hook === null ? { auth: this.token } : {}), ...parameters }),
    });
  }

  /** Calls a method with a form body. */
  async form(method: string, parameters: Fields = {}): Promise<Reply> {
    return this.#send(method, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: writeForm({ ...(this.#hook === null ? { auth: this.token } : {}), ...parameters }),
    });
  }

  async #send(method: string, request: RequestInit): Promise<Reply> {
    const path = this.#hook === null ? method : `${this.#hook}/${method}`;
    const answer = await fetch(`${this.#portal.root}/rest/${path}`, request);
    return { status: answer.status, body: await answer.json() };
  }

  /** Calls a method and returns its result; throws on an error. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the portal answers
  async result(method: string, parameters: Fields = {}): Promise<any> {
    const { body } = await this.call(method, parameters);
    if ('error' in body) throw new Error(`${method}: ${body.error} ${body.error_description}`);
    return body.result;
  }
}
