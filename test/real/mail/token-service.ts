import { type Answered, type Asked, ScriptedService } from '../../support/scripted-service.ts';

/** A scripted OAuth service: issues access tokens for a refresh token (RFC 6749, 6) and verifies them for servers (RFC 7662). */
export class TokenService {
  readonly refreshToken = '1//refresh';
  /** Issued access tokens in order, and the valid ones. */
  readonly issued: string[] = [];
  readonly #holding = new Map<string, string>();
  readonly #user: string;
  readonly #service = new ScriptedService((asked) => this.#answer(asked));
  /** Introspection fails, or reports every token as invalid. */
  judging: 'well' | 'not' | 'refusing' = 'well';
  url = '';
  #revoked = false;

  /** `user`: whose mailbox the tokens open. */
  constructor(user = 'sales') {
    this.#user = user;
  }

  /** URL for introspection. */
  get introspection(): string {
    return `${this.url}/introspect`;
  }

  async open(): Promise<void> {
    this.url = await this.#service.listen();
  }

  close(): Promise<void> {
    return this.#service.close();
  }

  /** Issues a token, for another mailbox too. */
  issue(user = this.#user): string {
    const token = `token-${this.issued.length + 1}`;
    this.issued.push(token);
    this.#holding.set(token, user);
    return token;
  }

  /** Whose mailbox a token opens; null if it is invalid. */
  ownerOf(token: string): string | null {
    return this.#holding.get(token) ?? null;
  }

  /** Invalidates all tokens, whatever their stated lifetime. */
  expire(): void {
    this.#holding.clear();
  }

  /** The mailbox owner revokes the consent: tokens become invalid, and no new one is issued. */
  revoke(): void {
    this.#revoked = true;
    this.expire();
  }

  /** The owner consents again. */
  consent(): void {
    this.#revoked = false;
    this.judging = 'well';
  }

  #answer({ method, path, headers, body }: Asked): Answered {
    const form = new URLSearchParams(body.toString());
    const refuse = (error: string): Answered => ({ status: 400, body: JSON.stringify({ error }) });
    if (method !== 'POST' || headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true)
      return refuse('invalid_request');
    if (path === '/introspect') {
      if (this.judging === 'not') return { status: 503, body: '' };
      const username = this.judging === 'well' ? this.ownerOf(form.get('token') ?? '') : null;
      return { body: JSON.stringify({ active: username !== null, ...(username !== null && { username }) }) };
    }
    if (path !== '/token' || form.get('grant_type') !== 'refresh_token') return refuse('unsupported_grant_type');
    if (form.get('client_id') !== 'app') return refuse('invalid_client');
    if (this.#revoked || form.get('refresh_token') !== this.refreshToken) return refuse('invalid_grant');
    const answer = { access_token: this.issue(), token_type: 'Bearer', expires_in: 3600 };
    return { body: JSON.stringify(answer) };
  }
}
