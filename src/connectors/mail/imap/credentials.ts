import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { reason } from '../../../domain/reasons/reasons.ts';
import { HttpClient } from '../../../runtime/http/client.ts';
import { parseJson } from '../../../runtime/http/fields.ts';
import { urlencoded } from '../../../runtime/http/json.ts';
import type { MailConfig } from '../schema.ts';
import { MailError, MailSetupError } from './trouble.ts';

/** Credentials for a mail server: a password or a token. */
export interface Credentials {
  readonly user: string;
  readonly pass?: string;
  readonly accessToken?: string;
}

const Answer = Type.Object({ access_token: Type.String({ minLength: 1 }), expires_in: Type.Optional(Type.Number()) });
const run = promisify(execFile);
/** Lifetime of a token without one of its own, and how long before its expiry it is renewed, in milliseconds. */
const defaultLifetime = 300_000;
const renewBefore = 60_000;
const timeout = 30_000;

/** Credentials of a mailbox. Tokens are fetched on demand and cached until they expire. */
export class MailCredentials {
  readonly #config: Pick<MailConfig, 'user' | 'address' | 'password' | 'oauth'>;
  #token: { readonly value: string; readonly until: number; uses: number } | null = null;
  /** The pending request, shared by all connections that wait for a token. */
  #fetching: ReturnType<typeof fetchToken> | null = null;

  constructor(config: Pick<MailConfig, 'user' | 'address' | 'password' | 'oauth'>) {
    this.#config = config;
  }

  /**
   * Resolves with the credentials. Rejects if no token can be obtained, with {@link MailSetupError} if it is refused permanently.
   * Error messages do not contain secrets.
   */
  async get(): Promise<Credentials> {
    const { oauth, password, user = this.#config.address } = this.#config;
    if (oauth === undefined) return password === undefined ? { user } : { user, pass: password };
    const token = this.#token !== null && this.#token.until > Date.now() ? this.#token : await this.#renew(oauth);
    token.uses += 1;
    return { user, accessToken: token.value };
  }

  async #renew(oauth: NonNullable<MailConfig['oauth']>) {
    this.#fetching ??= fetchToken(oauth).finally(() => {
      this.#fetching = null;
    });
    const fetched = await this.#fetching;
    if (this.#token?.value !== fetched.value) this.#token = { ...fetched, uses: 0 };
    return this.#token;
  }

  /**
   * Discards a token that the server refused. Returns whether an immediate retry with a new one makes sense: a token that worked
   * before may have expired early.
   */
  forget({ accessToken }: Credentials): boolean {
    if (accessToken === undefined) return false;
    const token = this.#token;
    // Another connection has already discarded it.
    if (token?.value !== accessToken) return true;
    this.#token = null;
    return token.uses > 1;
  }
}

async function fetchToken(oauth: NonNullable<MailConfig['oauth']>): Promise<{ value: string; until: number }> {
  if ('command' in oauth) {
    const [program, ...args] = oauth.command;
    const { stdout } = await run(program ?? '', args, { timeout, maxBuffer: 65_536 }).catch(() => {
      throw new MailError(reason('tokenCommandFailed'));
    });
    const value = stdout.trim();
    if (value === '') throw new MailError(reason('tokenCommandSilent'));
    return { value, until: Date.now() + defaultLifetime };
  }
  const { tokenUrl, clientId, clientSecret, refreshToken, scope } = oauth;
  const form = urlencoded({
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: refreshToken,
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
    ...(scope !== undefined && { scope }),
  });
  const http = new HttpClient(new URL(tokenUrl).host, { timeout: timeout / 1000, largestFile: 1 });
  const { status, body } = await http.request({ method: 'POST', url: tokenUrl, ...form });
  const answer = parseJson(body);
  if (status !== 200 || !Value.Check(Answer, answer)) {
    // RFC 6749, 5.2: the refusal of a grant or client is permanent, any other error may be temporary.
    const permanent = status === 400 || status === 401;
    throw new (permanent ? MailSetupError : MailError)(reason('tokenServiceRefused', { status }));
  }
  return {
    value: answer.access_token,
    until: Date.now() + Math.max(0, (answer.expires_in ?? defaultLifetime / 1000) * 1000 - renewBefore),
  };
}
